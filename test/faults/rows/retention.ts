/**
 * The backend is killed at times of chance while old messages, or old items of transcripts, go into archives, out of the
 * database, and free pages back to the disk; and what writes a database anew is killed too. After each kill every one is in
 * the database or in an archive, in no two archives, and byte for byte as it was; at the end all of the old ones are in
 * archives, and nothing else is.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { dataPaths } from '../../../server/base/data-paths.ts';
import { delay } from '../../../server/base/delay.ts';
import type { Connection } from '../../../server/cli/connection.ts';
import { KillableBackend } from '../killable-backend.ts';
import type { Random } from '../random.ts';
import type { Figures, Row, RowContext } from '../row.ts';
import { Tally } from '../tally.ts';
import { type ArchivedKind, archivedKinds } from './archived-kinds.ts';

const points = { short: 6, long: 60 };
/** Some are cut off while an archive is written, some while rows are removed, and some are over. */
const mostWaitMs = 5_000;
const mostCompactMs = 1_500;
const days = 90;

export const retention: Row = {
  name: 'retention',
  async run(context) {
    const world = new World(context);
    try {
      for (let point = 1; point <= (context.points ?? points[context.size]); point += 1) await world.killOnce(point);
      return await world.figures();
    } finally {
      await world.end();
    }
  },
};

class World {
  readonly #random: Random;
  readonly #dataDir: string;
  readonly #dist: string;
  readonly #backend: KillableBackend;
  readonly #kinds: readonly ArchivedKind[];
  readonly #tally = new Tally();
  #cutOff = 0;
  #compactionsCutOff = 0;

  constructor({ random, scratch, dist }: RowContext) {
    this.#random = random.fork();
    this.#dataDir = join(scratch, 'data');
    this.#dist = dist;
    this.#backend = new KillableBackend({ dataDir: this.#dataDir, dist });
    this.#kinds = archivedKinds(dataPaths(this.#dataDir));
  }

  /** Messages and transcripts in turns. */
  async killOnce(point: number): Promise<void> {
    if (point === 1) await this.#begin();
    const kind = this.#kinds[point % this.#kinds.length];
    kind?.fill();
    const { call } = await this.#backend.connect();
    await this.#archiveOnly(call, kind);
    const acked = call('retention/run', {}).then(
      () => true,
      () => false,
    );
    await Promise.race([delay(this.#random.below(mostWaitMs)), acked]);
    await this.#backend.kill();
    this.#tally.points += 1;
    if (await acked) this.#tally.acked += 1;
    else this.#cutOff += 1;
    await this.#judge(`after kill ${point}, of ${kind?.name}`);
    await this.#compact();
    await this.#judge(`after kill ${point} and one of a compaction`);
  }

  /** What was cut off the last time is ended by the next run. */
  async figures(): Promise<Figures> {
    const { call } = await this.#backend.connect();
    await this.#archiveOnly(call, undefined);
    const { problems } = await call('retention/run', {});
    for (const problem of problems) this.#tally.problem(`the last run: ${problem}`);
    await this.#backend.kill();
    await this.#judge('at the end');
    for (const kind of this.#kinds) this.#judgeEnd(kind);
    const counts = this.#kinds.map((kind) => `${kind.added.size} ${kind.name} in ${kind.archives().length} archives`);
    return this.#tally.figures([`${this.#cutOff} runs and ${this.#compactionsCutOff} compactions cut off`, ...counts]);
  }

  end(): Promise<void> {
    return this.#backend.kill();
  }

  /** The backend makes the data directory. */
  async #begin(): Promise<void> {
    await this.#backend.connect();
    await this.#backend.kill();
  }

  /** All of them without one. */
  async #archiveOnly(call: Connection['call'], kind: ArchivedKind | undefined): Promise<void> {
    const values = Object.fromEntries(this.#kinds.map((one) => [one.setting, kind === undefined || one === kind ? days : 0]));
    await call('settings/put', { values });
  }

  /** By the program that owns the data directory meanwhile. */
  async #compact(): Promise<void> {
    const args = [join(this.#dist, 'recover.js'), this.#dataDir, JSON.stringify({ do: 'compact' })];
    const child = spawn(process.execPath, args, { stdio: 'ignore' });
    const ended = once(child, 'exit');
    await Promise.race([delay(this.#random.below(mostCompactMs)), ended]);
    child.kill('SIGKILL');
    const [code] = await ended;
    if (code === null) this.#compactionsCutOff += 1;
    else if (code !== 0) this.#tally.problem('a compaction was refused');
  }

  #judgeEnd(kind: ArchivedKind): void {
    const left = kind.kept().size;
    if (left !== kind.staying) this.#tally.problem(`${left} ${kind.name} are in the database still, and only ${kind.staying} should be`);
  }

  async #judge(where: string): Promise<void> {
    this.#tally.nextStart(this.#dataDir, where);
    for (const kind of this.#kinds) await this.#judgeKind(kind, where);
  }

  async #judgeKind(kind: ArchivedKind, where: string): Promise<void> {
    const archived = await kind.archived((id) => {
      this.#tally.duplicates += 1;
      this.#tally.problem(`${where}: ${id} of the ${kind.name} is in two archives`);
    });
    const kept = kind.kept();
    for (const [id, digest] of kind.added) {
      const found = archived.get(id) ?? kept.get(id);
      if (found === digest) continue;
      this.#tally.lost += 1;
      this.#tally.problem(`${where}: ${id} of the ${kind.name} is ${found === undefined ? 'gone' : 'another now'}`);
    }
  }
}
