/** Tells what agents look like now, once for each time that something about one really changed. */
import { Emitter } from '../base/emitter.ts';
import type { Agent } from '../protocol/agent.ts';
import type { Hold } from '../protocol/budget.ts';
import type { AgentId } from '../protocol/ids.ts';
import type { Setting } from '../protocol/settings.ts';
import type { AgentRegistry } from './agent-registry.ts';
import { agentStatus } from './agent-view.ts';
import type { AgentWorker } from './agent-worker.ts';
import type { Approvals } from './approvals.ts';
import type { KnownFences } from './known-fences.ts';
import type { PromptQueue } from './prompt-queue.ts';
import type { Restarts } from './restarts.ts';
import type { Sessions } from './sessions.ts';
import type { Run } from './supervisor.ts';
import type { TurnSlots } from './turn-slots.ts';

export type ReportsDeps = {
  readonly registry: AgentRegistry;
  readonly sessions: Sessions;
  readonly approvals: Approvals;
  readonly prompts: PromptQueue;
  readonly worker: (id: AgentId) => AgentWorker;
  readonly run: (id: AgentId) => Run | undefined;
  readonly restarts: Restarts;
  readonly slots: TurnSlots;
  readonly fences: KnownFences;
  readonly holdOf: (id: AgentId) => Hold | null;
  readonly setting: Setting;
  readonly hostname: string;
};

export class AgentReports {
  readonly changed = new Emitter<Agent>();
  readonly #deps: ReportsDeps;
  readonly #shown = new Map<AgentId, string>();
  readonly #touched = new Set<AgentId>();

  constructor(deps: ReportsDeps) {
    this.#deps = deps;
  }

  view(id: AgentId): Agent {
    const { registry, sessions, approvals, prompts, restarts, fences, holdOf, setting } = this.#deps;
    const hold = holdOf(id);
    const { environment: _, path: __, command, secretUses, sandboxMode, network, ...record } = registry.get(id);
    const { capabilities, turnSession, ...status } = this.#deps.worker(id).status;
    const questions = approvals.openOf(id).map((approval) => approval.request.title);
    const queuedPrompts = prompts.count(id);
    const shownSession = [turnSession, record.sessionId].find((id) => id && sessions.has(id));
    const activity = turnSession && turnSession === shownSession ? sessions.activity(turnSession) : undefined;
    return {
      ...record,
      command: [...command],
      ...agentStatus({ ...status, ...this.#waits(id), paused: record.paused, hold, queuedPrompts, activity, questions }),
      hold,
      queuedPrompts,
      openApprovals: questions.length,
      capabilities,
      usage: shownSession ? sessions.get(shownSession).usage : null,
      runtime: this.#runtime(id),
      secrets: [...secretUses],
      sandboxMode: sandboxMode ?? setting('sandbox.mode'),
      network: network ?? setting('sandbox.network'),
      ...fences.of(id),
      sidecarHealth: restarts.health(id),
    };
  }

  /** What keeps it from going on. */
  #waits(id: AgentId) {
    const { restarts, slots, setting } = this.#deps;
    return {
      health: restarts.health(id),
      retryInMs: restarts.waitMs(id),
      maxAttempts: setting('supervisor.maxAttempts'),
      turnsTaken: slots.isWaiting(id) ? setting('turns.max') : undefined,
    };
  }

  /** Something about the agent may have changed; what happens at once is told once. */
  touch(id: AgentId): void {
    if (this.#touched.size === 0) setImmediate(() => this.#tell());
    this.#touched.add(id);
  }

  #tell(): void {
    const touched = [...this.#touched];
    this.#touched.clear();
    for (const id of touched.filter((id) => this.#deps.registry.has(id))) {
      const view = this.view(id);
      const text = JSON.stringify(view);
      if (this.#shown.get(id) === text) continue;
      this.#shown.set(id, text);
      this.changed.emit(view);
    }
  }

  #runtime(id: AgentId): Agent['runtime'] {
    const run = this.#deps.run(id);
    if (!run?.hello) return null;
    const { programPid, programVersion, pid, build } = run.hello;
    const { runId, createdAt } = run.record;
    return { runId, sidecarPid: pid, build, programPid, programVersion, hostname: this.#deps.hostname, startedAt: createdAt };
  }
}
