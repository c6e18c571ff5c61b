/**
 * Puts the files that came with a message where the agent finds them. The folder is the agent's own, so nothing in it is
 * trusted: every step goes by the descriptor of the folder before it, and a link in the way is never followed.
 */
import { closeSync, constants, existsSync, lstatSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attachmentPath, mailFolderName } from '../../base/mail-files.ts';
import type { AttachmentId, MessageId } from '../../protocol/ids.ts';
import type { CarriedMessage } from '../../protocol/message.ts';

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_RDONLY, O_WRONLY } = constants;

type Deps = {
  readonly agentDir: string;
  readonly fetch: (attachmentId: AttachmentId) => Promise<Buffer>;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

export class AttachmentFiles {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  has({ id, attachments }: CarriedMessage): boolean {
    return attachments.every(({ name }) => existsSync(attachmentPath(this.#deps.agentDir, id, name)));
  }

  /** Never rejects: a file that cannot be put down is told in the log, and its message says where it was to be. */
  async put(messages: readonly CarriedMessage[]): Promise<void> {
    for (const { id: messageId, attachments } of messages) {
      for (const { id, name } of attachments) await this.#putOne(messageId, { id, name });
    }
  }

  async #putOne(messageId: MessageId, { id, name }: { readonly id: AttachmentId; readonly name: string }): Promise<void> {
    if (existsSync(attachmentPath(this.#deps.agentDir, messageId, name))) return;
    try {
      writeBelow(this.#deps.agentDir, [mailFolderName, messageId], { name, bytes: await this.#deps.fetch(id) });
    } catch (error) {
      this.#deps.log('a file of a message could not be put down', { messageId, name, why: String(error) });
    }
  }
}

type NewFile = { readonly name: string; readonly bytes: Buffer };

function writeBelow(root: string, folders: readonly string[], { name, bytes }: NewFile): void {
  const opened = [openSync(root, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)];
  try {
    let place = placeOf(opened, root);
    for (const folder of folders) {
      opened.push(enterFolder(place, folder));
      place = placeOf(opened, join(place, folder));
    }
    const file = openSync(join(place, name), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    opened.push(file);
    writeFileSync(file, bytes);
  } finally {
    for (const descriptor of opened) closeSync(descriptor);
  }
}

/** The folder that was opened last, whatever is put in its place meanwhile. Only Linux has that way, and only it a fence. */
function placeOf(opened: readonly number[], path: string): string {
  return process.platform === 'linux' ? `/proc/self/fd/${opened.at(-1)}` : path;
}

function enterFolder(place: string, folder: string): number {
  const path = join(place, folder);
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) mkdirSync(path, { mode: 0o700 });
  return openSync(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
}
