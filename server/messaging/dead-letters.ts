/** Messages that were given up. Nothing is dropped: the person delivers one again, or puts it away. */
import type { AuditLog } from '../audit/audit-log.ts';
import { resolveReference } from '../base/resolve-reference.ts';
import { AgorError } from '../protocol/errors.ts';
import { PartyId } from '../protocol/ids.ts';
import type { DeadLetter } from '../protocol/message.ts';
import type { RecordFile } from '../store/record-file.ts';
import type { DeadLetterRow } from './dead-letter-store.ts';
import type { Deliveries } from './deliveries.ts';
import type { By, Directory } from './deps.ts';
import type { MessageViews } from './message-views.ts';
import type { News } from './news.ts';
import { agentIdIn, isReachable } from './parties.ts';
import type { Records } from './records.ts';

export type DeadLettersDeps = {
  readonly file: RecordFile;
  readonly audit: AuditLog;
  readonly records: Records;
  readonly deliveries: Deliveries;
  readonly views: MessageViews;
  readonly news: News;
  readonly directory: Directory;
  readonly now: () => number;
};

const listed = 1_000;

export class DeadLetters {
  readonly #deps: DeadLettersDeps;

  constructor(deps: DeadLettersDeps) {
    this.#deps = deps;
  }

  list({ all = false }: { readonly all?: boolean | undefined }): DeadLetter[] {
    const { records, views } = this.#deps;
    const rows = all ? records.deadLetters.newest(listed) : records.deadLetters.open(listed);
    return rows.map((row) => views.deadLetter(row));
  }

  /** Its sender is told nothing more, whatever becomes of it. */
  redeliver(reference: string, { party, actor }: By): DeadLetter {
    const { file, records, deliveries, directory, now } = this.#deps;
    const letter = this.#findOpen(reference);
    const message = records.messages.get(letter.messageId);
    const row = message && records.deliveries.get(message.id, PartyId.parse(letter.recipient));
    if (!message || row?.state !== 'dead')
      throw new AgorError('conflict', 'That message was never taken in, so there is nothing to deliver. Its sender must write it again.');
    if (!isReachable(row.recipient, directory)) {
      const { name } = directory.party(row.recipient);
      throw new AgorError('conflict', `${name} does not exist any more, so it cannot be delivered. Discard it, or write to somebody else.`);
    }
    return file.write(() => {
      if (message.hold !== 'none') records.messages.put({ ...message, hold: 'none' });
      deliveries.revive(row, { at: now(), event: 'message_redelivered', actor, detail: { deadLetterId: letter.id, by: party } });
      return this.#settle(letter, 'redelivered');
    });
  }

  discard(reference: string, { party, actor }: By): DeadLetter {
    const { file, audit, now } = this.#deps;
    const letter = this.#findOpen(reference);
    const detail = { messageId: letter.messageId, deadLetterId: letter.id, to: letter.recipient, by: party };
    const agentId = agentIdIn(PartyId.parse(letter.recipient));
    return file.write(() => {
      audit.append({ at: now(), event: 'message_discarded', agentId, actor, detail });
      return this.#settle(letter, 'discarded');
    });
  }

  #settle(letter: DeadLetterRow, settlement: 'redelivered' | 'discarded'): DeadLetter {
    const { records, views, news, now } = this.#deps;
    const settled = { ...letter, settlement, settledAt: now() };
    records.deadLetters.put(settled);
    news.ofDeadLetter(letter.id);
    return views.deadLetter(settled);
  }

  #findOpen(reference: string): DeadLetterRow {
    const letter = resolveReference('dead letter', reference, this.#candidates(reference));
    if (letter.settlement === null) return letter;
    throw new AgorError('conflict', `That dead letter was ${letter.settlement} before. Nothing was changed.`);
  }

  /** The open ones first: among them a part of an id is enough. */
  #candidates(reference: string): DeadLetterRow[] {
    const open = this.#deps.records.deadLetters.open(listed);
    const isOpen = open.some(({ id }) => id.startsWith(reference) || id.endsWith(reference));
    return isOpen ? open : this.#deps.records.deadLetters.newest(listed);
  }
}
