/**
 * Agents write to each other while backends and sidecars are killed. Afterwards each message that was acknowledged was
 * seen once by the program that it was for, in the order of its sender, and no agent is idle with mail that it has not read.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { endProcesses, processesOf } from '../../../scripts/processes.ts';
import { delay } from '../../../server/base/delay.ts';
import type { Connection } from '../../../server/cli/connection.ts';
import { GrowingLines } from '../growing-lines.ts';
import { killOwner } from '../killable-backend.ts';
import { endProcess, openCli } from '../live.ts';
import type { Random } from '../random.ts';
import type { Row, RowContext } from '../row.ts';
import { Tally } from '../tally.ts';

const sizes = {
  short: { agents: 4, each: 60, killEveryMs: { from: 50, to: 200 } },
  long: { agents: 20, each: 500, killEveryMs: { from: 300, to: 1_500 } },
};
/** So few that agents are given up on and started again by hand: their mail waits for them. A restart itself waits for nothing. */
const supervisor = { 'supervisor.baseDelayMs': 10, 'supervisor.maxDelayMs': 100, 'supervisor.maxAttempts': 6 };
const lookForGivenUpEveryMs = 1_000;
/** Without a step forward for so long, it is over. */
const patienceMs = 60_000;
const pollMs = 100;
const endGraceMs = 2_000;
const fixture = join(import.meta.dirname, '../../fixtures/programs/counts-mail.mjs');

export const messages: Row = {
  name: 'messages',
  async run(context) {
    const world = new World(context);
    try {
      await world.begin();
      await world.killUntilAllIsSeen();
      await world.judge();
      return world.tally.figures(world.notes());
    } finally {
      await world.end();
    }
  },
};

type Acked = { readonly from: string; readonly seq: number; readonly to: string; readonly isQueued: boolean };

class World {
  readonly tally = new Tally();
  readonly #context: RowContext;
  readonly #random: Random;
  readonly #dir: string;
  readonly #dataDir: string;
  readonly #agents: readonly Agent[];
  readonly #each: number;
  readonly #killEveryMs: { readonly from: number; readonly to: number };
  readonly #kills = { backends: 0, sidecars: 0 };
  #startedAgain = 0;
  #connection: Connection | undefined;
  #tookMs = 0;

  constructor(context: RowContext) {
    const { agents, each, killEveryMs } = sizes[context.size];
    this.#context = context;
    this.#killEveryMs = killEveryMs;
    this.#random = context.random;
    this.#dir = join(context.scratch, 'ledgers');
    this.#dataDir = join(context.scratch, 'data');
    this.#agents = Array.from({ length: agents }, (_, index) => agentOf(`agent${index}`, this.#dir));
    this.#each = context.points === undefined ? each : Math.ceil(context.points / agents);
  }

  async begin(): Promise<void> {
    const project = join(this.#context.scratch, 'project');
    for (const folder of [this.#dir, project]) mkdirSync(folder);
    const connection = await this.#connect();
    const values = { 'turns.max': 100, 'messages.perMinute': 100_000, 'messages.maxHops': 1_000, ...supervisor };
    await connection.call('settings/put', { values });
    await connection.call('project/add', { path: project, name: 'project', trusted: true });
    const names = this.#agents.map(({ name }) => name);
    for (const name of names) {
      const peers = names.filter((other) => other !== name).join(',');
      const environment = { COUNTS_DIR: this.#dir, COUNTS_NAME: name, COUNTS_PEERS: peers, COUNTS_TOTAL: String(this.#each) };
      const command = [process.execPath, fixture];
      await connection.call('agent/add', { project: 'project', name, provider: 'acp', command, environment, sandboxMode: 'off' });
    }
    for (const name of names) await connection.call('agent/start', { agent: name });
  }

  async killUntilAllIsSeen(): Promise<void> {
    const startedAt = performance.now();
    let lastStepAt = startedAt;
    let known = 0;
    const { from, to } = this.#killEveryMs;
    let nextKillAt = startedAt + from;
    let nextLookAt = startedAt;
    while (this.#seenCount() < this.#agents.length * this.#each && performance.now() - lastStepAt < patienceMs) {
      await delay(pollMs);
      const count = this.#seenCount() + this.#acked().length;
      if (count > known) lastStepAt = performance.now();
      known = count;
      if (performance.now() >= nextLookAt) {
        await this.#startGivenUp();
        nextLookAt = performance.now() + lookForGivenUpEveryMs;
      }
      if (performance.now() < nextKillAt || this.#isAllSent()) continue;
      await this.#killOne();
      nextKillAt = performance.now() + from + this.#random.below(to - from);
    }
    this.#tookMs = performance.now() - startedAt;
  }

  async judge(): Promise<void> {
    const acked = this.#acked();
    this.tally.acked += acked.length;
    for (const [name, received] of this.#received()) {
      const due = acked.filter(({ to }) => to === name).map(({ from, seq }) => `${from}-${seq}`);
      const lost = due.filter((number) => !received.includes(number));
      this.tally.lost += lost.length;
      this.tally.duplicates += received.length - new Set(received).size;
      if (lost.length > 0) this.tally.problem(`${name} never saw ${lost.slice(0, 5).join(', ')}`);
      for (const twice of twiceIn(received).slice(0, 5)) this.tally.problem(`${name} saw ${twice} twice`);
      for (const early of outOfOrder(received).slice(0, 5)) this.tally.problem(`${name} saw ${early} behind a later one of its sender`);
    }
    if (this.tally.lost > 0) await this.#tellAgents();
    for (const { name, refused } of this.#agents) for (const line of refused.values()) this.tally.problem(`${name} was refused: ${line}`);
    await this.#requireNothingUnread();
  }

  notes(): string[] {
    const { backends, sidecars } = this.#kills;
    const queued = this.#acked().filter(({ isQueued }) => isQueued).length;
    return [
      `${this.#agents.length} agents, ${backends} backends and ${sidecars} sidecars killed, ${this.#startedAgain} agents started again by hand`,
      `${queued} messages written while no backend was there`,
      `all seen after ${(this.#tookMs / 1000).toFixed(1)} s`,
    ];
  }

  async end(): Promise<void> {
    this.#connection?.close();
    // In order first: a backend that is killed may just be starting something.
    await endProcesses(() => processesOf(this.#dataDir), endGraceMs);
  }

  async #requireNothingUnread(): Promise<void> {
    const connection = await this.#connect();
    const startedAt = performance.now();
    let unread = ['everyone'];
    while (unread.length > 0 && performance.now() - startedAt < patienceMs / 4) {
      const { agents } = await connection.call('message/status', {});
      unread = agents.filter((agent) => agent.unread > 0).map(({ party }) => party.name);
      if (unread.length > 0) await delay(pollMs);
    }
    if (unread.length > 0) this.tally.problem(`idle with unread mail: ${unread.join(', ')}`);
  }

  /** As a person does with an agent that was killed more often than the supervisor puts up with. */
  async #startGivenUp(): Promise<void> {
    const { agents } = (await this.#connection?.call('agent/list', {})) ?? { agents: [] };
    for (const { id, state } of agents) {
      if (state !== 'failed') continue;
      await this.#connection?.call('agent/start', { agent: id });
      this.#startedAgain += 1;
    }
  }

  /** What is not seen may be lost, or wait for an agent that does not run. */
  async #tellAgents(): Promise<void> {
    const { agents } = await (await this.#connect()).call('agent/list', {});
    for (const { name, state, stateDetail } of agents) this.tally.problem(`${name} is ${state}: ${stateDetail}`);
  }

  async #killOne(): Promise<void> {
    this.tally.points += 1;
    if (this.#random.below(3) === 0) await this.#killBackend();
    else await this.#killSidecar();
  }

  async #killBackend(): Promise<void> {
    if (!(await killOwner(this.#dataDir))) return;
    this.#connection?.close();
    this.#kills.backends += 1;
    // For a while nobody is there, and agents write all the same.
    await delay(this.#random.below(500));
    await this.#connect();
  }

  async #killSidecar(): Promise<void> {
    const health = await this.#connection?.call('health/get', {});
    const live = health?.sidecars.filter(({ connected }) => connected) ?? [];
    const chosen = live[this.#random.below(Math.max(1, live.length))];
    if (!chosen) return;
    endProcess(chosen.pid);
    this.#kills.sidecars += 1;
  }

  async #connect(): Promise<Connection> {
    this.#connection?.close();
    this.#connection = await openCli({ dataDir: this.#dataDir, dist: this.#context.dist });
    return this.#connection;
  }

  #isAllSent(): boolean {
    return this.#acked().length >= this.#agents.length * this.#each;
  }

  #seenCount(): number {
    return [...this.#received().values()].reduce((sum, received) => sum + received.length, 0);
  }

  #acked(): readonly Acked[] {
    return this.#agents.flatMap(({ acked }) => acked.values());
  }

  /** Of each agent, the numbers that its program has, in the order in which it got them. */
  #received(): Map<string, readonly string[]> {
    return new Map(this.#agents.map(({ name, had }) => [name, had.values()]));
  }
}

type Agent = {
  readonly name: string;
  readonly acked: GrowingLines<Acked>;
  readonly had: GrowingLines<string>;
  readonly refused: GrowingLines<string>;
};

/** With what its program keeps on disk. */
function agentOf(name: string, dir: string): Agent {
  const path = (kind: string) => join(dir, `${name}.${kind}`);
  return {
    name,
    // The fixture writes exactly these fields.
    acked: new GrowingLines(path('acked'), (line) => [{ from: name, ...(JSON.parse(line) as Omit<Acked, 'from'>) }]),
    had: new GrowingLines(path('had'), numbersIn),
    refused: new GrowingLines(path('refused'), (line) => [line]),
  };
}

function numbersIn(line: string): string[] {
  return [...String(JSON.parse(line)).matchAll(/\bn=(agent\d+-\d+);/g)].map(([, number = '']) => number);
}

function twiceIn(numbers: readonly string[]): string[] {
  return numbers.filter((number, index) => numbers.indexOf(number) !== index);
}

function outOfOrder(numbers: readonly string[]): string[] {
  const last = new Map<string, number>();
  return numbers.filter((number) => {
    const [sender = '', seq = '0'] = number.split('-');
    const isEarly = Number(seq) < (last.get(sender) ?? 0);
    last.set(sender, Math.max(Number(seq), last.get(sender) ?? 0));
    return isEarly;
  });
}
