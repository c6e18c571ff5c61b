/**
 * What the events of agents say about their mail. Called inside the intake's transaction; `at` is when it happened. An
 * event that comes again finds its work done.
 */
import type { Clock } from '../base/clock.ts';
import type { TurnEndReason } from '../protocol/agent-event.ts';
import { type AgentId, type MessageId, PartyId, type PromptId, type SessionId } from '../protocol/ids.ts';
import type { DeliveredBy } from '../protocol/message.ts';
import type { RecordFile } from '../store/record-file.ts';
import type { Deliveries } from './deliveries.ts';
import type { DeliveryRow } from './delivery-store.ts';
import type { MailMoment } from './mail.ts';
import type { News } from './news.ts';
import type { Notices } from './notices.ts';
import type { Records } from './records.ts';

export type ArrivalsDeps = {
  readonly file: RecordFile;
  readonly records: Records;
  readonly deliveries: Deliveries;
  readonly notices: Notices;
  readonly news: News;
  readonly clock: Clock;
};

type Given = MailMoment & { readonly by: DeliveredBy };
type TurnEnd = { readonly reason: TurnEndReason; readonly at: number };

const failures: Partial<Record<TurnEndReason, string>> = {
  crashed: 'its program ended over it',
  failed: 'its turn ended with an error',
};

export class Arrivals {
  readonly #deps: ArrivalsDeps;
  readonly #callOffs = new Set<() => void>();

  constructor(deps: ArrivalsDeps) {
    this.#deps = deps;
  }

  /** What the prompts carried has been given. */
  turnStarted(agentId: AgentId, promptIds: readonly PromptId[], { sessionId, at }: MailMoment): void {
    const carried = promptIds.flatMap((promptId) => this.#deps.records.deliveries.ofPrompt(promptId));
    this.#write(() => {
      for (const row of carried) {
        if (row.recipient === PartyId.parse(agentId) && row.state === 'queued') this.#delivered(row, { by: 'turn', sessionId, at });
      }
    });
  }

  given(agentId: AgentId, messageIds: readonly MessageId[], given: Given): void {
    this.#write(() => {
      for (const row of this.#rows(agentId, messageIds)) this.#delivered(row, given);
    });
  }

  /** A program takes what it is given in order: what this session was given before these, it has as well. */
  seen(agentId: AgentId, messageIds: readonly MessageId[], { sessionId, at }: MailMoment): void {
    this.#write(() => {
      const named = this.#rows(agentId, messageIds);
      const until = Math.max(...named.map(({ deliveredAt }) => deliveredAt ?? Number.NEGATIVE_INFINITY));
      const before = this.#given(agentId, sessionId).filter(({ deliveredAt }) => deliveredAt !== null && deliveredAt <= until);
      for (const row of [...before, ...named]) this.#seen(row, { sessionId, at });
    });
  }

  turnEnded(agentId: AgentId, reason: TurnEndReason, { sessionId, at }: MailMoment): void {
    this.#settle(agentId, this.#given(agentId, sessionId), { reason, at });
  }

  /** Nobody tells any more what became of what it was given. */
  runGone(agentId: AgentId, at: number): void {
    this.#settle(agentId, this.#deps.records.deliveries.given(PartyId.parse(agentId)), { reason: 'crashed', at });
  }

  close(): void {
    for (const callOff of this.#callOffs) callOff();
    this.#callOffs.clear();
  }

  #settle(agentId: AgentId, rows: readonly DeliveryRow[], { reason, at }: TurnEnd): void {
    const failure = failures[reason];
    this.#write(() => {
      for (const row of rows) {
        if (failure === undefined) this.#seen(row, { sessionId: row.sessionId, at });
        else this.#tryAgain(agentId, row, { at, reason: failure, maybeTaken: reason === 'crashed' });
      }
    });
  }

  #tryAgain(agentId: AgentId, row: DeliveryRow, failed: { at: number; reason: string; maybeTaken: boolean }): void {
    const { records, deliveries, notices } = this.#deps;
    const delayMs = deliveries.requeue(row, failed);
    if (delayMs !== null) return this.#remind(agentId, delayMs);
    const [letter, ...earlier] = records.deadLetters.ofMessage(row.messageId).filter(({ recipient }) => recipient === row.recipient);
    const message = records.messages.get(row.messageId);
    if (letter && message && earlier.length === 0) notices.notDelivered(message, [row.recipient], letter.error);
  }

  #remind(agentId: AgentId, delayMs: number): void {
    const callOff = this.#deps.clock.after(delayMs, () => {
      this.#callOffs.delete(callOff);
      this.#deps.news.ofMail(agentId);
    });
    this.#callOffs.add(callOff);
  }

  #delivered(row: DeliveryRow, given: Given): void {
    this.#deps.deliveries.delivered(row, { ...given, actor: 'sidecar' });
  }

  #seen({ messageId, recipient }: DeliveryRow, { sessionId, at }: { sessionId: SessionId | null; at: number }): void {
    const row = this.#deps.records.deliveries.get(messageId, recipient);
    if (row) this.#deps.deliveries.seen(row, { by: row.deliveredBy ?? 'stop', sessionId, at, actor: 'agent' });
  }

  #rows(agentId: AgentId, messageIds: readonly MessageId[]): DeliveryRow[] {
    return messageIds.flatMap((id) => this.#deps.records.deliveries.get(id, PartyId.parse(agentId)) ?? []);
  }

  #given(agentId: AgentId, sessionId: SessionId): DeliveryRow[] {
    return this.#deps.records.deliveries.given(PartyId.parse(agentId)).filter((row) => row.sessionId === sessionId);
  }

  #write(work: () => void): void {
    this.#deps.file.write(work);
  }
}
