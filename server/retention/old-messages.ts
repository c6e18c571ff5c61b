/**
 * Which messages may leave the database. A conversation goes as a whole, when its last word is old and nothing of it is
 * open: held, waiting, owed an answer (by or to an agent that is gone, nothing is owed), or a dead letter that nobody has
 * settled. The last word from one to another stays,
 * because it says that the other may answer; and the last message of all, because the places go on after it.
 */
import type { MessageId } from '../protocol/ids.ts';
import type { Database } from '../store/open-database.ts';
import type { Old } from './archive-source.ts';

export type OldMessage = Old & { readonly id: MessageId; readonly place: number };

/** `upTo`: how far was looked; the next page begins behind it. */
export type OldPage = { readonly messages: OldMessage[]; readonly upTo: number; readonly isEnd: boolean };

/** So many places are looked at in one go, however few of them are old. */
const placesAtOnce = 200;

export class OldMessages {
  readonly #page;
  readonly #isOld;
  readonly #end;

  constructor(db: Database) {
    this.#page = db.prepare<[{ after: number; upTo: number; before: number }], OldMessage>(
      `select m.id, m.thread_id as of, m.place, m.sent_at as at, length(m.body) + coalesce((select sum(bytes) from attachments where message_id = m.id), 0) as bytes
       from messages m where m.place > :after and m.place <= :upTo and ${old} order by m.place`,
    );
    this.#isOld = db.prepare<[{ id: string; before: number }], 1>(`select 1 from messages m where m.id = :id and ${old}`).pluck();
    this.#end = db.prepare<[], number | null>('select max(place) from messages').pluck();
  }

  /** Of those behind `after`, sent before `before`. */
  page(after: number, before: number): OldPage {
    const end = this.#end.get() ?? 0;
    const upTo = Math.min(after + placesAtOnce, end);
    return { messages: after >= end ? [] : this.#page.all({ after, upTo, before }), upTo, isEnd: upTo >= end };
  }

  /** Nothing has happened since that keeps it here. */
  isOld(id: MessageId, before: number): boolean {
    return this.#isOld.get({ id, before }) === 1;
  }
}

const open = `(n.hold = 'waiting'
  or exists (select 1 from deliveries d where d.message_id = n.id
    and (d.state in ('held', 'queued') or (d.expects_reply = 1 and d.state in ('delivered', 'seen')
      and not exists (select 1 from agents a where a.id in (d.recipient, n.sender) and a.removed_at is not null))))
  or exists (select 1 from dead_letter_queue l where l.message_id = n.id and l.settlement is null))`;

const old = `m.sent_at < :before
  and not exists (select 1 from messages n where n.thread_id = m.thread_id and (n.sent_at >= :before or ${open}))
  and (m.recipient is null or exists (
    select 1 from messages later where later.sender = m.sender and later.recipient = m.recipient and later.place > m.place))
  and m.place < (select max(place) from messages)`;
