/** The rows of `deliveries`: one for each recipient of a message. */
import type { MessageId, PartyId, PromptId, SessionId } from '../protocol/ids.ts';
import type { DeliveredBy, DeliveryState } from '../protocol/message.ts';
import type { Database } from '../store/open-database.ts';
import { rowHash } from '../store/row-hash.ts';

export type DeliveryRow = {
  readonly messageId: MessageId;
  readonly recipient: PartyId;
  readonly place: number;
  readonly expectsReply: number;
  readonly state: DeliveryState;
  readonly deliveredBy: DeliveredBy | null;
  readonly promptId: PromptId | null;
  readonly sessionId: SessionId | null;
  /** How many have failed. */
  readonly attempts: number;
  readonly maybeTaken: number;
  readonly nextAttemptAt: number | null;
  readonly queuedAt: number;
  readonly deliveredAt: number | null;
  readonly seenAt: number | null;
  readonly answeredAt: number | null;
  readonly deadAt: number | null;
  readonly expiresAt: number | null;
  readonly reason: string;
};

const columns = `message_id as messageId, recipient, place, expects_reply as expectsReply, state, delivered_by as deliveredBy,
  prompt_id as promptId, session_id as sessionId, attempts, maybe_taken as maybeTaken, next_attempt_at as nextAttemptAt,
  queued_at as queuedAt, delivered_at as deliveredAt, seen_at as seenAt, answered_at as answeredAt, dead_at as deadAt,
  expires_at as expiresAt, reason`;
const unread = `recipient = ? and state in ('queued', 'delivered')`;
const owed = `expects_reply = 1 and state in ('delivered', 'seen')`;

export class DeliveryStore {
  readonly #put;
  readonly #one;
  readonly #ofMessage;
  readonly #queued;
  readonly #unread;
  readonly #unreadCount;
  readonly #owed;
  readonly #given;
  readonly #carried;
  readonly #ofPrompt;
  readonly #expired;
  readonly #waitingAgain;
  readonly #open;

  constructor(db: Database) {
    const rows = (where: string) => `select ${columns} from deliveries where ${where}`;
    this.#put = db.prepare(putSql);
    this.#one = db.prepare<[string, string], DeliveryRow>(rows('message_id = ? and recipient = ?'));
    this.#ofMessage = db.prepare<[string], DeliveryRow>(`${rows('message_id = ?')} order by rowid`);
    this.#queued = db.prepare<[string, number], DeliveryRow>(`${rows(`recipient = ? and state = 'queued'`)} order by place limit ?`);
    this.#unread = db.prepare<[string, number], DeliveryRow>(`${rows(unread)} order by place limit ?`);
    this.#unreadCount = db.prepare<[string], number>(`select count(*) from deliveries where ${unread}`).pluck();
    this.#owed = db.prepare<[string, number], DeliveryRow>(`${rows(`recipient = ? and ${owed}`)} order by place desc limit ?`);
    this.#given = db.prepare<[string], DeliveryRow>(`${rows(`recipient = ? and state = 'delivered'`)} order by place`);
    this.#carried = db.prepare<[], DeliveryRow>(rows(`prompt_id is not null and state = 'queued'`));
    this.#ofPrompt = db.prepare<[string], DeliveryRow>(`${rows('prompt_id is not null and prompt_id = ?')} order by place`);
    this.#expired = db.prepare<[number, number], DeliveryRow>(
      `${rows(`state = 'queued' and expires_at <= ? and prompt_id is null`)} order by expires_at, place limit ?`,
    );
    this.#waitingAgain = db
      .prepare<[], PartyId>(`select distinct recipient from deliveries where state = 'queued' and next_attempt_at is not null`)
      .pluck();
    this.#open = db.prepare<[string], DeliveryRow>(`${rows(`recipient = ? and state in ('held', 'queued', 'delivered')`)} order by place`);
  }

  put(row: DeliveryRow): void {
    const { messageId, recipient, place, expectsReply, state, deliveredBy, promptId, sessionId, attempts, maybeTaken } = row;
    const { nextAttemptAt, queuedAt, deliveredAt, seenAt, answeredAt, deadAt, expiresAt, reason } = row;
    const head = [messageId, recipient, place, expectsReply, state, deliveredBy, promptId, sessionId, attempts, maybeTaken];
    const times = [nextAttemptAt, queuedAt, deliveredAt, seenAt, answeredAt, deadAt, expiresAt];
    this.#put.run({ ...row, rowHash: rowHash([...head, ...times, reason]) });
  }

  get(messageId: MessageId, recipient: PartyId): DeliveryRow | undefined {
    return this.#one.get(messageId, recipient);
  }

  ofMessage(messageId: MessageId): DeliveryRow[] {
    return this.#ofMessage.all(messageId);
  }

  /** In the order in which they go, as all lists of a recipient; those that a prompt carries too. */
  queued(recipient: PartyId, limit: number): DeliveryRow[] {
    return this.#queued.all(recipient, limit);
  }

  unread(recipient: PartyId, limit: number): DeliveryRow[] {
    return this.#unread.all(recipient, limit);
  }

  unreadCount(recipient: PartyId): number {
    return this.#unreadCount.get(recipient) ?? 0;
  }

  /** The newest first. */
  owed(recipient: PartyId, limit: number): DeliveryRow[] {
    return this.#owed.all(recipient, limit);
  }

  /** Given to its program, which has not shown that it has them. */
  given(recipient: PartyId): DeliveryRow[] {
    return this.#given.all(recipient);
  }

  /** All that wait for a prompt to begin. */
  carried(): DeliveryRow[] {
    return this.#carried.all();
  }

  ofPrompt(promptId: PromptId): DeliveryRow[] {
    return this.#ofPrompt.all(promptId);
  }

  /** What a prompt carries does not expire: it goes with the prompt. */
  expired(now: number, limit: number): DeliveryRow[] {
    return this.#expired.all(now, limit);
  }

  /** Who has mail that is tried again. */
  waitingAgain(): PartyId[] {
    return this.#waitingAgain.all();
  }

  /** All that could still reach the recipient. */
  open(recipient: PartyId): DeliveryRow[] {
    return this.#open.all(recipient);
  }
}

const putSql = `
  insert into deliveries (message_id, recipient, place, expects_reply, state, delivered_by, prompt_id, session_id, attempts, maybe_taken,
    next_attempt_at, queued_at, delivered_at, seen_at, answered_at, dead_at, expires_at, reason, row_hash)
  values (:messageId, :recipient, :place, :expectsReply, :state, :deliveredBy, :promptId, :sessionId, :attempts, :maybeTaken,
    :nextAttemptAt, :queuedAt, :deliveredAt, :seenAt, :answeredAt, :deadAt, :expiresAt, :reason, :rowHash)
  on conflict (message_id, recipient) do update set state = excluded.state, delivered_by = excluded.delivered_by,
    prompt_id = excluded.prompt_id, session_id = excluded.session_id, attempts = excluded.attempts, maybe_taken = excluded.maybe_taken,
    next_attempt_at = excluded.next_attempt_at, queued_at = excluded.queued_at, delivered_at = excluded.delivered_at,
    seen_at = excluded.seen_at, answered_at = excluded.answered_at, dead_at = excluded.dead_at, expires_at = excluded.expires_at,
    reason = excluded.reason, row_hash = excluded.row_hash`;
