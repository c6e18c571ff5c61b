/**
 * The backend is killed at times of chance while a worktree is made, merged, removed or restored, or a path is leased.
 * What was in the folder is then there, or comes back from the bundle, byte for byte; what was acknowledged holds.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { delay } from '../../../server/base/delay.ts';
import type { Connection } from '../../../server/cli/connection.ts';
import type { WorktreeReport } from '../../../server/protocol/worktree.ts';
import { contentOf, gitEnvironment } from '../../support/worktrees-world.ts';
import { KillableBackend } from '../killable-backend.ts';
import type { Random } from '../random.ts';
import type { Figures, Row, RowContext } from '../row.ts';
import { Tally } from '../tally.ts';

const points = { short: 8, long: 120 };
/** As long as these take on a busy machine: some are cut off, some are not. */
const mostWaitMs = { short: 700, long: 3_000 };
/** A git that goes on without its backend holds its locks for a moment. */
const patienceMs = 60_000;
const againMs = 250;

type Content = Readonly<Record<string, string>>;
type Act = 'worktree/create' | 'worktree/merge' | 'worktree/remove' | 'worktree/restore' | 'worktree/lease';

export const worktrees: Row = {
  name: 'worktrees',
  async run(context) {
    const world = new World(context);
    try {
      await world.prepare();
      for (let point = 1; point <= (context.points ?? points[context.size]); point += 1) await world.killOnce();
      return world.figures();
    } finally {
      await world.end();
    }
  },
};

class World {
  readonly #random: Random;
  readonly #top: string;
  readonly #backend: KillableBackend;
  readonly #tally = new Tally();
  readonly #acts = new Map<string, number>();
  /** What the folder held when it was last looked at; undefined before there is a worktree. */
  #content: Content | undefined;
  #count = 0;

  constructor({ random, scratch, dist }: RowContext) {
    this.#random = random.fork();
    this.#top = join(scratch, 'app');
    this.#backend = new KillableBackend({ dataDir: join(scratch, 'data'), dist });
  }

  async prepare(): Promise<void> {
    mkdirSync(this.#top, { recursive: true });
    this.#git(this.#top, 'init', '--quiet', '--initial-branch=main');
    for (let file = 0; file < 40; file += 1) this.#write(this.#top, `kept/${file}.txt`);
    this.#git(this.#top, 'add', '.');
    this.#git(this.#top, 'commit', '--quiet', '--message', 'first');
    const { call } = await this.#backend.connect();
    const { id: project } = await call('project/add', { path: this.#top, name: 'app', trusted: true });
    await call('agent/add', { project, name: 'ann', provider: 'demo' });
  }

  async killOnce(): Promise<void> {
    const connection = await this.#backend.connect();
    const before = await this.#report(connection);
    const act = this.#nextAct(before);
    if (before && before.state !== 'removed') this.#change(before.worktree.path);
    if (act === 'worktree/merge' && before) this.#commitAll(before.worktree.path);
    if (before && before.state !== 'removed') this.#content = contentOf(before.worktree.path);
    this.#acts.set(act, (this.#acts.get(act) ?? 0) + 1);
    const acked = this.#perform(connection, act).then(
      () => true,
      () => false,
    );
    await Promise.race([delay(this.#random.below(this.#random.chance(0.5) ? mostWaitMs.short : mostWaitMs.long)), acked]);
    await this.#backend.kill();
    this.#tally.points += 1;
    await this.#judge(act, await acked);
  }

  figures(): Figures {
    return this.#tally.figures([`cut off: ${[...this.#acts].map(([act, times]) => `${act} ${times} times`).join(', ')}`]);
  }

  async end(): Promise<void> {
    await this.#backend.kill();
    rmSync(`${this.#top}.worktrees`, { recursive: true, force: true });
  }

  #nextAct(now: WorktreeReport | undefined): Act {
    if (!now) return 'worktree/create';
    if (now.state === 'removed') return 'worktree/restore';
    return this.#random.pick<Act>(['worktree/remove', 'worktree/remove', 'worktree/merge', 'worktree/lease']);
  }

  async #perform({ call }: Connection, act: Act): Promise<unknown> {
    if (act === 'worktree/create') return call(act, { agent: 'ann' });
    if (act === 'worktree/lease') return call(act, { agent: 'ann', path: `kept/${this.#count}.txt`, minutes: 60 });
    return call(act, { worktree: 'ann' });
  }

  async #judge(act: Act, wasAcked: boolean): Promise<void> {
    const connection = await this.#backend.connect();
    if (wasAcked) this.#tally.acked += 1;
    const now = await this.#report(connection);
    const where = `after ${act}, ${wasAcked ? 'acknowledged' : 'cut off'}`;
    if (wasAcked) await this.#judgeAcked(connection, { act, now, where });
    if (!now && this.#content) return this.#lose(`${where}, there is no record of the worktree`);
    if (!now) return this.#untilDone(() => connection.call('worktree/create', { agent: 'ann' }), `${where}, none can be made`);
    if (now.state !== 'removed') return this.#compare(now.worktree.path, where);
    // Left away now and then, so that its way back is cut off too.
    if (this.#random.chance(0.6)) return;
    await this.#untilDone(() => connection.call('worktree/restore', { worktree: 'ann' }), `${where}, it cannot be restored`);
    this.#compare(now.worktree.path, `${where}, then restored`);
  }

  async #judgeAcked(
    { call }: Connection,
    { act, now, where }: { act: Act; now: WorktreeReport | undefined; where: string },
  ): Promise<void> {
    const isRemoved = now?.state === 'removed';
    if (act === 'worktree/create' && !now) this.#lose(`${where}, it is not there`);
    if (act === 'worktree/remove' && !isRemoved) this.#lose(`${where}, it is there as before`);
    if (act === 'worktree/restore' && isRemoved) this.#lose(`${where}, it is still away`);
    if (act === 'worktree/lease') {
      const { leases } = await call('worktree/leases', {});
      if (!leases.some(({ path }) => path === `kept/${this.#count}.txt`)) this.#lose(`${where}, there is no lease`);
    }
    if (act !== 'worktree/merge' || !now) return;
    const head = this.#git(now.worktree.path, 'rev-parse', 'HEAD').trim();
    if (!this.#git(this.#top, 'branch', '--contains', head).includes('main')) this.#lose(`${where}, the base does not have it`);
  }

  #compare(folder: string, where: string): void {
    const now = this.#contentIn(folder);
    const before = this.#content ?? now;
    this.#content = before;
    const missing = Object.keys(before).filter((path) => before[path] !== now[path]);
    if (missing.length > 0) this.#lose(`${where}, these are gone or others: ${missing.slice(0, 5).join(', ')}`);
  }

  #contentIn(folder: string): Content {
    try {
      return contentOf(folder);
    } catch {
      // Not there at all: each file of it counts as gone.
      return {};
    }
  }

  #lose(what: string): void {
    this.#tally.lost += 1;
    this.#tally.problem(what);
  }

  /** Some files are committed, some staged, some neither: all of them must outlive what follows. */
  #change(folder: string): void {
    this.#count += 1;
    for (let file = 0; file < 5; file += 1)
      this.#write(folder, `${this.#random.pick(['kept', 'made', 'made/deep'])}/${this.#count}-${file}.txt`);
    if (this.#random.chance(0.5)) this.#git(folder, 'add', '.');
    if (this.#random.chance(0.5)) this.#git(folder, 'commit', '--quiet', '--allow-empty', '--message', `change ${this.#count}`);
    for (let file = 0; file < 3; file += 1) this.#write(folder, `loose/${this.#count}-${file}.bin`);
  }

  #commitAll(folder: string): void {
    this.#git(folder, 'add', '.');
    this.#git(folder, 'commit', '--quiet', '--allow-empty', '--message', `all ${this.#count}`);
  }

  #write(folder: string, path: string): void {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), this.#random.bytes(this.#random.below(20_000)));
  }

  #git(folder: string, ...args: string[]): string {
    return execFileSync('git', args, { cwd: folder, env: gitEnvironment, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }

  async #report({ call }: Connection): Promise<WorktreeReport | undefined> {
    const { worktrees: reports } = await call('worktree/list', { removed: true });
    return (
      reports.find(({ state }) => state !== 'removed') ?? reports.toSorted((a, b) => a.worktree.createdAt - b.worktree.createdAt).at(-1)
    );
  }

  async #untilDone(work: () => Promise<unknown>, failed: string): Promise<void> {
    const giveUpAt = performance.now() + patienceMs;
    for (;;) {
      try {
        return void (await work());
      } catch (error) {
        if (performance.now() > giveUpAt) return this.#tally.problem(`${failed}: ${error}`);
        await delay(againMs);
      }
    }
  }
}
