/**
 * A backend is killed at each call that changes a file while it puts a restored pair of databases in the place of those that
 * are there. The next one begins with the backup, both databases of it, and what was replaced is kept whole.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Backups } from '../../../server/backup/backups.ts';
import { systemClock } from '../../../server/base/clock.ts';
import { dataPaths } from '../../../server/base/data-paths.ts';
import { openStores, type Stores } from '../../../server/stores.ts';
import { callsIn, counting, killingAt, killPoints, type Point, strace } from '../inject.ts';
import { LiveBackend } from '../live.ts';
import type { Row, RowContext } from '../row.ts';
import { sideBySide } from '../side-by-side.ts';
import { Tally } from '../tally.ts';

const shortPoints = 6;
const workers = 2;
const program = fileURLToPath(new URL('../../../server/backup-thread.ts', import.meta.url));

export const restorePoints: Row = {
  name: 'restore-points',
  needs: [strace],
  async run(context) {
    const tally = new Tally();
    const template = join(context.scratch, 'template');
    await makeReady(template);
    const all = await pointsOf(context, template);
    const points = context.random.some(all, context.points ?? (context.size === 'short' ? shortPoints : all.length));
    await sideBySide(points, workers, (point, worker) => killAt(point, { context, tally, template, worker }));
    return tally.figures([`of ${all.length} points`]);
  },
};

/** A restore that lies ready: the backup says 1 in both databases, and what is there says 2. */
async function makeReady(dataDir: string): Promise<void> {
  const paths = dataPaths(dataDir);
  for (const folder of [dataDir, paths.run, paths.logs]) mkdirSync(folder, { mode: 0o700 });
  const stores = openStores(paths);
  const { sessions, btmsg, audit } = stores;
  const backups = new Backups({
    ...{ dataDir, sessions, btmsg, audit, program, clock: systemClock, usualFolder: paths.backups },
    ...{ chosenFolder: () => '', keepDays: () => 7, build: { version: 'faults', gitSha: 'faults' }, log: () => {} },
  });
  say(stores, 1);
  const made = await backups.create('asked', 'cli');
  say(stores, 2);
  await backups.restore(made, 'cli', async () => {});
  await backups.close();
  stores.close();
}

function say({ sessions, btmsg, audit }: Stores, n: number): void {
  sessions.write(() =>
    sessions.db
      .prepare("insert into view_states values ('faults', 'newest', ?, 0) on conflict do update set state = excluded.state")
      .run(`${n}`),
  );
  btmsg.write(() => audit.append({ at: n, event: 'settings_changed', agentId: null, actor: 'cli', detail: { n } }));
}

/** What both databases say, the audit log as the newest of its kind. */
function said(dataDir: string): { readonly sessions: number; readonly btmsg: number; readonly problems: readonly string[] } {
  const stores = openStores(dataPaths(dataDir));
  try {
    const view = stores.sessions.db.prepare<[], string>("select state from view_states where view = 'faults'").pluck().get();
    const changed = stores.audit.page(0, Number.MAX_SAFE_INTEGER, 100).filter(({ event }) => event === 'settings_changed');
    const broken = stores.audit.firstBreak();
    const problems = broken === undefined ? stores.problems() : [...stores.problems(), `the audit log is broken at row ${broken}`];
    return { sessions: Number(view), btmsg: Number(JSON.parse(changed.at(-1)?.detail ?? '{}').n), problems };
  } finally {
    stores.close();
  }
}

/** Those of a start with a restore that a start without one does not make: the first calls of each kind. */
async function pointsOf({ dist, scratch }: RowContext, template: string): Promise<Point[]> {
  const counts = async (name: string, isReady: boolean) => {
    const [dataDir, log] = [join(scratch, name), join(scratch, `${name}.log`)];
    cpSync(template, dataDir, { recursive: true });
    if (!isReady) rmSync(join(dataDir, 'restoring'), { recursive: true });
    const backend = new LiveBackend({ dist, dataDir, under: counting(killPoints, log) });
    if (!(await backend.ready())) throw new Error(`the backend does not start: ${backend.stderr}`);
    await backend.kill();
    return callsIn(log);
  };
  const [ready, plain] = [await counts('counted', true), await counts('plain', false)];
  // A few beyond, because what the start does besides comes partly before.
  return [...ready].flatMap(([syscall, count]) =>
    Array.from({ length: Math.min(count, count - (plain.get(syscall) ?? 0) + 4) }, (_, index) => ({ syscall, nth: index + 1 })),
  );
}

type Work = { readonly context: RowContext; readonly tally: Tally; readonly template: string; readonly worker: number };

async function killAt({ syscall, nth }: Point, { context, tally, template, worker }: Work): Promise<void> {
  const dataDir = join(context.scratch, `worker-${worker}`);
  rmSync(dataDir, { recursive: true, force: true });
  cpSync(template, dataDir, { recursive: true });
  const killed = new LiveBackend({ dist: context.dist, dataDir, under: killingAt({ syscall, nth }) });
  if (await killed.ready()) await killed.kill();
  await killed.exited;
  tally.points += 1;
  tally.acked += 1;
  const where = `killed at ${syscall} ${nth}`;
  const now = said(dataDir);
  for (const problem of now.problems) tally.problem(`${where}: ${problem}`);
  if (now.sessions !== 1 || now.btmsg !== 1) lose(tally, `${where}, the restore is not ended: ${JSON.stringify(now)}`);
  if (existsSync(join(dataDir, 'restoring'))) tally.problem(`${where}, something of the restore is left`);
  const { quarantine } = dataPaths(dataDir);
  const kept = said(join(quarantine, readdirSync(quarantine)[0] ?? ''));
  if (kept.sessions !== 2 || kept.btmsg !== 2) lose(tally, `${where}, what was there is not kept: ${JSON.stringify(kept)}`);
}

function lose(tally: Tally, what: string): void {
  tally.lost += 1;
  tally.problem(what);
}
