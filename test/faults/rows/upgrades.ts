/**
 * A new build is killed at each call that changes a file while it backs up, migrates and comes up, and again while it goes
 * back after such a kill. Whoever is started then settles it: one build or the other serves, with all there was.
 */
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readBuildInfo } from '../../../server/base/build-info.ts';
import { dataPaths } from '../../../server/base/data-paths.ts';
import { lookAtUpgrade, readDeployed, writeDeployed } from '../../../server/base/upgrade-files.ts';
import { btmsgMigrations } from '../../../server/store/btmsg-schema.ts';
import { sessionsMigrations } from '../../../server/store/sessions-schema.ts';
import { makeBuild } from '../../support/other-build.ts';
import { callsIn, counting, killingAt, killPoints, type Point, strace } from '../inject.ts';
import type { Ledger } from '../ledger.ts';
import { LiveBackend } from '../live.ts';
import type { Row, RowContext } from '../row.ts';
import { Tally } from '../tally.ts';
import { makeOf } from './migrations.ts';

type Course = 'forward' | 'back';
type CoursePoint = Point & { readonly course: Course };

const shortPoints = 6;
/** Both databases have a step to go. */
const before = Math.min(sessionsMigrations.length, btmsgMigrations.length) - 1;
/** The one that is killed, the one that settles it, and one that finds it settled. */
const mostStarts = 3;

export const upgrades: Row = {
  name: 'upgrades',
  needs: [strace],
  async run(context) {
    const stage = await Stage.open(context);
    const all = [...(await stage.pointsOf('forward')), ...(await stage.pointsOf('back'))];
    const points = context.random.some(all, context.points ?? (context.size === 'short' ? shortPoints : all.length));
    for (const point of points) await stage.killAt(point);
    return stage.figures(all.length);
  },
};

class Stage {
  readonly #context: RowContext;
  readonly #tally = new Tally();
  readonly #next: string;
  readonly #ledger: Ledger;
  #wentBack = 0;

  static async open(context: RowContext): Promise<Stage> {
    const [first, next] = await Promise.all([
      makeBuild(context.scratch, { name: 'first', later: 0 }, context.dist),
      makeBuild(context.scratch, { name: 'next', later: 1 }, context.dist),
    ]);
    const stage = new Stage(context, first, next);
    await stage.#keepBroken();
    return stage;
  }

  private constructor(context: RowContext, first: string, next: string) {
    this.#context = context;
    this.#next = next;
    mkdirSync(this.#dataDir, { recursive: true });
    this.#ledger = makeOf(before, this.#folder);
    const build = readBuildInfo(first);
    writeDeployed(dataPaths(this.#dataDir), { sha: 'first', deployedAt: '', build, programDir: first, wireVersion: 3 });
    this.#keep('forward');
  }

  get #folder(): string {
    return join(this.#context.scratch, 'place');
  }

  get #dataDir(): string {
    return join(this.#folder, 'data');
  }

  async pointsOf(course: Course): Promise<CoursePoint[]> {
    this.#prepare(course);
    const log = join(this.#context.scratch, 'calls.log');
    const backend = this.#start(counting(killPoints, log));
    if (!(await backend.ready())) throw new Error(`the backend does not go ${course}: ${backend.stderr}`);
    await backend.kill();
    return [...callsIn(log)].flatMap(([syscall, count]) =>
      Array.from({ length: count }, (_, index) => ({ course, syscall, nth: index + 1 })),
    );
  }

  async killAt({ course, syscall, nth }: CoursePoint): Promise<void> {
    this.#prepare(course);
    const killed = this.#start(killingAt({ syscall, nth }));
    if (await killed.ready()) await killed.kill();
    await killed.exited;
    const where = `${course}, killed at ${syscall} ${nth}`;
    await this.#settle(where);
    this.#tally.points += 1;
    this.#tally.acked += this.#ledger.acked;
    this.#tally.conserve(this.#ledger, this.#dataDir, { where });
    this.#tally.nextStart(this.#dataDir, where);
  }

  figures(known: number) {
    return this.#tally.figures([`${known} points are known`, `${this.#wentBack} went back`]);
  }

  /** Each is ended as soon as it serves, as by a person who is in a hurry. */
  async #settle(where: string): Promise<void> {
    for (let starts = 0; starts < mostStarts; starts += 1) {
      const backend = this.#start([]);
      if (!(await backend.ready())) this.#tally.problem(`${where}: the next one does not start: ${backend.stderr}`);
      await backend.kill();
      const upgrade = lookAtUpgrade(dataPaths(this.#dataDir));
      if (upgrade?.state === 'wentBack' || upgrade?.state === 'done') break;
    }
    const { state } = lookAtUpgrade(dataPaths(this.#dataDir)) ?? {};
    const serves = readDeployed(dataPaths(this.#dataDir))?.sha;
    if (state !== 'wentBack' || serves !== 'first') this.#tally.problem(`${where}: it is ${state}, and ${serves} serves`);
    else this.#wentBack += 1;
  }

  /** A trial that was killed once it listened, with both databases at the new schema. */
  async #keepBroken(): Promise<void> {
    const backend = this.#start([]);
    if (!(await backend.ready())) throw new Error(`the new build does not start: ${backend.stderr}`);
    await backend.kill();
    if (lookAtUpgrade(dataPaths(this.#dataDir))?.state !== 'trying') throw new Error('the new build is not on trial');
    this.#keep('back');
  }

  #start(under: readonly string[]): LiveBackend {
    return new LiveBackend({ dist: this.#next, dataDir: this.#dataDir, under });
  }

  #keep(course: Course): void {
    cpSync(this.#dataDir, join(this.#context.scratch, course), { recursive: true, filter: isNoSocket });
  }

  #prepare(course: Course): void {
    rmSync(this.#dataDir, { recursive: true, force: true });
    cpSync(join(this.#context.scratch, course), this.#dataDir, { recursive: true });
    if (!existsSync(this.#dataDir)) throw new Error('there is nothing to begin with');
  }
}

function isNoSocket(path: string): boolean {
  return !path.endsWith('.sock');
}
