/** What comes from sidecars: events to take in, text that streams, and the end of a run. */
import type { AuditLog } from '../audit/audit-log.ts';
import type { AgentEvent } from '../protocol/agent-event.ts';
import type { NumberedEvent } from '../protocol/handshake.ts';
import type { AgentId, SessionId } from '../protocol/ids.ts';
import type { RecordFile } from '../store/record-file.ts';
import type { AgentRegistry } from './agent-registry.ts';
import type { AgentStore } from './agent-store.ts';
import type { AgentWorker } from './agent-worker.ts';
import type { Approvals } from './approvals.ts';
import type { EventIntake } from './event-intake.ts';
import type { Sessions } from './sessions.ts';
import type { Run, RunGone } from './supervisor.ts';

export type RunEventsDeps = {
  readonly file: RecordFile;
  readonly audit: AuditLog;
  readonly store: AgentStore;
  readonly registry: AgentRegistry;
  readonly sessions: Sessions;
  readonly approvals: Approvals;
  readonly intake: EventIntake;
  readonly worker: (id: AgentId) => AgentWorker;
  /** Hands over what a sidecar that is gone left in its outbox, and is told how far it is on disk. */
  readonly drainOutbox: (agentId: AgentId, takeIn: (events: readonly NumberedEvent[]) => number) => void;
  readonly now: () => number;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

export class RunEvents {
  readonly #deps: RunEventsDeps;

  constructor(deps: RunEventsDeps) {
    this.#deps = deps;
  }

  /** Returns how far the agent's events are on disk. Of an agent that was removed nothing is kept. */
  takeIn(agentId: AgentId, events: readonly NumberedEvent[]): number {
    const { registry, sessions, intake } = this.#deps;
    if (!registry.has(agentId)) return events.at(-1)?.seq ?? 0;
    const { projectId } = registry.get(agentId);
    const worker = this.#deps.worker(agentId);
    for (const { sessionId, event } of intake.takeIn({ agentId, projectId }, events)) worker.onEvent(sessionId, event);
    worker.deliver();
    return sessions.ackedSeq(agentId);
  }

  streamed(sessionId: SessionId, event: AgentEvent): void {
    this.#deps.sessions.stream(sessionId, event);
  }

  programChanged(agentId: AgentId, programPid: number | null, detail: string): void {
    if (!this.#deps.registry.has(agentId)) return;
    const { sessionId } = this.#deps.registry.get(agentId);
    if (programPid === null && sessionId) this.#deps.sessions.closeTools(sessionId);
    this.#deps.worker(agentId).onProgram(programPid, detail);
  }

  /**
   * A sidecar is there, for the first time or again. Answers that were given while its channel was broken are given
   * once more; it takes each only once.
   */
  onAttached(run: Run): void {
    const { agentId, runId } = run.record;
    if (!this.#deps.registry.has(agentId)) return;
    const worker = this.#deps.worker(agentId);
    worker.onAttached(run);
    for (const approval of this.#deps.approvals.answeredSince(agentId, run.record.createdAt)) {
      worker.answer(approval, null).catch((err: unknown) => this.#deps.log('answer not delivered', { agentId, runId, err }));
    }
  }

  /** First what it left behind, then its end: a turn that finished is not called cut. */
  onGone(gone: RunGone): void {
    const { agentId, runId, detail } = gone;
    this.#deps.drainOutbox(agentId, (events) => this.takeIn(agentId, events));
    this.#record(gone, { runId, detail, wasStopped: gone.wasStopped });
    if (!this.#deps.registry.has(agentId)) return;
    const worker = this.#deps.worker(agentId);
    const { turnSession } = worker.status;
    if (turnSession) this.#deps.sessions.endTurn(turnSession, gone.wasStopped ? 'interrupted' : 'crashed', null);
    const { sessionId } = this.#deps.registry.get(agentId);
    if (sessionId) this.#deps.sessions.closeTools(sessionId);
    worker.onGone(gone);
  }

  #record({ agentId, runId, detail: reason }: RunGone, detail: Record<string, unknown>): void {
    const at = this.#deps.now();
    this.#deps.file.write(() => {
      this.#deps.store.endRun(runId, reason, at);
      this.#deps.audit.append({ at, event: 'run_ended', agentId, actor: 'backend', detail });
      for (const approval of this.#deps.approvals.openOf(agentId)) this.#deps.approvals.withdraw(approval.id, 'the agent ended', at);
    });
  }
}
