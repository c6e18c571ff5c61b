/** What comes from sidecars: events to take in, text that streams, and the end of a run. */
import type { AuditLog } from '../audit/audit-log.ts';
import { Emitter } from '../base/emitter.ts';
import type { AgentEvent, Failure } from '../protocol/agent-event.ts';
import type { Approval } from '../protocol/approval.ts';
import type { AgentId, PromptId, RunId, SessionId } from '../protocol/ids.ts';
import type { AppendAnswer, ProgramChange } from '../protocol/sidecar-wire.ts';
import type { RecordFile } from '../store/record-file.ts';
import type { AgentRegistry } from './agent-registry.ts';
import type { AgentStore } from './agent-store.ts';
import type { AgentWorker } from './agent-worker.ts';
import type { Answers } from './answers.ts';
import type { Approvals } from './approvals.ts';
import type { EventIntake, IntakeDeps } from './event-intake.ts';
import type { Fenced, KnownFences } from './known-fences.ts';
import type { MailSource } from './mail-source.ts';
import type { OutboxFiles } from './outboxes.ts';
import type { QueuedPrompt } from './prompt-queue.ts';
import { lastSeqOf } from './read-events.ts';
import type { Restarts } from './restarts.ts';
import type { Sessions } from './sessions.ts';
import type { Run, RunGone } from './supervisor.ts';

export type RunEventsDeps = {
  readonly file: RecordFile;
  readonly audit: AuditLog;
  readonly store: AgentStore;
  readonly registry: AgentRegistry;
  readonly sessions: Sessions;
  readonly approvals: Approvals;
  readonly answers: Answers;
  readonly intake: EventIntake;
  readonly worker: (id: AgentId) => AgentWorker;
  readonly run: (id: AgentId) => Run | undefined;
  readonly nextPrompt: (id: AgentId) => QueuedPrompt | undefined;
  /** The prompt is known, was not taken back, and neither began nor failed. */
  readonly isWaiting: (id: PromptId) => boolean;
  readonly restarts: Restarts;
  readonly fences: KnownFences;
  readonly mail: MailSource;
  readonly turnEnded: IntakeDeps['turnEnded'];
  readonly build: string;
  readonly outboxFiles: OutboxFiles;
  readonly now: () => number;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

const unseenEnd = 'it ended while no backend looked';

export class RunEvents {
  /** What an agent did, once each, after it is on disk. */
  readonly heard = new Emitter<{ readonly agentId: AgentId; readonly event: AgentEvent; readonly at: number }>();
  readonly #deps: RunEventsDeps;
  readonly #adopted = new Set<RunId>();

  constructor(deps: RunEventsDeps) {
    this.#deps = deps;
  }

  /** Answers how far the agent's events are on disk, and which are refused. Of an agent that was removed nothing is kept. */
  takeIn(agentId: AgentId, sent: readonly unknown[]): AppendAnswer {
    const answer = this.#keep(agentId, sent);
    if (this.#deps.registry.has(agentId)) this.#deps.worker(agentId).deliver();
    return answer;
  }

  /** Takes in what a sidecar that is gone left in its outbox. */
  collect(agentId: AgentId): void {
    const { poisonedCount } = this.#deps.outboxFiles.collect(agentId, (sent) => this.#keep(agentId, sent));
    this.poisoned(agentId, poisonedCount);
  }

  streamed(sessionId: SessionId, event: AgentEvent): void {
    this.#deps.sessions.stream(sessionId, event);
  }

  programChanged(agentId: AgentId, program: ProgramChange): void {
    if (!this.#deps.registry.has(agentId)) return;
    const { programPid, programVersion } = program;
    const run = this.#deps.run(agentId);
    if (run?.hello) run.hello = { ...run.hello, programPid, programVersion: programVersion ?? run.hello.programVersion };
    if (programPid === null) this.#deps.sessions.closeTools(agentId);
    this.#deps.worker(agentId).onProgram(program);
  }

  fenced(agentId: AgentId, fenced: Fenced): void {
    if (this.#deps.registry.has(agentId)) this.#deps.fences.fenced(agentId, fenced);
  }

  poisoned(agentId: AgentId, count: number): void {
    if (this.#deps.registry.has(agentId)) this.#deps.fences.poisoned(agentId, count);
  }

  /**
   * A sidecar is there, for the first time or again. Answers that were given while its channel was broken are given
   * once more; it takes each only once.
   */
  onAttached(run: Run): void {
    const { agentId, runId, createdAt } = run.record;
    if (!this.#deps.registry.has(agentId)) return this.#dismiss(run);
    this.#attempt('taking over was not recorded', agentId, () => this.#recordAdoption(run));
    this.#deps.restarts.cameUp(agentId, run.isAdopted ? this.#deps.now() - createdAt : 0);
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
    const { agentId, wasStopped, crash } = gone;
    const reason = wasStopped ? 'interrupted' : 'crashed';
    const failure = crash === null ? null : ({ type: 'unknown', message: `Its sidecar crashed: ${crash}`, retryable: false } as const);
    this.#attempt('what a sidecar left was not taken in', agentId, () => this.collect(agentId));
    this.#attempt('the end of a run was not recorded', agentId, () => this.#recordEnd(gone));
    this.#attempt('a cut turn was not ended', agentId, () => this.#closeTurns(agentId, reason, failure));
    this.#attempt('what became of its mail was not recorded', agentId, () => this.#mailOf(agentId));
    if (!this.#deps.registry.has(agentId)) return;
    if (crash === null) this.#deps.restarts.wentDown(agentId);
    else this.#deps.restarts.crashed(agentId, crash);
    this.#deps.worker(agentId).onGone(gone);
  }

  /** At the start, once runs were taken over: ends what nothing stands for any more, and goes on with what waited. */
  settle(): void {
    const { store, sessions, approvals, registry } = this.#deps;
    const lost = new Set<AgentId>();
    for (const { id: runId, agentId } of store.openRuns()) {
      if (this.#deps.run(agentId)?.record.runId === runId) continue;
      this.#attempt('the end of a run was not recorded', agentId, () =>
        this.#recordEnd({ agentId, runId, wasStopped: false, detail: unseenEnd, crash: null }),
      );
    }
    for (const { agentId } of [...sessions.running(), ...approvals.open()]) if (!this.#deps.run(agentId)) lost.add(agentId);
    for (const agentId of lost) this.#attempt('a cut turn was not ended', agentId, () => this.#settleAgent(agentId));
    this.#deps.file.write(() => this.#deps.mail.recoverClaims((promptId) => this.#deps.isWaiting(promptId)));
    for (const { id } of registry.all())
      if (!this.#deps.run(id)) this.#attempt('what became of its mail was not recorded', id, () => this.#mailOf(id));
    // Those that came first go first, if not all may begin at once.
    const waiting = registry.all().filter(({ id }) => this.#waitsSinceLastEnd(id));
    const waitingSince = (id: AgentId) => this.#deps.nextPrompt(id)?.createdAt ?? 0;
    for (const { id } of waiting.toSorted((a, b) => waitingSince(a.id) - waitingSince(b.id))) this.#deps.worker(id).deliver();
    this.#collectRest(registry.all().map(({ id }) => id));
  }

  /** What an earlier backend could not take, or did not understand; one after the other, so that nobody waits for it. */
  #collectRest([agentId, ...rest]: readonly AgentId[]): void {
    if (agentId === undefined) return;
    setImmediate(() => {
      const { file, registry, run } = this.#deps;
      if (!file.db.open) return;
      const isLeft = registry.has(agentId) && !run(agentId);
      if (isLeft) this.#attempt('what a sidecar left was not taken in', agentId, () => this.collect(agentId));
      this.#collectRest(rest);
    });
  }

  /** Once the turn is closed: what its program never showed to have waits again. */
  #mailOf(agentId: AgentId): void {
    const { file, mail, now } = this.#deps;
    file.write(() => mail.runGone(agentId, now()));
  }

  #settleAgent(agentId: AgentId): void {
    this.#showWithdrawn(this.#deps.file.write(() => this.#withdrawAll(agentId)));
    this.#closeTurns(agentId, 'crashed', null);
    if (this.#deps.registry.has(agentId)) this.#deps.worker(agentId).onTurnLost();
  }

  /** Nobody has stopped the agent since its prompt was accepted: only the backend's own end came between. */
  #waitsSinceLastEnd(id: AgentId): boolean {
    const prompt = this.#deps.nextPrompt(id);
    return prompt !== undefined && !this.#deps.run(id) && prompt.createdAt > this.#deps.store.lastEnd(id);
  }

  #keep(agentId: AgentId, sent: readonly unknown[]): AppendAnswer {
    const { registry, sessions, intake } = this.#deps;
    if (!registry.has(agentId)) return { ackedSeq: lastSeqOf(sent) };
    const { projectId } = registry.get(agentId);
    const worker = this.#deps.worker(agentId);
    const { taken, refused } = intake.takeIn({ agentId, projectId }, sent);
    for (const { sessionId, event, at } of taken) {
      worker.onEvent(sessionId, event);
      if (event.type === 'fenced') this.#deps.fences.fenced(agentId, event);
      if (event.type === 'permissionAsked') this.#deps.answers.questionTaken(event.approvalId);
      this.heard.emit({ agentId, event, at });
    }
    const ackedSeq = sessions.ackedSeq(agentId);
    if (refused.length === 0) return { ackedSeq };
    return { ackedSeq, refused: refused.map(({ seq, reason, detail }) => ({ seq, reason, detail })) };
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

  #closeTurns(agentId: AgentId, reason: 'interrupted' | 'crashed', failure: Failure | null): void {
    const { sessions, turnEnded } = this.#deps;
    for (const { id: sessionId, projectId } of sessions.running().filter((session) => session.agentId === agentId))
      sessions.endTurn(sessionId, { reason, failure }, (turnId) =>
        turnEnded({ agentId, projectId }, { turnId, sessionId, reason, failure }),
      );
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
