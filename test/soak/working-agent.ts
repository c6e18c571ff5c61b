/** A demo agent that is given one prompt after the other, each of them kept in the ledger, and that writes to its neighbour. */
import { delay } from '../../server/base/delay.ts';
import { newId } from '../../server/base/uuid.ts';
import type { Agent } from '../../server/protocol/agent.ts';
import type { PromptId } from '../../server/protocol/ids.ts';
import type { Ledger } from '../faults/ledger.ts';
import type { Random } from '../faults/random.ts';
import { hash } from '../faults/verb.ts';
import type { KeptBackend } from './kept-backend.ts';

export type WorkingOptions = {
  readonly backend: KeptBackend;
  readonly ledger: Ledger;
  readonly random: Random;
  readonly agent: Pick<Agent, 'id' | 'name'>;
  readonly neighbour: string;
  readonly pauseMs: number;
};

const pollMs = 1_000;
const retryMs = 500;

export class WorkingAgent {
  readonly #options: WorkingOptions;
  #n = 0;

  constructor(options: WorkingOptions) {
    this.#options = options;
  }

  async work(signal: AbortSignal): Promise<void> {
    const { random, pauseMs } = this.#options;
    while (!signal.aborted) {
      await this.#prompt(signal);
      await this.#untilIdle(signal);
      await delay(random.between(pauseMs / 2, pauseMs * 1.5), signal);
    }
  }

  /** The same prompt again when its answer was lost: its id makes it one. */
  async #prompt(signal: AbortSignal): Promise<void> {
    const { agent, backend, ledger } = this.#options;
    this.#n += 1;
    const promptId = newId<PromptId>();
    const text = this.#text();
    const entry = { verb: 'agent/prompt', sender: agent.name, n: this.#n, key: promptId, bodyHash: hash(text), audits: [] };
    ledger.intend(entry);
    while (!signal.aborted) {
      const isTaken = await backend.call('agent/prompt', { agent: agent.id, text, promptId }).then(
        () => true,
        () => false,
      );
      if (isTaken) return ledger.ack(entry);
      await delay(retryMs, signal);
      ledger.repeat(entry);
    }
  }

  async #untilIdle(signal: AbortSignal): Promise<void> {
    const { agent, backend } = this.#options;
    while (!signal.aborted) {
      const { agents } = await backend.call('agent/list', {}).catch(() => ({ agents: [] }));
      const { state, queuedPrompts } = agents.find(({ id }) => id === agent.id) ?? {};
      if (queuedPrompts === 0 && (state === 'idle' || state === 'sleeping' || state === 'stopped')) return;
      await delay(pollMs, signal);
    }
  }

  #text(): string {
    const { random, neighbour } = this.#options;
    return random.pick(['help', 'tools', 'long', 'inbox', 'tasks', `tell ${neighbour} this is number ${this.#n}`]);
  }
}
