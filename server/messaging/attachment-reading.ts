/** Gives out the bytes of attachments to those who may see their message. */
import { createHash } from 'node:crypto';
import { resolveReference } from '../base/resolve-reference.ts';
import { AgorError } from '../protocol/errors.ts';
import { type AgentId, PartyId } from '../protocol/ids.ts';
import type { Result } from '../protocol/requests.ts';
import type { KeptFile } from './attachment-store.ts';
import type { MessageFinder } from './message-finder.ts';
import type { Records } from './records.ts';

export class AttachmentReading {
  readonly #records: Records;
  readonly #finder: MessageFinder;

  constructor(records: Records, finder: MessageFinder) {
    this.#records = records;
    this.#finder = finder;
  }

  /** Throws `notFound` also for one of a message that is not theirs. */
  read(reference: string, as: PartyId): Result<'attachment/read'> {
    const exact = this.#records.attachments.get(reference);
    const fitting = exact ? [exact] : this.#records.attachments.fitting(reference);
    const theirs = fitting.filter(({ messageId }) => this.#mayRead(messageId, as));
    // There may be others, of which nothing is said.
    if (theirs.length === 0) throw new AgorError('notFound', `There is no attachment "${reference}" for you. Its message names it.`);
    const { id } = resolveReference('attachment', reference, theirs);
    return whole(this.#records.attachments.get(id), id);
  }

  /** For the sidecar of an agent, before it gives the message. */
  bytesFor(agentId: AgentId, reference: string): { base64: string } {
    return { base64: this.read(reference, PartyId.parse(agentId)).base64 };
  }

  #mayRead(messageId: string, as: PartyId): boolean {
    const message = this.#records.messages.get(messageId);
    return message !== undefined && this.#finder.mayRead(message, as);
  }
}

/** What the disk gave back as it was given to it. */
function whole(file: KeptFile | undefined, id: string): Result<'attachment/read'> {
  const sha256 = createHash('sha256')
    .update(Buffer.from(file?.base64 ?? '', 'base64'))
    .digest('hex');
  if (file?.sha256 === sha256) return { name: file.name, sha256, base64: file.base64 };
  throw new AgorError('storage', `The attachment ${id} was changed on the disk. Ask its sender for it again.`);
}
