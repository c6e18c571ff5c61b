/** Files to send along, read whole and within the bounds of a message. */
import { readFileSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { AgorError, limits } from '../../protocol/errors.ts';

export type AttachmentInput = { readonly name: string; readonly base64: string };

/** Throws `tooLarge`, `notFound` or `badRequest`, naming the file. */
export function readAttachments(files: readonly string[], cwd: string): AttachmentInput[] {
  if (files.length > limits.attachmentsPerMessage)
    throw new AgorError('tooLarge', `${files.length} files are too many; a message takes ${limits.attachmentsPerMessage}.`);
  return files.map((file) => readAttachment(resolve(cwd, file)));
}

function readAttachment(path: string): AttachmentInput {
  try {
    requireUsable(path);
    return { name: basename(path), base64: readFileSync(path).toString('base64') };
  } catch (cause) {
    if (cause instanceof AgorError) throw cause;
    throw new AgorError('badRequest', `${path} cannot be read. Check its owner and mode.`, { cause });
  }
}

function requireUsable(path: string): void {
  const facts = statSync(path, { throwIfNoEntry: false });
  if (!facts) throw new AgorError('notFound', `There is no file ${path}.`);
  if (!facts.isFile()) throw new AgorError('badRequest', `${path} is not a file.`);
  if (facts.size > limits.attachmentBytes)
    throw new AgorError('tooLarge', `${path} has ${Math.ceil(facts.size / 1024)} KiB, ${limits.attachmentBytes / 1024} KiB are possible.`);
}
