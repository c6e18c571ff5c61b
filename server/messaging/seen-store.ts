/** The rows of `seen_messages`: what each session has, so that nothing is given to it twice. */
import type { MessageId, SessionId } from '../protocol/ids.ts';
import type { Database } from '../store/open-database.ts';
import { rowHash } from '../store/row-hash.ts';

export class SeenStore {
  readonly #put;
  readonly #one;

  constructor(db: Database) {
    this.#put = db.prepare<[string, string, number, string]>(
      `insert into seen_messages (session_id, message_id, seen_at, row_hash) values (?, ?, ?, ?)
       on conflict (session_id, message_id) do nothing`,
    );
    this.#one = db.prepare<[string, string], 1>('select 1 from seen_messages where session_id = ? and message_id = ?').pluck();
  }

  /** Told twice, the first time counts. */
  put(sessionId: SessionId, messageId: MessageId, seenAt: number): void {
    this.#put.run(sessionId, messageId, seenAt, rowHash([sessionId, messageId, seenAt]));
  }

  has(sessionId: SessionId, messageId: MessageId): boolean {
    return this.#one.get(sessionId, messageId) === 1;
  }
}
