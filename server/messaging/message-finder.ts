/** From what somebody types to the message meant, among those that they may see. */
import { resolveReference } from '../base/resolve-reference.ts';
import { AgorError } from '../protocol/errors.ts';
import type { PartyId, TeamId } from '../protocol/ids.ts';
import { partyIds } from '../protocol/message.ts';
import type { Database } from '../store/open-database.ts';
import type { Directory } from './deps.ts';
import type { MessageRow, MessageStore } from './message-store.ts';
import { managedTeam, seesAll } from './parties.ts';

type Reader = { readonly all: number; readonly as: PartyId; readonly own: TeamId | null; readonly team: TeamId | null };
type Wanted = Reader & { readonly part: string; readonly end: string };

/** What is held back is for its sender and the person; the rest for those in it, their channel and their manager. */
const visible = `(:as = '${partyIds.person}' or m.sender = :as or (m.hold = 'none' and (
  :all = 1
  or exists (select 1 from deliveries d where d.message_id = m.id and d.recipient = :as)
  or (m.team_id = :own and m.channel_id in (select channel_id from channel_members where party = :as))
  or (:team is not null and m.team_id = :team))))`;

/** As many as a refusal can name, and some. */
const few = 20;
const shortIdChars = 8;

export class MessageFinder {
  readonly #messages: MessageStore;
  readonly #directory: Directory;
  readonly #exact;
  readonly #byPrefix;
  readonly #byShortId;
  readonly #recent;

  constructor(db: Database, messages: MessageStore, directory: Directory) {
    this.#messages = messages;
    this.#directory = directory;
    const ids = (where: string) => `select m.id from messages m where ${where} and ${visible} limit ${few}`;
    this.#exact = db.prepare<[Wanted], string>(ids('m.id = :part')).pluck();
    this.#byPrefix = db.prepare<[Wanted], string>(ids('m.id >= :part and m.id < :end')).pluck();
    this.#byShortId = db.prepare<[Wanted], string>(ids(`substr(m.id, -8) = substr(:part, -8) and m.id like '%' || :part`)).pluck();
    this.#recent = db
      .prepare<[Wanted], string>(
        `select m.id from (select * from messages order by place desc limit 5000) m where m.id like '%' || :part and ${visible} limit ${few}`,
      )
      .pluck();
  }

  /** Throws `notFound`, also for what is there and not theirs, or `ambiguous`. */
  find(reference: string, as: PartyId): MessageRow {
    const ids = [...new Set(this.#fitting(reference.trim().toLowerCase(), as))];
    // There may be others, of which nothing is said.
    if (ids.length === 0) throw new AgorError('notFound', `There is no message "${reference.trim()}" for you. "inbox --all" lists yours.`);
    const { id } = resolveReference(
      'message',
      reference.trim(),
      ids.map((id) => ({ id })),
    );
    const row = this.#messages.get(id);
    if (!row) throw new Error(`The message ${id} was found and is not there.`);
    return row;
  }

  /** Whether what is listed is for that reader: a list is of parties, not of what is held back. */
  isShown(row: MessageRow, as: PartyId): boolean {
    return row.hold === 'none' || row.sender === as || as === partyIds.person;
  }

  /** Whether the reader may see it at all. */
  mayRead(row: MessageRow, as: PartyId): boolean {
    return this.#exact.all({ ...this.#reader(as), part: row.id, end: '' }).length > 0;
  }

  #fitting(part: string, as: PartyId): string[] {
    if (!/^[0-9a-f-]{3,36}$/.test(part)) return [];
    const wanted = { ...this.#reader(as), part, end: `${part}g` };
    const exact = this.#exact.all(wanted);
    if (exact.length > 0) return exact;
    const byEnd = part.length >= shortIdChars ? this.#byShortId : this.#recent;
    return [...this.#byPrefix.all(wanted), ...byEnd.all(wanted)];
  }

  #reader(as: PartyId): Reader {
    return { all: Number(seesAll(as)), as, own: this.#directory.teamOf(as), team: managedTeam(as, this.#directory) };
  }
}
