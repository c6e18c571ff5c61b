/**
 * Several backends for one data directory: each race has one owner. An owner that is stopped, or that left its socket,
 * its record or rubbish behind, is followed by the next one, and nobody else's process is touched.
 */
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataPaths } from '../../../server/base/data-paths.ts';
import { delay } from '../../../server/base/delay.ts';
import { isSameProcess, processIdentity } from '../../../server/base/process-identity.ts';
import type { OwnerRecord } from '../../../server/protocol/owner-record.ts';
import { killOwner } from '../killable-backend.ts';
import { Ledger } from '../ledger.ts';
import { attachClient, LiveBackend, openCli, readOwner, StageVoice } from '../live.ts';
import type { Row, RowContext } from '../row.ts';
import { Stage } from '../stage.ts';
import { StandIn } from '../stand-in.ts';
import { Tally } from '../tally.ts';
import { makeTemplate } from '../template.ts';
import { verbs } from '../verbs.ts';

const races = { short: 3, long: 50 };
const shortLeftBehind = 3;
const starters = 4;
const pollMs = 10;

export const owners: Row = {
  name: 'owners',
  async run(context) {
    const template = await makeTemplate(context);
    const subject = new Subject(template.copy('data'), new Stage(template.stages[0]), context);
    for (let race = context.points ?? races[context.size]; race > 0; race -= 1) await subject.race();
    const all = Object.entries(leftBehind);
    const left = context.size === 'short' ? context.random.some(all, shortLeftBehind) : all;
    for (const [name, leave] of left) await subject.startsAfter(name, leave);
    // A process that is stopped is only known by its silence, and that takes its time.
    if (context.size === 'long') await subject.followsStopped();
    return subject.figures();
  },
};

type Stranger = NonNullable<ReturnType<typeof processIdentity>>;

/** What the last owner may have left, or somebody else put there; `stranger` lives and must go on living. */
const leftBehind: Readonly<Record<string, (dataDir: string, stranger: Stranger) => void>> = {
  'a file in place of the socket': (dataDir) => replace(dataPaths(dataDir).socket, 'not a socket'),
  'a link in place of the socket': (dataDir) => {
    const { socket } = dataPaths(dataDir);
    rmSync(socket, { force: true });
    symlinkSync(join(dataDir, 'nowhere'), socket);
  },
  'a record that is no JSON': (dataDir) => replace(dataPaths(dataDir).ownerRecord, '{"pid": 1,'),
  'a record that names a process which was started later': (dataDir, stranger) => recordOwner(dataDir, { ...stranger, startTime: '1' }),
  'a record that names a process of someone else': (dataDir, stranger) => recordOwner(dataDir, stranger),
  'a record of an earlier boot': (dataDir, stranger) => recordOwner(dataDir, { ...stranger, bootId: 'another' }),
  'no token': (dataDir) => rmSync(dataPaths(dataDir).token, { force: true }),
  'no folder for what runs': (dataDir) => {
    rmSync(dataPaths(dataDir).run, { recursive: true, force: true });
    mkdirSync(dataPaths(dataDir).run, { mode: 0o700 });
  },
};

function replace(path: string, text: string): void {
  rmSync(path, { force: true });
  writeFileSync(path, text);
}

function recordOwner(dataDir: string, identity: Stranger): void {
  const { ownerRecord, socket: socketPath } = dataPaths(dataDir);
  const build = { version: '0.0.0', gitSha: 'none', buildTime: 0, nodeVersion: process.version };
  replace(ownerRecord, JSON.stringify({ ...identity, build, socketPath, startedAt: 1 } satisfies OwnerRecord));
}

class Subject {
  readonly #dataDir: string;
  readonly #stage: Stage;
  readonly #context: RowContext;
  readonly #ledger = new Ledger();
  readonly #tally = new Tally();
  #n = 0;
  #leftBehind = 0;

  constructor(dataDir: string, stage: Stage, context: RowContext) {
    this.#dataDir = dataDir;
    this.#stage = stage;
    this.#context = context;
  }

  /** Several at the same moment; the owner is killed in the end, so that the next race begins after a crash. */
  async race(): Promise<void> {
    const { dist } = this.#context;
    const racing = Array.from({ length: starters }, () => new LiveBackend({ dist, dataDir: this.#dataDir }));
    const codes: (number | null)[] = [];
    for (const backend of racing) void backend.exited.then((code) => codes.push(code));
    try {
      while (codes.length < starters - 1) await delay(pollMs);
      const alive = racing.filter(({ child }) => child.exitCode === null && child.signalCode === null);
      // The others end as soon as the directory is somebody's, which may be before that one listens.
      await alive[0]?.ready();
      await this.#use();
      if (alive.length !== 1) this.#tally.problem(`a race had ${alive.length} owners`);
      if (alive[0]?.child.pid !== readOwner(this.#dataDir)?.pid) this.#tally.problem('the record names someone who is not the owner');
      if (codes.some((code) => code !== 0)) this.#tally.problem(`those that lost ended with ${codes}`);
    } finally {
      await Promise.all(racing.map((backend) => backend.kill()));
    }
    this.#check('a race');
  }

  async startsAfter(name: string, leave: (dataDir: string, stranger: Stranger) => void): Promise<void> {
    const standIn = new StandIn();
    const stranger = processIdentity(standIn.pid);
    if (!stranger) throw new Error('the stand-in does not run');
    try {
      leave(this.#dataDir, stranger);
      await this.#reach();
      if (!isSameProcess(stranger)) this.#tally.problem(`after ${name} a process of someone else was ended`);
    } catch (error) {
      this.#tally.problem(`after ${name}: ${error}`);
    } finally {
      standIn.end();
    }
    this.#leftBehind += 1;
    this.#check(name);
  }

  /** While it is stopped nobody else owns the directory; whoever needs a backend ends it and starts one. */
  async followsStopped(): Promise<void> {
    const first = new LiveBackend({ dist: this.#context.dist, dataDir: this.#dataDir });
    await first.ready();
    first.child.kill('SIGSTOP');
    const second = new LiveBackend({ dist: this.#context.dist, dataDir: this.#dataDir });
    if ((await second.exited) !== 0) this.#tally.problem(`beside a stopped owner another one ended badly: ${second.stderr}`);
    try {
      await this.#reach();
    } catch (error) {
      this.#tally.problem(`after a stopped owner: ${error}`);
    } finally {
      await first.kill();
    }
    this.#check('a stopped owner');
  }

  figures() {
    this.#tally.acked = this.#ledger.acked;
    return this.#tally.figures([`${starters} starters a race`, `${this.#leftBehind} things left behind`]);
  }

  /** As a window does it: attaches, or starts a backend. */
  async #reach(): Promise<void> {
    const connection = await openCli({ dataDir: this.#dataDir, dist: this.#context.dist });
    await this.#use();
    connection.close();
    if (!(await killOwner(this.#dataDir))) throw new Error('no owner is on record');
  }

  /** One prompt, delivered to one owner. */
  async #use(): Promise<void> {
    const voice = new StageVoice(await attachClient({ dist: this.#context.dist, dataDir: this.#dataDir }));
    this.#n += 1;
    const attempt = verbs.get('agent/prompt')?.attempt(this.#stage, { name: 'one', n: this.#n }, this.#context.random);
    if (!attempt) throw new Error('the table of verbs has no agent/prompt');
    this.#ledger.intend(attempt.entry);
    this.#ledger.ack(attempt.entry, await attempt.perform(voice));
    voice.close();
  }

  #check(where: string): void {
    this.#tally.points += 1;
    this.#tally.conserve(this.#ledger, this.#dataDir, { scope: 'fresh', where });
  }
}
