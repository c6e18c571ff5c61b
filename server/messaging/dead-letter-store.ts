/** The rows of `dead_letter_queue`. */
import type { DeadLetterId, MessageId } from '../protocol/ids.ts';
import type { DeadLetter } from '../protocol/message.ts';
import type { Database } from '../store/open-database.ts';
import { rowHash } from '../store/row-hash.ts';

export type DeadLetterRow = {
  readonly id: DeadLetterId;
  readonly messageId: MessageId;
  readonly sender: string;
  /** As the sender named it, when it was nobody. */
  readonly recipient: string;
  readonly content: string;
  readonly error: string;
  readonly diedAt: number;
  readonly settlement: DeadLetter['settlement'];
  readonly settledAt: number | null;
};

const columns = `id, message_id as messageId, from_agent as sender, to_agent as recipient, content, error, created_at as diedAt, settlement,
  settled_at as settledAt`;

export class DeadLetterStore {
  readonly #put;
  readonly #one;
  readonly #open;
  readonly #newest;
  readonly #ofMessage;

  constructor(db: Database) {
    this.#put = db.prepare(
      `insert into dead_letter_queue (id, message_id, from_agent, to_agent, content, error, created_at, settlement, settled_at, row_hash)
       values (:id, :messageId, :sender, :recipient, :content, :error, :diedAt, :settlement, :settledAt, :rowHash)
       on conflict (id) do update set settlement = excluded.settlement, settled_at = excluded.settled_at, row_hash = excluded.row_hash`,
    );
    this.#one = db.prepare<[string], DeadLetterRow>(`select ${columns} from dead_letter_queue where id = ?`);
    this.#open = db.prepare<[number], DeadLetterRow>(
      `select ${columns} from dead_letter_queue where settlement is null order by created_at desc, rowid desc limit ?`,
    );
    this.#newest = db.prepare<[number], DeadLetterRow>(`select ${columns} from dead_letter_queue order by rowid desc limit ?`);
    this.#ofMessage = db.prepare<[string], DeadLetterRow>(
      `select ${columns} from dead_letter_queue where message_id = ? order by rowid desc`,
    );
  }

  put(row: DeadLetterRow): void {
    const { id, messageId, sender, recipient, content, error, diedAt, settlement, settledAt } = row;
    const cells = [id, messageId, sender, recipient, content, error, diedAt, settlement, settledAt];
    this.#put.run({ ...row, rowHash: rowHash(cells) });
  }

  get(id: DeadLetterId): DeadLetterRow | undefined {
    return this.#one.get(id);
  }

  /** Not settled; the newest first, as all lists here. */
  open(limit: number): DeadLetterRow[] {
    return this.#open.all(limit);
  }

  newest(limit: number): DeadLetterRow[] {
    return this.#newest.all(limit);
  }

  ofMessage(messageId: MessageId): DeadLetterRow[] {
    return this.#ofMessage.all(messageId);
  }
}
