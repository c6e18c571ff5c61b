/** The backend is killed at times of chance while eight senders call it; each time it is back, and nothing is lost. */
import { join } from 'node:path';
import { delay } from '../../../server/base/delay.ts';
import { isSameProcess } from '../../../server/base/process-identity.ts';
import type { Connection } from '../../../server/cli/connection.ts';
import { newTally } from '../conserve.ts';
import { Ledger } from '../ledger.ts';
import { openCli, readOwner, recordSidecar } from '../live.ts';
import { prepareStage } from '../prepare-stage.ts';
import type { Random } from '../random.ts';
import type { Figures, Row, RowContext } from '../row.ts';
import { SenderLoop } from '../sender-loop.ts';
import type { StageFacts } from '../stage.ts';
import { StandIn } from '../stand-in.ts';
import { Tally } from '../tally.ts';
import { verbs } from '../verbs.ts';

const points = { short: 8, long: 1_000 };
const checkAllEvery = 100;
/** The longest that the senders go on between two kills. */
const mostWorkMs = 400;
/** What takes an agent, its question and its answer is given more of it. */
const mostDecidingMs = 3_000;
/** Ready again within this, from the kill on; asserted where the machine has nothing else to do. */
const readyWithinMs = 2_000;

/** In which a sidecar has its say. */
const told = [
  ...['approval/answerAll', 'rule/add', 'rule/remove'],
  ...['run/append', 'approval/answer', 'message/reply', 'message/read', 'screening/release', 'screening/discard'],
  ...['deadLetter/redeliver', 'deadLetter/discard', 'notice/markRead', 'notice/clear'],
];
const asked = [...verbs.keys()].filter((name) => !told.includes(name));
/** What waits is taken back now and then, as a person would, or it grows without end. */
const prompts = [...Array(12).fill('agent/prompt'), 'agent/interrupt'];
type Senders = readonly (readonly string[])[];

/** What each of the senders calls. */
const everything: Senders = [prompts, prompts, [...prompts, 'view/put'], asked, asked, ['run/append'], ['run/append'], told];

const decisions = ['approval/answer', 'approval/answerAll', 'rule/add', 'rule/remove'];
const deciders: Senders = [decisions, decisions, decisions, ['rule/add'], ['approval/answer'], ['agent/setMode']];

export const kills: Row = { name: 'kills', run: (context) => killed(context, { senders: everything, workMs: mostWorkMs }) };

/** The same, while nothing but answers, rules and modes are given. */
export const decisionKills: Row = { name: 'decisions', run: (context) => killed(context, { senders: deciders, workMs: mostDecidingMs }) };

type Course = { readonly senders: Senders; readonly workMs: number };

async function killed(context: RowContext, { senders, workMs }: Course): Promise<Figures> {
  const wanted = context.points ?? points[context.size];
  const world = await World.open(context, senders);
  try {
    for (let kill = 1; kill <= wanted; kill += 1) {
      const scope = kill === wanted || kill % checkAllEvery === 0 ? 'all' : 'fresh';
      await world.killOnce(scope, workMs);
    }
    return await world.figures();
  } finally {
    await world.close();
  }
}

class World {
  readonly #context: RowContext;
  readonly #dataDir: string;
  readonly #random: Random;
  readonly #ledger = new Ledger();
  readonly #audit = newTally();
  readonly #tally = new Tally();
  readonly #readyMs: number[] = [];
  readonly #loops: SenderLoop[] = [];
  readonly #standIns: StandIn[] = [];
  #connection: Connection | undefined;

  static async open(context: RowContext, senders: Senders): Promise<World> {
    const world = new World(context);
    await world.#prepare(senders);
    return world;
  }

  private constructor(context: RowContext) {
    this.#context = context;
    this.#random = context.random.fork();
    this.#dataDir = join(context.scratch, 'data');
  }

  /** Lets the senders go on for a moment, kills the backend under them, waits for the next one, and looks for everything. */
  async killOnce(scope: 'all' | 'fresh', workMs: number): Promise<void> {
    await Promise.all(this.#loops.map((loop) => loop.attach()));
    const ended = this.#loops.map((loop) => loop.runUntilCut());
    await delay(this.#random.between(5, workMs));
    const owner = readOwner(this.#dataDir);
    const killedAt = performance.now();
    if (owner) process.kill(owner.pid, 'SIGKILL');
    await this.#connect();
    this.#readyMs.push(performance.now() - killedAt);
    for (const refusal of (await Promise.all(ended)).flat()) this.#tally.problem(`refused without a fault: ${refusal}`);
    this.#tally.points += 1;
    this.#tally.conserve(this.#ledger, this.#dataDir, { scope, tally: this.#audit, where: `kill ${this.#tally.points}` });
  }

  async figures(): Promise<Figures> {
    const health = await this.#connection?.call('health/get', {});
    for (const problem of health?.problems ?? []) this.#tally.problem(`the backend says: ${problem}`);
    const slowest = Math.max(...this.#readyMs);
    if (this.#context.size === 'long' && slowest > readyWithinMs)
      this.#tally.problem(`once it took ${Math.round(slowest)} ms to be ready again`);
    this.#tally.acked = this.#ledger.acked;
    const sorted = this.#readyMs.toSorted((a, b) => a - b);
    const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? slowest;
    return this.#tally.figures([`ready again: p99 ${Math.round(p99)} ms, max ${Math.round(slowest)} ms`]);
  }

  async close(): Promise<void> {
    await this.#stop();
    for (const loop of this.#loops) loop.detach();
    for (const standIn of this.#standIns) standIn.end();
  }

  async #prepare(senders: Senders): Promise<void> {
    const connection = await this.#connect();
    for (const [index, names] of senders.entries()) {
      const facts = await prepareStage(connectionVoice(connection), join(this.#context.scratch, `stage-${index}`), index);
      const isTold = names.some((name) => told.includes(name));
      if (isTold) this.#standIn(facts);
      const sender = { name: `sender ${index}`, verbs: names, playsSidecar: isTold };
      const random = this.#random.fork();
      this.#loops.push(new SenderLoop({ dataDir: this.#dataDir, dist: this.#context.dist, facts, ledger: this.#ledger, random }, sender));
    }
    // The next backend finds the runs on record.
    await this.#stop();
    await this.#connect();
  }

  async #stop(): Promise<void> {
    const owner = readOwner(this.#dataDir);
    await this.#connection?.call('backend/stop', {}).catch(() => {
      // It ends before its answer is out, or has ended already.
    });
    while (owner && isSameProcess(owner)) await delay(5);
  }

  #standIn(facts: StageFacts): void {
    const standIn = new StandIn();
    this.#standIns.push(standIn);
    recordSidecar(this.#dataDir, facts, standIn.pid);
  }

  async #connect(): Promise<Connection> {
    this.#connection?.close();
    this.#connection = await openCli({ dataDir: this.#dataDir, dist: this.#context.dist });
    await this.#connection.call('health/get', {});
    return this.#connection;
  }
}

function connectionVoice(connection: Connection) {
  return { call: connection.call, append: () => Promise.reject(new Error('nobody plays a sidecar here')) };
}
