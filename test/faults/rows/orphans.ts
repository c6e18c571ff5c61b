/**
 * Backends are killed while agents work. The next backend takes each sidecar over and its turn goes on; where none
 * comes, nothing of any run is left once the grace is over.
 */
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { processesOf } from '../../../scripts/processes.ts';
import { delay } from '../../../server/base/delay.ts';
import { isSameProcess, processIdentity } from '../../../server/base/process-identity.ts';
import { newId } from '../../../server/base/uuid.ts';
import type { Connection } from '../../../server/cli/connection.ts';
import type { AgentId, PromptId } from '../../../server/protocol/ids.ts';
import { killOwner } from '../killable-backend.ts';
import { Ledger } from '../ledger.ts';
import { endProcess, openCli } from '../live.ts';
import type { Random } from '../random.ts';
import type { Row, RowContext } from '../row.ts';
import { sideBySide } from '../side-by-side.ts';
import { Tally } from '../tally.ts';
import { hash } from '../verb.ts';

const points = { short: 4, long: 100 };
const worlds = 2;
/** So many kills in a row are followed by a backend; after the next one nobody comes. */
const takenOver = 3;
const graceMs = 3_000;
/** An ending in order takes up to this long once the grace is over. */
const endingMs = 12_000;
const patienceMs = 20_000;
const pollMs = 20;

const root = join(import.meta.dirname, '../../..');
const fixture = (name: string) => join(root, 'test/fixtures/programs', name);

type AgentKind = { readonly name: string; readonly command?: readonly string[]; readonly text: string };

/** One that talks for long, one that talks slowly, one that takes no notice of being told to stop, and one with a child. */
const kinds: readonly AgentKind[] = [
  { name: 'talks', text: 'long' },
  { name: 'hesitates', text: 'slow' },
  { name: 'ignores', command: [process.execPath, fixture('ignores-cancel.mjs')], text: 'go on' },
  { name: 'floods', command: [process.execPath, fixture('floods-in-turn.mjs')], text: 'go on' },
];

export const orphans: Row = {
  name: 'orphans',
  async run(context) {
    const wanted = context.points ?? points[context.size];
    const tally = new Tally();
    const rounds = Array.from({ length: Math.ceil(wanted / (takenOver + 1)) }, (_, round) => ({ round, random: context.random.fork() }));
    const slowest = { ms: 0 };
    await sideBySide(rounds, worlds, async ({ round, random }) => {
      const world = new World(join(context.scratch, `round-${round}`), { context, random, tally });
      try {
        await world.begin();
        for (let kill = 0; kill < takenOver; kill += 1) await world.killAndTakeOver();
        slowest.ms = Math.max(slowest.ms, await world.killAndLeave());
      } finally {
        await world.end();
      }
    });
    return tally.figures([
      `${kinds.length} agents each`,
      `all gone ${Math.round(slowest.ms)} ms after the kill, at a grace of ${graceMs} ms`,
    ]);
  },
};

type Setup = { readonly context: RowContext; readonly random: Random; readonly tally: Tally };

class World {
  readonly #folder: string;
  readonly #dataDir: string;
  readonly #setup: Setup;
  readonly #ledger = new Ledger();
  readonly #prompted: { readonly id: AgentId; readonly text: string }[] = [];
  #connection: Connection | undefined;
  #n = 0;

  constructor(folder: string, setup: Setup) {
    this.#folder = folder;
    this.#dataDir = join(folder, 'data');
    this.#setup = setup;
  }

  async begin(): Promise<void> {
    const project = join(this.#folder, 'project');
    mkdirSync(this.#folder);
    cpSync(join(root, 'test/fixtures/sample-project'), project, { recursive: true });
    const connection = await this.#connect();
    await connection.call('project/add', { path: project, name: 'project', trusted: true });
    const environment = { AGOR_DEMO_STATE_DIR: join(this.#folder, 'demo') };
    for (const { name, command, text } of kinds) {
      const how = command ? { provider: 'acp' as const, command: [...command] } : { provider: 'demo' as const };
      const { id } = await connection.call('agent/add', { project: 'project', name, ...how, environment, sandboxMode: 'off' });
      this.#prompted.push({ id, text });
    }
  }

  async killAndTakeOver(): Promise<void> {
    await this.#busy();
    const before = await this.#sidecars();
    await this.#kill();
    await delay(this.#setup.random.below(graceMs / 4));
    await this.#connect();
    const lost = await this.#waitUntilTakenOver(before);
    for (const name of lost) this.#setup.tally.problem(`${name} was not taken over by the next backend`);
  }

  /** Returns how long it took until nothing was left. */
  async killAndLeave(): Promise<number> {
    await this.#busy();
    await delay(this.#setup.random.below(300));
    const alive = processesOf(this.#dataDir).flatMap(({ pid }) => processIdentity(pid) ?? []);
    await this.#kill();
    const startedAt = performance.now();
    while (alive.some(isSameProcess) && performance.now() - startedAt < graceMs + endingMs) await delay(pollMs);
    for (const { pid } of alive.filter(isSameProcess)) this.#setup.tally.problem(`process ${pid} is left after the grace`);
    this.#setup.tally.acked += this.#ledger.acked;
    this.#setup.tally.conserve(this.#ledger, this.#dataDir, { where: 'after the grace' });
    return performance.now() - startedAt;
  }

  async end(): Promise<void> {
    this.#connection?.close();
    for (const { pid } of processesOf(this.#dataDir)) endProcess(pid);
  }

  /** Each agent has a turn that runs. */
  async #busy(): Promise<void> {
    const connection = this.#connection;
    if (!connection) throw new Error('nobody is connected');
    for (const { id, text } of this.#prompted) {
      const { agents } = await connection.call('agent/list', {});
      const agent = agents.find((known) => known.id === id);
      if (agent?.state !== 'running') await this.#prompt(connection, id, text);
    }
    const startedAt = performance.now();
    while ((await this.#sidecars()).size < kinds.length && performance.now() - startedAt < patienceMs) await delay(pollMs);
  }

  async #prompt(connection: Connection, agent: AgentId, text: string): Promise<void> {
    const promptId = newId<PromptId>();
    this.#n += 1;
    const entry = { verb: 'agent/prompt', sender: 'person', n: this.#n, key: promptId, bodyHash: hash(text), audits: [] };
    this.#ledger.intend(entry);
    await connection.call('agent/prompt', { agent, text, promptId });
    this.#ledger.ack(entry);
  }

  /** Those that are connected, by agent. */
  async #sidecars(): Promise<Map<string, number>> {
    const health = await this.#connection?.call('health/get', {});
    return new Map(health?.sidecars.filter(({ connected }) => connected).map(({ agentId, pid }) => [agentId, pid]));
  }

  async #waitUntilTakenOver(before: ReadonlyMap<string, number>): Promise<string[]> {
    const startedAt = performance.now();
    for (;;) {
      const now = await this.#sidecars();
      const missing = [...before].filter(([agentId, pid]) => now.get(agentId) !== pid).map(([agentId]) => agentId);
      if (missing.length === 0 || performance.now() - startedAt > patienceMs) return missing;
      await delay(pollMs);
    }
  }

  async #kill(): Promise<void> {
    if (!(await killOwner(this.#dataDir))) throw new Error('there is no backend to kill');
    this.#connection?.close();
    this.#setup.tally.points += 1;
  }

  async #connect(): Promise<Connection> {
    process.env.AGOR_ORPHAN_GRACE_MINUTES = String(graceMs / 60_000);
    try {
      this.#connection = await openCli({ dataDir: this.#dataDir, dist: this.#setup.context.dist });
      return this.#connection;
    } finally {
      delete process.env.AGOR_ORPHAN_GRACE_MINUTES;
    }
  }
}
