/** The workers of all agents; one is made when it is first asked for. */
import type { AgentId } from '../protocol/ids.ts';
import type { AgentStore } from './agent-store.ts';
import { AgentWorker, type WorkerDeps } from './agent-worker.ts';
import type { RunningTurn } from './current-work.ts';
import { type Earlier, isSleep, stopReason } from './run-ends.ts';
import type { Sessions } from './sessions.ts';

export type WorkersDeps = {
  readonly store: AgentStore;
  readonly sessions: Sessions;
  readonly depsOf: (id: AgentId) => WorkerDeps;
};

export class Workers {
  readonly #deps: WorkersDeps;
  readonly #workers = new Map<AgentId, AgentWorker>();
  /** Turns that ran when an earlier backend ended. */
  readonly #interrupted: Map<AgentId, RunningTurn>;

  constructor(deps: WorkersDeps) {
    this.#deps = deps;
    this.#interrupted = runningTurns(deps.sessions);
  }

  of(id: AgentId): AgentWorker {
    const worker = this.#workers.get(id) ?? new AgentWorker(this.#deps.depsOf(id), this.#earlier(id));
    this.#workers.set(id, worker);
    return worker;
  }

  forget(id: AgentId): void {
    this.#workers.delete(id);
  }

  #earlier(id: AgentId): Earlier {
    const turn = this.#interrupted.get(id);
    this.#interrupted.delete(id);
    const last = this.#deps.store.lastRun(id);
    return { turn, isAsleep: isSleep(last?.endReason), takesMail: last !== undefined && last.endReason !== stopReason };
  }
}

function runningTurns(sessions: Sessions): Map<AgentId, RunningTurn> {
  const turns = new Map<AgentId, RunningTurn>();
  for (const { id: sessionId, agentId } of sessions.running()) {
    const turnId = sessions.runningTurn(sessionId);
    if (turnId) turns.set(agentId, { sessionId, turnId });
  }
  return turns;
}
