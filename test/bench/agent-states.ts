/** What the backend tells of agents, with the time at which each change was heard. */
import type { Connection } from '../../server/cli/connection.ts';
import type { Agent } from '../../server/protocol/agent.ts';

export type Heard = { readonly agent: Agent; readonly at: number };

export class AgentStates {
  readonly #last = new Map<Agent['id'], Heard>();
  readonly #waiting = new Set<() => void>();

  constructor(connection: Connection) {
    connection.on('agent/changed', ({ agent }) => {
      this.#last.set(agent.id, { agent, at: performance.now() });
      for (const look of this.#waiting) look();
    });
  }

  now(id: Agent['id']): Heard {
    const heard = this.#last.get(id);
    if (!heard) throw new Error(`Nothing was heard of the agent ${id} yet.`);
    return heard;
  }

  /** What was heard last counts as well. */
  async until(id: Agent['id'], claim: (agent: Agent) => boolean): Promise<Heard> {
    const { promise, resolve } = Promise.withResolvers<Heard>();
    const look = () => {
      const heard = this.#last.get(id);
      if (heard && claim(heard.agent)) resolve(heard);
    };
    this.#waiting.add(look);
    look();
    const heard = await promise;
    this.#waiting.delete(look);
    return heard;
  }
}
