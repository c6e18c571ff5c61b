/**
 * A backend is killed at each call that changes a file while it makes its databases, or brings those of an earlier version
 * up to its own. Each database is then of one version or the next, with all that was in it.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AuditLog } from '../../../server/audit/audit-log.ts';
import { dataPaths } from '../../../server/base/data-paths.ts';
import { Projects } from '../../../server/projects/projects.ts';
import { btmsgMigrations } from '../../../server/store/btmsg-schema.ts';
import { RecordFile } from '../../../server/store/record-file.ts';
import { sessionsMigrations } from '../../../server/store/sessions-schema.ts';
import { ViewStates } from '../../../server/views/view-states.ts';
import { callsIn, counting, killingAt, killPoints, type Point, strace } from '../inject.ts';
import { type Entry, Ledger } from '../ledger.ts';
import { LiveBackend } from '../live.ts';
import type { Row, RowContext } from '../row.ts';
import { sideBySide } from '../side-by-side.ts';
import { Tally } from '../tally.ts';
import { hash } from '../verb.ts';

type Origin = { readonly version: number; readonly make: (folder: string) => Ledger };
type OriginPoint = Point & { readonly origin: Origin };

const shortPoints = 6;
const workers = 2;
const projects = 20;
const newest = Math.max(sessionsMigrations.length, btmsgMigrations.length);

export const migrations: Row = {
  name: 'migrations',
  needs: [strace],
  async run(context) {
    const tally = new Tally();
    const origins = Array.from({ length: newest }, (_, version): Origin => ({ version, make: (folder) => makeOf(version, folder) }));
    const all: OriginPoint[] = [];
    for (const origin of origins) all.push(...(await pointsOf(origin, context)));
    const points = context.random.some(all, context.points ?? (context.size === 'short' ? shortPoints : all.length));
    await sideBySide(points, workers, (point, worker) =>
      killAt(point, { context, tally, folder: join(context.scratch, `worker-${worker}`) }),
    );
    return tally.figures([`from versions 0 to ${newest - 1}`]);
  },
};

/** What every version had a place for: folders that are projects, and what a view wants to find again. */
export function makeOf(version: number, folder: string): Ledger {
  const ledger = new Ledger();
  if (version === 0) return ledger;
  const paths = dataPaths(join(folder, 'data'));
  const sessions = RecordFile.open(paths.sessionsDb, { migrations: sessionsMigrations.slice(0, version) });
  const btmsg = RecordFile.open(paths.btmsgDb, { migrations: btmsgMigrations.slice(0, version) });
  const audit = new AuditLog(btmsg.db);
  const now = () => 1;
  const write = <T>(work: () => T) => sessions.write(work);
  const views = new ViewStates({ db: sessions.db, write, now });
  const feature = new Projects({ db: sessions.db, write, audit: (entry) => btmsg.write(() => audit.append(entry)), now });
  for (let n = 1; n <= projects; n += 1) {
    const path = join(folder, `project-${n}`);
    mkdirSync(path);
    const audits = [`project_added ${path}`];
    keep(ledger, { verb: 'project/add', n, key: path, bodyHash: hash(JSON.stringify([`${n}`, true])), audits });
    feature.add({ path, name: `${n}`, trusted: true }, 'cli');
    keep(ledger, { verb: 'view/put', n: projects + n, key: `${n}`, bodyHash: hash(`state ${n}`), audits: [] });
    views.put({ view: 'faults', key: `${n}`, state: `state ${n}` });
  }
  sessions.saveMark();
  btmsg.saveMark();
  sessions.close();
  btmsg.close();
  return ledger;
}

function keep(ledger: Ledger, entry: Omit<Entry, 'sender'>): void {
  const whole = { ...entry, sender: 'one' };
  ledger.intend(whole);
  ledger.ack(whole);
}

async function pointsOf(origin: Origin, context: RowContext): Promise<OriginPoint[]> {
  const folder = join(context.scratch, 'counted');
  const log = join(context.scratch, 'calls.log');
  prepared(origin, folder);
  const backend = new LiveBackend({ dist: context.dist, dataDir: join(folder, 'data'), under: counting(killPoints, log) });
  if (!(await backend.ready())) throw new Error(`the backend does not start on version ${origin.version}: ${backend.stderr}`);
  await backend.kill();
  return [...callsIn(log)].flatMap(([syscall, count]) =>
    Array.from({ length: count }, (_, index) => ({ origin, syscall, nth: index + 1 })),
  );
}

type Work = { readonly context: RowContext; readonly tally: Tally; readonly folder: string };

async function killAt({ origin, syscall, nth }: OriginPoint, { context, tally, folder }: Work): Promise<void> {
  const ledger = prepared(origin, folder);
  const dataDir = join(folder, 'data');
  const killed = new LiveBackend({ dist: context.dist, dataDir, under: killingAt({ syscall, nth }) });
  if (await killed.ready()) await killed.kill();
  await killed.exited;
  tally.points += 1;
  tally.acked += ledger.acked;
  const where = `from version ${origin.version}, killed at ${syscall} ${nth}`;
  if (origin.version > 0) tally.conserve(ledger, dataDir, { where });
  tally.nextStart(dataDir, where);
  tally.conserve(ledger, dataDir, { where: `${where}, then` });
}

function prepared(origin: Origin, folder: string): Ledger {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'data'), { recursive: true });
  return origin.make(folder);
}
