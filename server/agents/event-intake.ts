/**
 * Takes in what agents did. Each of the two files keeps what it took of them together with the effects, so an event
 * that comes again, after a crash or because it was refused before, has its effects once.
 */
import type { AuditLog } from '../audit/audit-log.ts';
import type { AgentEvent, Failure, Usage } from '../protocol/agent-event.ts';
import type { Hold } from '../protocol/budget.ts';
import { AgorError } from '../protocol/errors.ts';
import type { NumberedEvent } from '../protocol/handshake.ts';
import type { AgentId, SessionId } from '../protocol/ids.ts';
import type { RecordFile } from '../store/record-file.ts';
import { keepsTurns } from './agent-view.ts';
import type { Approvals } from './approvals.ts';
import { auditOf, isAudited } from './audited-events.ts';
import { IntakePlace } from './intake-place.ts';
import type { MailSource } from './mail-source.ts';
import type { NewQuestions } from './new-questions.ts';
import type { PromptQueue } from './prompt-queue.ts';
import { type RefusedEvent, readEvents } from './read-events.ts';
import type { Sessions, Source } from './sessions.ts';

export type IntakeDeps = {
  readonly file: RecordFile;
  readonly audit: AuditLog;
  readonly approvals: Approvals;
  readonly questions: NewQuestions;
  readonly prompts: PromptQueue;
  readonly sessions: Sessions;
  readonly mail: MailSource;
  /** In the transaction that ends the turn in its transcript. */
  readonly turnEnded: (source: Source, turn: EndedTurn) => void;
  /** In the transaction that shows the question in its transcript. */
  readonly asked: (source: Source, question: AskedQuestion) => void;
  /** With what it cost, where the agent does not say; as it is told unless given. */
  readonly priced?: (usage: Usage) => Usage;
  readonly spending?: SpendingLedger;
  /** What keeps the agent from its turns. */
  readonly holdOf?: (id: AgentId) => Hold | null;
  readonly now: () => number;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

/** Keeps what agents spend. */
export type SpendingLedger = {
  /** Before they are taken in, and perhaps again. */
  readonly seen: (source: Source, events: readonly NumberedEvent[]) => void;
  /** In the transaction that takes the event in among what is audited, once. */
  readonly record: (source: Source, numbered: NumberedEvent) => void;
};

export type EndedTurn = Pick<Extract<AgentEvent, { type: 'turnEnded' }>, 'turnId' | 'reason' | 'failure'> & {
  readonly sessionId: SessionId;
};

export type AskedQuestion = Pick<Extract<AgentEvent, { type: 'permissionAsked' }>, 'approvalId' | 'request'> & {
  readonly sessionId: SessionId;
};

export type Intake = {
  /** The events that were new; they are on disk. */
  readonly taken: readonly NumberedEvent[];
  /** The first that was not taken, and others that never will be by this build. */
  readonly refused: readonly RefusedEvent[];
};

/** Refusals told of in the audit log; beyond it they may be told again. */
const rememberedRefusals = 10_000;
const detailChars = 500;

export class EventIntake {
  readonly #deps: IntakeDeps;
  readonly #place: IntakePlace;
  readonly #toldRefusals = new Set<string>();

  constructor(deps: IntakeDeps) {
    this.#deps = deps;
    this.#place = new IntakePlace(deps.file.db);
  }

  /**
   * In their order, up to the first that is refused: what comes behind it must not overtake it. Throws when the disk
   * takes nothing now, which refuses nothing.
   */
  takeIn(source: Source, sent: readonly unknown[]): Intake {
    if (!this.#deps.file.db.open) throw new AgorError('unavailable', 'This backend ends; the next one takes the events.');
    const read = readEvents(sent);
    const { taken, rejected } = this.#takeOrReject(
      source,
      read.events.map((each) => this.#told(source, each)),
    );
    const refused = rejected ? [rejected, ...read.refused.filter(({ reason }) => reason === 'unsupported')] : read.refused;
    // What was taken before by a build that understood it is settled.
    const reached = this.#deps.sessions.ackedSeq(source.agentId);
    const due = refused.filter(({ seq }) => seq > reached);
    for (const refusal of due) this.#recordRefusal(source, refusal);
    return { taken, refused: due };
  }

  /** With what the agent's program cannot know: what its usage costs, and that it was a budget that ended its turn. */
  #told({ agentId }: Source, numbered: NumberedEvent): NumberedEvent {
    const { event } = numbered;
    const { priced, holdOf } = this.#deps;
    if (event.type === 'turnEnded' && event.reason === 'interrupted' && event.failure === null) {
      const failure = failureOfHold(holdOf?.(agentId) ?? null);
      return failure ? { ...numbered, event: { ...event, failure } } : numbered;
    }
    return event.type === 'usage' && priced ? { ...numbered, event: { ...event, usage: priced(event.usage) } } : numbered;
  }

  #takeOrReject(source: Source, events: readonly NumberedEvent[]): { taken: readonly NumberedEvent[]; rejected?: RefusedEvent } {
    try {
      return { taken: this.#take(source, events) };
    } catch (error) {
      if (!isFaultOfEvent(error)) throw error;
      return this.#takeEach(source, events);
    }
  }

  /** One of them has no effect that can be taken: the others before it are taken without it. */
  #takeEach(source: Source, events: readonly NumberedEvent[]): { taken: readonly NumberedEvent[]; rejected?: RefusedEvent } {
    const taken: NumberedEvent[] = [];
    for (const event of events) {
      try {
        taken.push(...this.#take(source, [event]));
      } catch (err) {
        // The disk failed in between: the rest is sent again.
        if (!isFaultOfEvent(err)) return { taken };
        this.#deps.log('an event of an agent has no effect that can be taken', { agentId: source.agentId, seq: event.seq, err });
        return { taken, rejected: rejectionOf(event, err) };
      }
    }
    return { taken };
  }

  /** All or, in each of the two files, none of them. */
  #take(source: Source, events: readonly NumberedEvent[]): readonly NumberedEvent[] {
    this.#deps.spending?.seen(source, events);
    this.#takeAudited(source, events);
    let taken: readonly NumberedEvent[] = [];
    this.#deps.sessions.takeIn(source, events, (fresh) => {
      taken = fresh;
      for (const { event, sessionId } of fresh) {
        if (event.type === 'turnEnded') this.#deps.turnEnded(source, { ...event, sessionId });
        if (event.type === 'permissionAsked') this.#deps.asked(source, { ...event, sessionId });
        if (event.type === 'turnStarted' || event.type === 'promptJoined')
          for (const id of event.promptIds) this.#deps.prompts.markSent(id);
      }
    });
    return taken;
  }

  #takeAudited(source: Source, events: readonly NumberedEvent[]): void {
    const { agentId } = source;
    const fresh = this.#place.fresh(
      agentId,
      events.filter(({ event }) => isAudited(event)),
    );
    const last = fresh.at(-1);
    if (!last) return;
    this.#deps.file.write(() => {
      for (const numbered of fresh) this.#record(source, numbered);
      this.#place.take(agentId, fresh, { reachedSeq: last.seq, at: this.#deps.now() });
    });
  }

  #record(source: Source, numbered: NumberedEvent): void {
    const { approvals, questions, audit } = this.#deps;
    const { event, sessionId, at } = numbered;
    const { agentId } = source;
    const entry = auditOf(agentId, numbered);
    if (entry) audit.append(entry);
    this.#tellMail(agentId, numbered);
    this.#deps.spending?.record(source, numbered);
    if (event.type === 'permissionAsked') {
      questions.take({ id: event.approvalId, ...source, sessionId, request: event.request, askedAt: at });
    } else if (event.type === 'permissionWithdrawn') {
      approvals.withdraw(event.approvalId, event.reason, at);
    } else if (event.type === 'turnEnded') {
      for (const open of approvals.openOf(agentId)) if (open.sessionId === sessionId) approvals.withdraw(open.id, 'the turn ended', at);
    }
  }

  #tellMail(agentId: AgentId, { event, sessionId, at }: NumberedEvent): void {
    const { mail } = this.#deps;
    const moment = { sessionId, at };
    if (event.type === 'turnStarted') mail.turnStarted(agentId, event.promptIds, moment);
    else if (event.type === 'turnEnded') mail.turnEnded(agentId, event.reason, moment);
    else if (event.type === 'mailGiven') mail.given(agentId, event.messageIds, { ...moment, by: event.by });
    else if (event.type === 'mailSeen') mail.seen(agentId, event.messageIds, moment);
    else if (event.type === 'messageQueued') mail.takeQueued(agentId, event, at);
  }

  /** Told once, however often it is tried. A file that has taken it all the same knows it from now on for good. */
  #recordRefusal({ agentId }: Source, { seq, key, kind, reason, detail }: RefusedEvent): void {
    const { file, audit, sessions, now } = this.#deps;
    if (key) sessions.pin(key);
    const name = key || `${agentId} ${seq}`;
    const isTold = this.#toldRefusals.has(name);
    if (isTold && !key) return;
    file.write(() => {
      if (key) this.#place.pin(key);
      if (!isTold)
        audit.append({ at: now(), event: 'event_refused', agentId, actor: 'backend', detail: { seq, key, kind, reason, detail } });
    });
    if (this.#toldRefusals.size >= rememberedRefusals) this.#toldRefusals.clear();
    this.#toldRefusals.add(name);
  }
}

function failureOfHold(hold: Hold | null): Failure | null {
  if (!keepsTurns(hold)) return null;
  return { type: hold.kind === 'budget' ? 'quota' : 'unknown', message: hold.text, retryable: false };
}

function rejectionOf({ seq, key = '', event }: NumberedEvent, error: unknown): RefusedEvent {
  const detail = (error instanceof Error ? error.message : String(error)).slice(0, detailChars);
  return { seq, key, kind: event.type, reason: 'rejected', detail };
}

/** Whether the same event would fail again: a disk or database that refuses now says nothing about the event. */
export function isFaultOfEvent(error: unknown): boolean {
  if (error instanceof AgorError) return error.code !== 'storage' && error.code !== 'unavailable';
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^SQLITE_(CONSTRAINT|TOOBIG|MISMATCH)/.test(code) || !/^(SQLITE_|E[A-Z]+$)/.test(code);
}
