/**
 * From which level upwards is logged: by the backend, and by each agent's sidecar, which begins with the backend's level
 * unless another was set for its agent. That stays while this backend lives.
 */
import type { AgentId } from '../protocol/ids.ts';
import type { LogLevel } from '../protocol/requests.ts';

export type LogLevelsDeps = {
  readonly backend: { get(): LogLevel; set(level: LogLevel): void };
  /** Of the sidecar that runs for the agent, as it says itself; undefined when none does. */
  readonly ofSidecar: (agentId: AgentId) => LogLevel | undefined;
  /** Does nothing when no sidecar is connected. */
  readonly tellSidecar: (agentId: AgentId, level: LogLevel) => Promise<unknown>;
};

export class LogLevels {
  readonly #deps: LogLevelsDeps;
  readonly #chosen = new Map<AgentId, LogLevel>();

  constructor(deps: LogLevelsDeps) {
    this.#deps = deps;
  }

  /** Of the backend, or of the agent's sidecar. */
  get(agentId?: AgentId): LogLevel {
    if (agentId === undefined) return this.#deps.backend.get();
    return this.#deps.ofSidecar(agentId) ?? this.forStart(agentId);
  }

  /** What the agent's next sidecar begins with. */
  forStart(agentId: AgentId): LogLevel {
    return this.#chosen.get(agentId) ?? this.#deps.backend.get();
  }

  /** Returns the level before. */
  async set(level: LogLevel, agentId?: AgentId): Promise<LogLevel> {
    const previous = this.get(agentId);
    if (agentId === undefined) this.#deps.backend.set(level);
    else {
      this.#chosen.set(agentId, level);
      await this.#deps.tellSidecar(agentId, level);
    }
    return previous;
  }

  /** A sidecar is there, or back: it may have been away when its level was set. */
  async attached(agentId: AgentId): Promise<void> {
    const level = this.#chosen.get(agentId);
    if (level !== undefined && level !== this.#deps.ofSidecar(agentId)) await this.#deps.tellSidecar(agentId, level);
  }

  forget(agentId: AgentId): void {
    this.#chosen.delete(agentId);
  }
}
