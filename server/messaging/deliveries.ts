/** Moves messages to their recipients from state to state; each move has its time, and its audit row in one transaction. */
import type { AuditEntry, AuditLog } from '../audit/audit-log.ts';
import { newId } from '../base/uuid.ts';
import type { AuditEvent } from '../protocol/audit.ts';
import type { DeadLetterId, PromptId, SessionId } from '../protocol/ids.ts';
import type { DeliveredBy, DeliveryState } from '../protocol/message.ts';
import type { RecordFile } from '../store/record-file.ts';
import { delayAfter } from './attempts.ts';
import type { DeliveryRow } from './delivery-store.ts';
import type { Directory } from './deps.ts';
import type { MessageRow } from './message-store.ts';
import type { News } from './news.ts';
import { agentIdIn } from './parties.ts';
import type { Records } from './records.ts';

export type DeliveriesDeps = {
  readonly file: RecordFile;
  readonly audit: AuditLog;
  readonly records: Records;
  readonly directory: Directory;
  readonly news: News;
  /** For how long a message waits, of now. */
  readonly ttlMs: () => number;
};

export type Arrival = {
  readonly by: DeliveredBy;
  readonly sessionId: SessionId | null;
  readonly at: number;
  readonly actor: string;
};
export type Death = { readonly at: number; readonly reason: string; readonly event: AuditEvent; readonly actor: string };
type Move = Pick<AuditEntry, 'at' | 'event' | 'actor'> & { readonly detail?: Readonly<Record<string, unknown>> };

/** As it is before anything has happened to it. */
const fresh = {
  deliveredBy: null,
  promptId: null,
  sessionId: null,
  attempts: 0,
  maybeTaken: 0,
  nextAttemptAt: null,
  deliveredAt: null,
  seenAt: null,
  answeredAt: null,
  deadAt: null,
} as const;

export class Deliveries {
  readonly #deps: DeliveriesDeps;

  constructor(deps: DeliveriesDeps) {
    this.#deps = deps;
  }

  /** Its audit row is that of the message. */
  begin(message: MessageRow, to: Pick<DeliveryRow, 'recipient' | 'state' | 'reason'>, at: number): void {
    const { id: messageId, place, expectsReply } = message;
    const expiresAt = to.state === 'held' ? null : this.#expiry(to, at);
    this.#put({ ...fresh, ...to, messageId, place, expectsReply, queuedAt: at, expiresAt });
  }

  claim(row: DeliveryRow, promptId: PromptId): void {
    this.#put({ ...row, promptId });
  }

  unclaim(row: DeliveryRow): void {
    this.#put({ ...row, promptId: null });
  }

  /** One that was given up before it was known that it had arrived, has arrived all the same. */
  delivered(row: DeliveryRow, { by, sessionId, at, actor }: Arrival): void {
    if (row.state !== 'queued' && row.state !== 'dead') return;
    this.#deps.file.write(() => {
      if (row.state === 'dead') this.#settleLetters(row, at);
      const arrived = { state: 'delivered', deliveredBy: by, sessionId, deliveredAt: at, deadAt: null, nextAttemptAt: null } as const;
      this.#move({ ...row, ...arrived, reason: '' }, { at, event: 'message_delivered', actor, detail: { by, sessionId } });
    });
  }

  /** The same again changes nothing. */
  seen(row: DeliveryRow, { by, sessionId, at, actor }: Arrival): void {
    if (row.state !== 'queued' && row.state !== 'delivered') return;
    this.#deps.file.write(() => {
      const first = row.state === 'queued' ? { deliveredBy: by, sessionId, deliveredAt: at } : {};
      const now = { ...row, ...first, state: 'seen', seenAt: at, nextAttemptAt: null, reason: '' } as const;
      const inSession = now.sessionId ?? sessionId;
      if (inSession !== null) this.#deps.records.seen.put(inSession, row.messageId, at);
      this.#move(now, { at, event: 'message_read', actor, detail: { by: now.deliveredBy, sessionId: inSession } });
    });
  }

  /** Whoever answers has seen it. The answer's own audit row tells of it. */
  answered(row: DeliveryRow, arrival: Arrival): void {
    this.seen(row, arrival);
    const now = this.#deps.records.deliveries.get(row.messageId, row.recipient);
    if (now?.state === 'seen') this.#put({ ...now, state: 'answered', answeredAt: arrival.at });
  }

  /** It waits again, for longer each time; null when it was given up instead. Returns the delay. */
  requeue(row: DeliveryRow, { at, maybeTaken, reason }: { at: number; maybeTaken: boolean; reason: string }): number | null {
    const attempts = row.attempts + 1;
    const delayMs = delayAfter(attempts);
    const failed = { ...row, attempts, maybeTaken: Number(maybeTaken || row.maybeTaken === 1) };
    if (delayMs === null) {
      const error = `${this.#nameOf(row)} could not take it in ${attempts} attempts: ${reason}.`;
      this.bury(failed, { at, reason: error, event: 'message_dead', actor: 'backend' });
      return null;
    }
    const again = { state: 'queued', deliveredBy: null, promptId: null, sessionId: null, deliveredAt: null } as const;
    const detail = { attempts, reason, delayMs };
    this.#deps.file.write(() => {
      const row = { ...failed, ...again, nextAttemptAt: at + delayMs, reason: `It is tried again: ${reason}.` };
      this.#move(row, { at, event: 'message_requeued', actor: 'backend', detail });
    });
    return delayMs;
  }

  /** Nothing is dropped: it is among the dead letters from now on. Returns whether it is there for the first time. */
  bury(row: DeliveryRow, { at, reason, event, actor }: Death): boolean {
    const { records, news, file } = this.#deps;
    const message = records.messages.get(row.messageId);
    const isFirst = !records.deadLetters.ofMessage(row.messageId).some(({ recipient }) => recipient === row.recipient);
    const id = newId<DeadLetterId>();
    file.write(() => {
      const { messageId, recipient } = row;
      const letter = { id, messageId, sender: message?.sender ?? 'system', recipient, content: message?.body ?? '' };
      records.deadLetters.put({ ...letter, error: reason, diedAt: at, settlement: null, settledAt: null });
      this.#move(
        { ...row, state: 'dead', deadAt: at, promptId: null, nextAttemptAt: null, reason },
        { at, event, actor, detail: { reason } },
      );
    });
    news.ofDeadLetter(id);
    return isFirst;
  }

  /** From `held` or `dead`: it waits for its recipient as if it were new. */
  revive(row: DeliveryRow, move: Move): void {
    const expiresAt = this.#expiry(row, move.at);
    this.#deps.file.write(() => this.#move({ ...row, ...fresh, maybeTaken: row.maybeTaken, state: 'queued', expiresAt, reason: '' }, move));
  }

  #settleLetters(row: DeliveryRow, at: number): void {
    for (const letter of this.#deps.records.deadLetters.ofMessage(row.messageId)) {
      if (letter.recipient !== row.recipient || letter.settlement !== null) continue;
      this.#deps.records.deadLetters.put({ ...letter, settlement: 'redelivered', settledAt: at });
      this.#deps.news.ofDeadLetter(letter.id);
    }
  }

  #move(row: DeliveryRow, { at, event, actor, detail = {} }: Move): void {
    this.#put(row);
    const agentId = agentIdIn(row.recipient);
    const told = { messageId: row.messageId, to: row.recipient, state: row.state satisfies DeliveryState, ...detail };
    this.#deps.audit.append({ at, event, agentId, actor, detail: told });
  }

  #put(row: DeliveryRow): void {
    const { records, news, file } = this.#deps;
    const agentId = agentIdIn(row.recipient);
    file.write(() => records.deliveries.put(row));
    news.ofMessage(row.messageId);
    if (agentId !== null) news.ofMail(agentId);
  }

  /** Only agents can be gone for good; whoever is no agent looks when they like. */
  #expiry({ recipient }: Pick<DeliveryRow, 'recipient'>, at: number): number | null {
    return agentIdIn(recipient) === null ? null : at + this.#deps.ttlMs();
  }

  #nameOf({ recipient }: DeliveryRow): string {
    return this.#deps.directory.party(recipient).name;
  }
}
