/**
 * How large a write-ahead log becomes, and how long a write takes, with 4,000 commits a second and readers that take over
 * from each other every 20 ms: the product's way, the bare writer, and other ways, all in the same run.
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
import { bareWriter, others, type Policy, product, type ReaderData } from './wal-policies.ts';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '5' } }, strict: false });
const seconds = Number(values.seconds);
const commitsPerSecond = 4_000;
const holdMs = 20;
const frameMs = 16.7;
const [mebibyte, mostMib] = [1024 ** 2, 32];
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
  readonly slow: number;
};

const dir = mkdtempSync(join(tmpdir(), 'agor-bench-wal-'));
let files = 0;
try {
  for (const durability of ['normal', 'full'] as const) {
    console.log(`durability ${durability}, ${commitsPerSecond} commits a second for ${seconds} s, readers of ${holdMs} ms`);
    const bare = await measure(bareWriter, durability);
    const ours = await measure(product, durability);
    const rest = [];
    for (const policy of others) rest.push(await measure(policy, durability));
    tell(durability, { bare, ours, plain: rest[0] ?? bare });
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
  tellFigure({
    ...{
      name: `wal: worst write, ${durability}`,
      ratio: ours.worstMs,
      target: frameMs,
      atLeast: false,
      unit: 'ms',
      note: `${ours.slow} writes over ${frameMs} ms; ${pace}`,
    },
    ...{
      product: of(product.name, ours.worstMs, 'ms'),
      limit: of(bareWriter.name, bare.worstMs, 'ms'),
      peer: of('SQLite by itself', plain.worstMs, 'ms'),
    },
  });
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
  const tookMs: number[] = [];
  let peak = 0;
  const startedAt = performance.now();
  for (let now = startedAt; now - startedAt < seconds * 1_000; now = performance.now()) {
    const due = ((now - startedAt) / 1_000) * commitsPerSecond;
    // In small lots, so that timers get their turn.
    for (let lot = 0; tookMs.length < due && lot < 64; lot += 1) {
      const before = performance.now();
      insert.run(body);
      tookMs.push(performance.now() - before);
      committed();
    }
    peak = Math.max(peak, walBytes(path));
    await nextTurn();
  }
  end();
  await Promise.all(readers.map((reader) => reader.terminate()));
  const finalMib = walBytes(path) / mebibyte;
  db.close();
  const measured = {
    ...{ peakMib: peak / mebibyte, finalMib, commits: tookMs.length, p99Ms: quantile(tookMs, 0.99) },
    ...{ worstMs: Math.max(...tookMs), slow: tookMs.filter((ms) => ms > frameMs).length },
  };
  const { peakMib, commits, p99Ms, worstMs, slow } = measured;
  console.log(
    `  ${policy.name.padEnd(40)} peak ${peakMib.toFixed(1).padStart(6)} MiB  final ${finalMib.toFixed(1).padStart(6)}  ${commits} commits  p99 ${p99Ms.toFixed(2)} ms  worst ${worstMs.toFixed(1)} ms  over a frame ${slow}`,
  );
  return measured;
}
