/** The list of the agent's sessions, which is a convenience: when it cannot be read, the connection says so. */
import type { Session } from '../../server/protocol/session.ts';
import type { Host } from '../shared/host.ts';

const sessionsShown = 100;

export class AgentSessions {
  readonly #request: Host['request'];
  readonly #onChange: () => void;
  #all: readonly Session[] = [];

  constructor(request: Host['request'], onChange: () => void) {
    this.#request = request;
    this.#onChange = onChange;
  }

  /** Newest first. */
  get all(): readonly Session[] {
    return this.#all;
  }

  clear(): void {
    this.#all = [];
  }

  async load(agent: string | undefined): Promise<void> {
    if (agent === undefined) return;
    this.#all = (await this.#request('session/list', { agent, limit: sessionsShown })).sessions;
    this.#onChange();
  }
}
