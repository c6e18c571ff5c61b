/**
 * A backup of a large data directory while 1,000 rows a second are written, against a plain copy of the same files and
 * against the same writes without one; then a drill with it. `--size`: how many entries of transcripts; 1,100,000 are 1 GB.
 */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Backups } from '../../server/backup/backups.ts';
import { copyTogether } from '../../server/backup/copy-together.ts';
import { systemClock } from '../../server/base/clock.ts';
import { dataPaths } from '../../server/base/data-paths.ts';
import { syncFile } from '../../server/base/sync-folder.ts';
import { HashedTable } from '../../server/store/hashed-table.ts';
import { openStores } from '../../server/stores.ts';
import { fillStores, itemRow } from './backup-data.ts';
import { sizeOr, tellFigure } from './bench-figure.ts';
import { quantile } from './figures.ts';

const items = sizeOr(300_000);
const rowsPerSecond = 1_000;
const idleMs = 3_000;
/** Where the machine does not take so many, the loop is others' too. */
const mostAtOnce = 5;
const program = fileURLToPath(new URL('../../server/backup-thread.ts', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'agor-backup-bench-'));

try {
  await measure();
} finally {
  rmSync(root, { recursive: true, force: true });
}

async function measure(): Promise<void> {
  const paths = dataPaths(join(root, 'data'));
  mkdirSync(paths.dataDir);
  const stores = openStores(paths);
  fillStores(stores, items);
  stores.saveMarks();
  const table = new HashedTable(stores.sessions.db, 'items');
  let next = items;
  const writeRow = () => {
    stores.sessions.write(() => table.insert(itemRow(next)));
    next += 1;
  };
  const megabytes = [paths.sessionsDb, paths.btmsgDb].reduce((sum, path) => sum + statSync(path).size, 0) / 1e6;
  await writing(writeRow, after(1_000));
  const before = await writing(writeRow, after(idleMs));
  const copies = join(root, 'copies');
  mkdirSync(copies);
  const copying = copyMs(() =>
    copyTogether(sourcesOf(stores, copies), { signal: new AbortController().signal, onProgress: () => {}, onComplete: () => {} }),
  );
  const during = await writing(writeRow, copying.done);
  const afterwards = await writing(writeRow, after(idleMs));
  const productMs = await copying.done;
  const plainMs = plainCopyMs(copies, join(root, 'plain'));
  rmSync(copies, { recursive: true });
  const [idleP99, busyP99] = [quantile([...before, ...afterwards], 0.99), quantile(during, 0.99)];
  console.log(
    `${megabytes.toFixed(0)} MB; ${during.length} rows written meanwhile, the slowest in ${Math.max(...during).toFixed(1)} ms (${Math.max(...before, ...afterwards).toFixed(1)} ms without)`,
  );
  tellFigure({
    ...{ name: 'backup: copy against a plain file copy', ratio: plainMs / productMs, target: 0.5, atLeast: true },
    product: { what: 'copy while rows are written, on the disk', value: megabytes / (productMs / 1_000), unit: 'MB/s' },
    limit: { what: 'plain copy of the same files, on the disk', value: megabytes / (plainMs / 1_000), unit: 'MB/s' },
  });
  tellFigure({
    ...{ name: 'backup: write p99 against idle', ratio: busyP99 / idleP99, target: 1.3, atLeast: false },
    product: { what: 'one row, while a backup is made', value: busyP99, unit: 'ms' },
    peer: { what: 'one row, without', value: idleP99, unit: 'ms' },
  });
  await measureDrill(stores, paths.dataDir);
  stores.close();
}

async function measureDrill(stores: ReturnType<typeof openStores>, dataDir: string): Promise<void> {
  const { sessions, btmsg, audit } = stores;
  const backups = new Backups({
    ...{ dataDir, sessions, btmsg, audit, program, clock: systemClock, usualFolder: join(dataDir, 'backups') },
    ...{ chosenFolder: () => '', keepDays: () => 7, build: { version: 'bench', gitSha: 'bench' }, log: () => {} },
  });
  const made = await backups.create('asked', 'cli');
  const report = await backups.drill(undefined, 'cli');
  const seconds = report.steps.reduce((sum, { ms }) => sum + ms, 0) / 1_000;
  console.log(`made and checked in ${made.tookMs / 1_000} s; drill ${seconds} s: ${JSON.stringify(report)}`);
  if (report.problems.length > 0) throw new Error(report.problems.join(' '));
  tellFigure({ ...{ name: 'backup: drill of 1 GB', ratio: (seconds * 1e9) / made.bytes, target: 60, atLeast: false, unit: 's' } });
}

/** How long each write took, until `done`; as many as are due by the second, one turn of the loop apart. */
async function writing(writeRow: () => void, done: Promise<unknown>): Promise<number[]> {
  const took: number[] = [];
  let isOver = false;
  const over = () => {
    isOver = true;
  };
  done.then(over, over);
  const began = performance.now();
  while (!isOver) {
    const due = ((performance.now() - began) / 1_000) * rowsPerSecond;
    for (let batch = 0; took.length < due && batch < mostAtOnce; batch += 1) {
      const at = performance.now();
      writeRow();
      took.push(performance.now() - at);
    }
    await nextTurn();
  }
  await done;
  return took;
}

function copyMs(copy: () => Promise<void>): { readonly done: Promise<number> } {
  const began = performance.now();
  return { done: copy().then(() => performance.now() - began) };
}

function plainCopyMs(from: string, to: string): number {
  mkdirSync(to);
  const began = performance.now();
  for (const name of ['sessions.db', 'btmsg.db']) {
    copyFileSync(join(from, name), join(to, name));
    syncFile(join(to, name));
  }
  const took = performance.now() - began;
  rmSync(to, { recursive: true });
  return took;
}

function sourcesOf({ sessions, btmsg }: ReturnType<typeof openStores>, folder: string) {
  return [
    { db: sessions.db, to: join(folder, 'sessions.db') },
    { db: btmsg.db, to: join(folder, 'btmsg.db') },
  ];
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
