/**
 * How large a write-ahead log becomes, and how long a write takes, with 4,000 commits a second and readers that take over
 * from each other every 20 ms: the product's way in turns with a bare writer, then other ways, all in the same run. A worst
 * write is also the machine's: what it waited for a processor is told apart, and the rest is held against the bare writer's.
 *   node test/bench/wal-bench.ts [--seconds 5]
 */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { walBytes } from '../../server/store/checkpoint.ts';
import { type OpenOptions, openDatabase } from '../../server/store/open-database.ts';
import { pauseMemory } from '../../server/store/reader-pause.ts';
import { tellFigure } from './bench-figure.ts';
import { quantile } from './figures.ts';
import { RunDelay } from './run-delay.ts';
import { bareWriter, others, type Policy, product, type ReaderData } from './wal-policies.ts';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '5' } }, strict: false });
const seconds = Number(values.seconds);
const commitsPerSecond = 4_000;
const holdMs = 20;
const frameMs = 16.7;
const [mebibyte, mostMib] = [1024 ** 2, 32];
const turns = 3;
/** Of the worst writes of both; the middle of so few extremes is not steadier than that. */
const mostTimesBare = 1.5;
const body = 'y'.repeat(450);
const migrations = [
  {
    version: 1,
    name: 'events',
    up: (db: { exec(sql: string): unknown }) => void db.exec('create table ev (id integer primary key, session text, body text) strict'),
  },
];

type Measured = {
  readonly peakMib: number;
  readonly finalMib: number;
  readonly commits: number;
  readonly p99Ms: number;
  readonly worstMs: number;
  /** Without what it waited for a processor. */
  readonly worstOwnMs: number;
  readonly slow: number;
  readonly slowOwn: number;
};

type Write = { readonly ms: number; readonly ownMs: number };

const dir = mkdtempSync(join(tmpdir(), 'agor-bench-wal-'));
let files = 0;
try {
  for (const durability of ['normal', 'full'] as const) {
    console.log(`durability ${durability}, ${commitsPerSecond} commits a second for ${seconds} s, readers of ${holdMs} ms`);
    const { bare, ours, rest } = { bare: [] as Measured[], ours: [] as Measured[], rest: [] as Measured[] };
    for (let turn = 0; turn < turns; turn += 1) {
      bare.push(await measure(bareWriter, durability));
      ours.push(await measure(product, durability));
    }
    for (const policy of others) rest.push(await measure(policy, durability));
    tell(durability, { bare: inMiddle(bare), ours: inMiddle(ours), plain: inMiddle(rest.slice(0, 1)) });
  }
} finally {
  rmSync(dir, { recursive: true, force: true });
}

function tell(
  durability: string,
  { bare, ours, plain }: { readonly bare: Measured; readonly ours: Measured; readonly plain: Measured },
): void {
  const of = (what: string, value: number, unit: string) => ({ what, value, unit });
  const pace = `${Math.round(ours.commits / seconds)} commits a second reached`;
  tellFigure({
    ...{ name: `wal: peak, ${durability}`, ratio: ours.peakMib, target: mostMib, atLeast: false, unit: 'MiB', note: pace },
    ...{
      product: of(product.name, ours.peakMib, 'MiB'),
      limit: of(bareWriter.name, bare.peakMib, 'MiB'),
      peer: of('SQLite by itself', plain.peakMib, 'MiB'),
    },
  });
  const worst = {
    product: of(product.name, ours.worstMs, 'ms'),
    limit: of(bareWriter.name, bare.worstMs, 'ms'),
    peer: of('SQLite by itself', plain.worstMs, 'ms'),
    note: `${slowText(ours)}; ${pace}`,
  };
  tellFigure({ name: `wal: worst write, ${durability}`, ratio: ours.worstMs, target: frameMs, atLeast: false, unit: 'ms', ...worst });
  const own = {
    ...{ ratio: ours.worstOwnMs / bare.worstOwnMs, target: mostTimesBare, atLeast: false },
    product: of(product.name, ours.worstOwnMs, 'ms'),
    limit: of(bareWriter.name, bare.worstOwnMs, 'ms'),
    peer: of('SQLite by itself', plain.worstOwnMs, 'ms'),
  };
  tellFigure({ name: `wal: worst write's own time against a bare writer, ${durability}`, ...own });
}

function slowText({ slow, slowOwn }: Measured): string {
  return `${slow} writes over ${frameMs} ms, ${slowOwn} without the wait for a processor`;
}

/** Of all turns: the largest log, and the middle of everything that others on the machine have a part in. */
function inMiddle(all: readonly Measured[]): Measured {
  const middle = (of: (one: Measured) => number) => quantile(all.map(of), 0.5);
  return {
    ...{ peakMib: Math.max(...all.map(({ peakMib }) => peakMib)), finalMib: middle(({ finalMib }) => finalMib) },
    ...{ commits: middle(({ commits }) => commits), p99Ms: middle(({ p99Ms }) => p99Ms), worstMs: middle(({ worstMs }) => worstMs) },
    ...{ worstOwnMs: middle(({ worstOwnMs }) => worstOwnMs), slow: middle(({ slow }) => slow), slowOwn: middle(({ slowOwn }) => slowOwn) },
  };
}

async function measure(policy: Policy, durability: OpenOptions['durability']): Promise<Measured> {
  files += 1;
  const path = join(dir, `${files}.db`);
  const db = openDatabase(path, { durability, migrations });
  db.pragma(`wal_autocheckpoint = ${policy.autocheckpoint}`);
  const pause = pauseMemory();
  const readers = Array.from(
    { length: policy.readers },
    () => new Worker(join(import.meta.dirname, 'wal-reader.ts'), { workerData: { path, holdMs, pause } satisfies ReaderData }),
  );
  // One that was ended while it still loads SQLite would take the process along.
  await Promise.all(readers.map((reader) => once(reader, 'message')));
  const { committed, end } = policy.begin(db, pause);
  const insert = db.prepare("insert into ev (session, body) values ('s', ?)");
  const { writes, peak } = await writing(path, () => {
    insert.run(body);
    committed();
  });
  end();
  await Promise.all(readers.map((reader) => reader.terminate()));
  const finalMib = walBytes(path) / mebibyte;
  db.close();
  const [took, own] = [writes.map(({ ms }) => ms), writes.map(({ ownMs }) => ownMs)];
  const measured = {
    ...{ peakMib: peak / mebibyte, finalMib, commits: writes.length, p99Ms: quantile(took, 0.99) },
    ...{ worstMs: Math.max(...took), worstOwnMs: Math.max(...own) },
    ...{ slow: took.filter((ms) => ms > frameMs).length, slowOwn: own.filter((ms) => ms > frameMs).length },
  };
  const { peakMib, p99Ms, worstMs, worstOwnMs } = measured;
  console.log(
    `  ${policy.name.padEnd(40)} peak ${peakMib.toFixed(1).padStart(6)} MiB  final ${finalMib.toFixed(1).padStart(6)}  ${writes.length} commits  p99 ${p99Ms.toFixed(2)} ms  worst ${worstMs.toFixed(1)} ms, its own ${worstOwnMs.toFixed(1)} ms  ${slowText(measured)}`,
  );
  return measured;
}

async function writing(path: string, commit: () => void): Promise<{ readonly writes: readonly Write[]; readonly peak: number }> {
  const writes: Write[] = [];
  const delay = new RunDelay();
  let peak = 0;
  const startedAt = performance.now();
  for (let now = startedAt; now - startedAt < seconds * 1_000; now = performance.now()) {
    const due = ((now - startedAt) / 1_000) * commitsPerSecond;
    // In small lots, so that timers get their turn.
    for (let lot = 0; writes.length < due && lot < 64; lot += 1) {
      const [queuedBefore, before] = [delay.ms(), performance.now()];
      commit();
      const ms = performance.now() - before;
      writes.push({ ms, ownMs: Math.max(0, ms - (delay.ms() - queuedBefore)) });
    }
    peak = Math.max(peak, walBytes(path));
    await nextTurn();
  }
  delay.close();
  return { writes, peak };
}
