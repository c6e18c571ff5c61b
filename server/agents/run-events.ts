/** What comes from sidecars: events to take in, text that streams, and the end of a run. */
import type { AuditLog } from '../audit/audit-log.ts';
import type { AgentEvent } from '../protocol/agent-event.ts';
import type { Approval } from '../protocol/approval.ts';
import type { NumberedEvent } from '../protocol/handshake.ts';
import type { AgentId, RunId, SessionId } from '../protocol/ids.ts';
import type { ProgramChange } from '../protocol/sidecar-wire.ts';
import type { RecordFile } from '../store/record-file.ts';
import type { AgentRegistry } from './agent-registry.ts';
import type { AgentStore } from './agent-store.ts';
import type { AgentWorker } from './agent-worker.ts';
import type { Approvals } from './approvals.ts';
import type { EventIntake } from './event-intake.ts';
import type { QueuedPrompt } from './prompt-queue.ts';
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
  readonly run: (id: AgentId) => Run | undefined;
  readonly nextPrompt: (id: AgentId) => QueuedPrompt | undefined;
  readonly build: string;
  /** Hands over what a sidecar that is gone left in its outbox, and is told how far it is on disk. */
  readonly drainOutbox: (agentId: AgentId, takeIn: (events: readonly NumberedEvent[]) => number) => unknown;
  readonly now: () => number;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

const unseenEnd = 'it ended while no backend looked';

export class RunEvents {
  readonly #deps: RunEventsDeps;
  readonly #adopted = new Set<RunId>();

  constructor(deps: RunEventsDeps) {
    this.#deps = deps;
  }

  /** Returns how far the agent's events are on disk. Of an agent that was removed nothing is kept. */
  takeIn(agentId: AgentId, events: readonly NumberedEvent[]): number {
    const ackedSeq = this.#keep(agentId, events);
    if (this.#deps.registry.has(agentId)) this.#deps.worker(agentId).deliver();
    return ackedSeq;
  }

  streamed(sessionId: SessionId, event: AgentEvent): void {
    this.#deps.sessions.stream(sessionId, event);
  }

  programChanged(agentId: AgentId, program: ProgramChange): void {
    if (!this.#deps.registry.has(agentId)) return;
    const { programPid, programVersion, detail } = program;
    const run = this.#deps.run(agentId);
    if (run?.hello) run.hello = { ...run.hello, programPid, programVersion: programVersion ?? run.hello.programVersion };
    if (programPid === null) this.#deps.sessions.closeTools(agentId);
    this.#deps.worker(agentId).onProgram(programPid, detail);
  }

  /**
   * A sidecar is there, for the first time or again. Answers that were given while its channel was broken are given
   * once more; it takes each only once.
   */
  onAttached(run: Run): void {
    const { agentId, runId, createdAt } = run.record;
    if (!this.#deps.registry.has(agentId)) return this.#dismiss(run);
    this.#attempt('taking over was not recorded', agentId, () => this.#recordAdoption(run));
    const worker = this.#deps.worker(agentId);
    worker.onAttached(run);
    const { turnSession } = worker.status;
    const since = (turnSession && this.#deps.sessions.runningSince(turnSession)) ?? createdAt;
    for (const approval of this.#deps.approvals.answeredSince(agentId, since)) {
      this.#deps.sessions.showAnswer(approval);
      worker.answer(approval).catch((err: unknown) => this.#deps.log('answer not delivered', { agentId, runId, err }));
    }
  }

  /** Of an agent that nobody knows any more, nothing goes on. */
  #dismiss({ record, link }: Run): void {
    link
      ?.request('run/stop', {})
      .catch((err: unknown) => this.#deps.log('a stray sidecar was not stopped', { agentId: record.agentId, err }));
  }

  /**
   * First what it left behind, then its end: a turn that finished is not called cut. What the disk does not take now is
   * settled when the backend starts the next time.
   */
  onGone(gone: RunGone): void {
    const { agentId, wasStopped } = gone;
    const reason = wasStopped ? 'interrupted' : 'crashed';
    this.#attempt('what a sidecar left was not taken in', agentId, () =>
      this.#deps.drainOutbox(agentId, (events) => this.#keep(agentId, events)),
    );
    this.#attempt('the end of a run was not recorded', agentId, () => this.#recordEnd(gone));
    this.#attempt('a cut turn was not ended', agentId, () => this.#closeTurns(agentId, reason));
    if (this.#deps.registry.has(agentId)) this.#deps.worker(agentId).onGone(gone);
  }

  /** At the start, once runs were taken over: ends what nothing stands for any more, and goes on with what waited. */
  settle(): void {
    const { store, sessions, approvals, registry } = this.#deps;
    const lost = new Set<AgentId>();
    for (const { id: runId, agentId } of store.openRuns()) {
      if (this.#deps.run(agentId)?.record.runId === runId) continue;
      this.#attempt('the end of a run was not recorded', agentId, () =>
        this.#recordEnd({ agentId, runId, wasStopped: false, detail: unseenEnd }),
      );
    }
    for (const { agentId } of [...sessions.running(), ...approvals.open()]) if (!this.#deps.run(agentId)) lost.add(agentId);
    for (const agentId of lost) this.#attempt('a cut turn was not ended', agentId, () => this.#settleAgent(agentId));
    for (const { id } of registry.all()) if (this.#waitsSinceLastEnd(id)) this.#deps.worker(id).deliver();
  }

  #settleAgent(agentId: AgentId): void {
    this.#showWithdrawn(this.#deps.file.write(() => this.#withdrawAll(agentId)));
    this.#closeTurns(agentId, 'crashed');
    if (this.#deps.registry.has(agentId)) this.#deps.worker(agentId).onTurnLost();
  }

  /** Nobody has stopped the agent since its prompt was accepted: only the backend's own end came between. */
  #waitsSinceLastEnd(id: AgentId): boolean {
    const prompt = this.#deps.nextPrompt(id);
    return prompt !== undefined && !this.#deps.run(id) && prompt.createdAt > this.#deps.store.lastEnd(id);
  }

  #keep(agentId: AgentId, events: readonly NumberedEvent[]): number {
    const { registry, sessions, intake } = this.#deps;
    if (!registry.has(agentId)) return events.at(-1)?.seq ?? 0;
    const { projectId } = registry.get(agentId);
    const worker = this.#deps.worker(agentId);
    for (const { sessionId, event } of intake.takeIn({ agentId, projectId }, events)) worker.onEvent(sessionId, event);
    return sessions.ackedSeq(agentId);
  }

  #recordAdoption({ isAdopted, record, hello }: Run): void {
    const { agentId, runId, createdAt: startedAt } = record;
    if (!isAdopted || this.#adopted.has(runId)) return;
    this.#adopted.add(runId);
    const { file, store, audit, build, now } = this.#deps;
    const sidecarPid = hello?.pid ?? record.sidecar?.pid ?? 0;
    file.write(() => {
      // Its start may not have been told: a backend can end between starting a sidecar and being greeted by it.
      store.startRun({ id: runId, agentId, sidecarPid, build, startedAt });
      audit.append({ at: now(), event: 'run_adopted', agentId, actor: 'backend', detail: { runId, sidecarPid } });
    });
  }

  /** Told again after a crash in between, it is recorded once. */
  #recordEnd({ agentId, runId, detail: reason, wasStopped }: RunGone): void {
    const { file, store, audit, now } = this.#deps;
    const withdrawn = file.write(() => {
      if (!store.run(runId)?.endedAt) {
        audit.append({ at: now(), event: 'run_ended', agentId, actor: 'backend', detail: { runId, detail: reason, wasStopped } });
      }
      store.endRun(runId, reason, now());
      return this.#withdrawAll(agentId);
    });
    this.#showWithdrawn(withdrawn);
  }

  #withdrawAll(agentId: AgentId): Approval[] {
    const { approvals, now } = this.#deps;
    return approvals.openOf(agentId).flatMap(({ id }) => approvals.withdraw(id, 'the agent ended', now()) ?? []);
  }

  #showWithdrawn(withdrawn: readonly Approval[]): void {
    for (const approval of withdrawn) this.#deps.sessions.showAnswer(approval);
  }

  #closeTurns(agentId: AgentId, reason: 'interrupted' | 'crashed'): void {
    const { sessions } = this.#deps;
    for (const session of sessions.running()) if (session.agentId === agentId) sessions.endTurn(session.id, reason, null);
    sessions.closeTools(agentId);
  }

  /** One step that fails must not keep the others from being done, nor end the backend. */
  #attempt(failed: string, agentId: AgentId, step: () => void): void {
    try {
      step();
    } catch (err) {
      this.#deps.log(failed, { agentId, err });
    }
  }
}
