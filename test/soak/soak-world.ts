/** What is soaked: a backend, demo agents that work and talk, and callers whose every call is kept in a ledger. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { delay } from '../../server/base/delay.ts';
import type { Agent } from '../../server/protocol/agent.ts';
import { newTally } from '../faults/conserve.ts';
import { Ledger } from '../faults/ledger.ts';
import { recordSidecar } from '../faults/live.ts';
import { prepareStage } from '../faults/prepare-stage.ts';
import type { Random } from '../faults/random.ts';
import { SenderLoop } from '../faults/sender-loop.ts';
import { StandIn } from '../faults/stand-in.ts';
import { Tally } from '../faults/tally.ts';
import { KeptBackend } from './kept-backend.ts';
import { WorkingAgent } from './working-agent.ts';

export type SoakOptions = {
  readonly dist: string;
  /** A folder of its own. */
  readonly scratch: string;
  readonly agents: number;
  readonly random: Random;
  /** Between two calls of one caller, and in the middle between a turn and the next prompt of an agent. */
  readonly callEveryMs: number;
  readonly promptEveryMs: number;
};

/** What they call leaves no more that lives: what a person has made grows by itself, and would hide what leaks. */
const callers = [
  { name: 'prompts', verbs: [...Array(12).fill('agent/prompt'), 'agent/interrupt'], playsSidecar: false },
  { name: 'views and tasks', verbs: ['view/put', 'task/remove'], playsSidecar: false },
  { name: 'events', verbs: ['run/append'], playsSidecar: true },
] as const;
const retryMs = 200;
const projectName = 'soak';

export class SoakWorld {
  readonly backend: KeptBackend;
  readonly ledger = new Ledger();
  readonly dataDir: string;
  readonly #options: SoakOptions;
  readonly #tally = new Tally();
  readonly #audit = newTally();
  readonly #stop = new AbortController();
  readonly #senders: SenderLoop[] = [];
  readonly #standIns: StandIn[] = [];
  readonly #running: Promise<void>[] = [];

  static async open(options: SoakOptions): Promise<SoakWorld> {
    const world = new SoakWorld(options);
    try {
      await world.#prepareCallers();
      await world.#prepareAgents();
      return world;
    } catch (error) {
      await world.close();
      throw error;
    }
  }

  private constructor(options: SoakOptions) {
    this.#options = options;
    this.dataDir = join(options.scratch, 'data');
    this.backend = new KeptBackend({ dist: options.dist, dataDir: this.dataDir, loopFile: join(options.scratch, 'loop.jsonl') });
  }

  get loopFile(): string {
    return join(this.#options.scratch, 'loop.jsonl');
  }

  /** Those that the backend knows of now, without the stand-ins. */
  async agents(): Promise<Agent[]> {
    const { agents } = await this.backend.call('agent/list', {}).catch(() => ({ agents: [] }));
    return agents.filter(({ name }) => name.startsWith('worker-'));
  }

  /** Returns whether everything that was acknowledged is there. */
  look(scope: 'fresh' | 'all', where: string): boolean {
    return this.#tally.conserve(this.ledger, this.dataDir, { scope, tally: this.#audit, where });
  }

  problem(what: string): void {
    this.#tally.problem(what);
  }

  figures() {
    this.#tally.acked = this.ledger.acked;
    return this.#tally.figures();
  }

  /** Nobody calls any more, and what was given has its end. */
  async rest(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
    for (const sender of this.#senders) sender.detach();
  }

  async close(): Promise<void> {
    this.#stop.abort();
    // Sidecars outlive their backend, so the agents go first; where they were never added there are none to go.
    await this.backend.call('project/remove', { project: projectName }).catch(() => undefined);
    await this.backend.stop();
    for (const standIn of this.#standIns) standIn.end();
    await Promise.all(this.#running);
    for (const sender of this.#senders) sender.detach();
  }

  /** The stand-in of a sidecar is found on record by the backend that starts next. */
  async #prepareCallers(): Promise<void> {
    const { scratch, dist, random } = this.#options;
    await this.backend.start();
    const connection = await this.backend.connection();
    const voice = { call: connection.call, append: () => Promise.reject(new Error('nobody plays a sidecar here')) };
    for (const [index, caller] of callers.entries()) {
      const facts = await prepareStage(voice, join(scratch, `stage-${index}`), index);
      if (caller.playsSidecar) this.#standIn((pid) => recordSidecar(this.dataDir, facts, pid));
      const { ledger, dataDir } = this;
      const pause = () => delay(this.#options.callEveryMs, this.#stop.signal);
      this.#senders.push(new SenderLoop({ dataDir, dist, facts, ledger, random: random.fork(), pause }, caller));
    }
    await this.backend.restart();
    for (const sender of this.#senders) this.#running.push(this.#keepCalling(sender));
  }

  async #prepareAgents(): Promise<void> {
    const { scratch, agents, random, promptEveryMs } = this.#options;
    const folder = join(scratch, projectName);
    mkdirSync(folder);
    await this.backend.call('project/add', { path: folder, name: projectName, trusted: true });
    await this.backend.call('settings/put', { values: { 'turns.max': 100 } });
    for (let n = 0; n < agents; n += 1) {
      const environment = { AGOR_DEMO_STATE_DIR: join(scratch, 'demo'), AGOR_DEMO_SPEED: '4' };
      const agent = await this.backend.call('agent/add', { project: projectName, name: `worker-${n}`, provider: 'demo', environment });
      const worker = { agent, neighbour: `worker-${(n + 1) % agents}`, random: random.fork(), pauseMs: promptEveryMs };
      const { backend, ledger } = this;
      this.#running.push(new WorkingAgent({ ...worker, backend, ledger }).work(this.#stop.signal));
    }
  }

  #standIn(record: (pid: number) => void): void {
    const standIn = new StandIn();
    this.#standIns.push(standIn);
    record(standIn.pid);
  }

  /** With the next backend, when one went away under it. */
  async #keepCalling(sender: SenderLoop): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const isAttached = await sender.attach().then(
        () => true,
        () => false,
      );
      const refusals = isAttached ? await sender.runUntilCut(signal) : [];
      for (const refusal of refusals) this.problem(`refused without a fault: ${refusal}`);
      if (!isAttached) await delay(retryMs, signal);
    }
  }
}
