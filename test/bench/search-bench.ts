/**
 * The search over 1,000,000 messages, or as many as `--size` says: six kinds of query against the bare statements of FTS5,
 * against ripgrep over the same texts and against the search over 10,000; the cost of an index and of one message more; and
 * how long the backend's event loop is held up meanwhile. The messages are made once and kept in the user's cache folder.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../server/base/clock.ts';
import { dataPaths } from '../../server/base/data-paths.ts';
import { Search } from '../../server/search/search.ts';
import { openReadOnly } from '../../server/store/read-only.ts';
import { sizeOr, tellFigure } from './bench-figure.ts';
import { type BulkRow, bulkCost } from './bulk.ts';
import { quantile } from './figures.ts';
import { findRipgrep, grepMs, writeTexts } from './ripgrep.ts';
import { cachedData } from './search-cache.ts';
import { random, sentence, speaker, word } from './search-data.ts';
import { askAll, type Kind, kinds, queries } from './search-queries.ts';
import { type StallFigures, stallMeter, stallText } from './stalls.ts';

const program = join(import.meta.dirname, '../../server/search/search-thread.ts');
const few = 10_000;
const moreMessages = 100;
const warmUps = 3;
/** Ranking all of a million hits takes seconds each time: no further round of a kind begins after so long. */
const [mostRounds, kindWithinMs] = [3, 30_000];
const mostInBulk = 100_000;
const mostStallMs = 16.7;
const bulkRows = `select rowid as place, id, json_extract(body, '$.text') as content, session_id as session, substr(body, 1, 200) as target
  from items limit ?`;

type Measured = { readonly first: Record<Kind, number[]>; readonly grep: Record<Kind, number[]> | undefined };

const small = await measure(few, 'small');
const large = await measure(sizeOr(1_000_000), 'large');
tellGrowth(small, large);
tellGrep(large);

async function measure(size: number, part: 'small' | 'large'): Promise<Measured> {
  const dir = mkdtempSync(join(tmpdir(), 'agor-bench-search-'));
  const stores = cachedData(dir, size);
  const paths = dataPaths(dir);
  const files = { sessions: stores.sessions.db, btmsg: stores.btmsg.db };
  const search = new Search({ program, paths, ...files, clock: systemClock, log: (message) => console.log(message) });
  try {
    console.log(`${size.toLocaleString('en')} messages`);
    const built = await building(search);
    if (part === 'large') tellIndexing(built, size, bulkCost(join(dir, 'bulk.db'), rowsOf(files.sessions, size)));
    console.log(`index ${(statSync(paths.searchDb).size / 1_048_576).toFixed(0)} MB with the texts`);
    const stall = await stallMeter();
    const first = await askAll(queries(size), (query) => search.all({ query, groups: ['messages'], order: 'newest' }));
    console.log(`searching: ${stallText(await stall())}`);
    if (part === 'large') {
      tellFirst(first);
      await tellRanked(search, paths.searchDb, size);
    }
    await adding(search, speaker(stores), size);
    const rebuilt = await rebuilding(search);
    if (part === 'small') return { first, grep: undefined };
    tellStall('rebuilding', rebuilt);
    return { first, grep: await grepped(files.sessions, join(dir, 'texts'), size) };
  } finally {
    await search.close();
    stores.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

type Db = ConstructorParameters<typeof Search>[0]['sessions'];
type Built = { readonly cpuMicros: number; readonly stalls: StallFigures };

function rowsOf(sessions: Db, size: number): BulkRow[] {
  return sessions.prepare<[number], BulkRow>(bulkRows).all(Math.min(size, mostInBulk));
}

/** By the time of the processor: by the clock it says more about the other load than about the search. */
async function building(search: Search): Promise<Built> {
  const stall = await stallMeter();
  const begun = process.cpuUsage();
  await search.catchUp();
  const { user, system } = process.cpuUsage(begun);
  return { cpuMicros: user + system, stalls: await stall() };
}

function tellIndexing({ cpuMicros, stalls }: Built, size: number, bulk: number): void {
  const each = cpuMicros / size;
  tellFigure({
    ...{ name: 'search, indexing of bulk', ratio: each / bulk, target: 1.5, atLeast: false },
    product: { what: 'CPU a message', value: each, unit: 'µs' },
    limit: { what: 'bulk', value: bulk, unit: 'µs' },
  });
  tellStall('indexing', stalls);
}

function tellStall(work: string, stalls: StallFigures): void {
  tellFigure({
    ...{ name: `search, longest stall while ${work}`, ratio: stalls.ours.longestMs, target: mostStallMs, atLeast: false, unit: 'ms' },
    peer: { what: 'of an idle process', value: stalls.idle.longestMs, unit: 'ms' },
    note: stallText(stalls),
  });
}

function tellFirst(first: Record<Kind, number[]>): void {
  for (const kind of kinds) {
    const p95 = quantile(first[kind], 0.95);
    const note = `p50 ${quantile(first[kind], 0.5).toFixed(2)} ms`;
    tellFigure({ name: `search, first results p95, ${kind}`, ratio: p95, target: 15, atLeast: false, unit: 'ms', note });
  }
}

async function tellRanked(search: Search, path: string, size: number): Promise<void> {
  const bare = openReadOnly(path);
  const best = bare.prepare('select rowid from search_messages where search_messages match ? order by rank limit 20');
  for (const [kind, asked] of Object.entries(queries(size))) {
    const { ours, limit } = await inTurns(asked, {
      ours: (query) => search.all({ query, groups: ['messages'], order: 'best' }),
      limit: (query) => best.all(query.replace(/ agent:\w+/, '')),
    });
    const [product, statement] = [quantile(ours, 0.95), quantile(limit, 0.95)];
    const [oursP50, limitP50] = [quantile(ours, 0.5), quantile(limit, 0.5)];
    tellFigure({
      ...{ name: `search, ranked p95, ${kind}`, ratio: product / statement, target: 1.1, atLeast: false },
      product: { what: 'search', value: product, unit: 'ms' },
      limit: { what: 'bare statement', value: statement, unit: 'ms' },
      note: `p50 ${oursP50.toFixed(2)} ms, ${(oursP50 / limitP50).toFixed(2)} × the statement's ${limitP50.toFixed(2)} ms; ${ours.length} queries`,
    });
  }
  bare.close();
}

type Ask = (query: string) => unknown;

/** The same query by both, so that other load hits both alike. */
async function inTurns(asked: readonly string[], ways: { readonly ours: Ask; readonly limit: Ask }) {
  const took: { ours: number[]; limit: number[] } = { ours: [], limit: [] };
  for (const query of asked.slice(0, warmUps)) {
    await ways.ours(query);
    await ways.limit(query);
  }
  const begun = performance.now();
  for (let round = 0; round < mostRounds && (round === 0 || performance.now() - begun < kindWithinMs); round += 1) {
    for (const query of asked) {
      took.ours.push(await timed(() => ways.ours(query)));
      took.limit.push(await timed(() => ways.limit(query)));
    }
  }
  return took;
}

async function adding(search: Search, say: (number: number, text: string) => void, size: number): Promise<void> {
  const next = random(11);
  const took: number[] = [];
  for (let number = size; number < size + moreMessages; number += 1) {
    say(number, sentence(next, number));
    took.push(await timed(() => search.catchUp()));
  }
  console.log(`one message more, from its commit to its being found: p50 ${quantile(took, 0.5).toFixed(2)} ms`);
}

async function rebuilding(search: Search): Promise<StallFigures> {
  const stall = await stallMeter();
  let isDone = false;
  const took: number[] = [];
  const rebuilt = timed(() => search.rebuild()).finally(() => {
    isDone = true;
  });
  while (!isDone) {
    took.push(await timed(() => search.all({ query: word(took.length % 50), groups: ['messages'] })));
    await delay(20);
  }
  const stalls = await stall();
  const seconds = (await rebuilt) / 1_000;
  console.log(`rebuild: ${seconds.toFixed(1)} s; searches meanwhile p95 ${quantile(took, 0.95).toFixed(2)} ms; ${stallText(stalls)}`);
  return stalls;
}

async function grepped(sessions: Db, path: string, size: number): Promise<Record<Kind, number[]> | undefined> {
  const ripgrep = findRipgrep();
  if (ripgrep === undefined) return undefined;
  writeTexts(sessions, path);
  return askAll(queries(size), (query) => grepMs(ripgrep, query, path));
}

function tellGrowth({ first: before }: Measured, { first: after }: Measured): void {
  const grown = kinds.map((kind) => ({ kind, ratio: quantile(after[kind], 0.95) / quantile(before[kind], 0.95) }));
  const worst = grown.toSorted((a, b) => b.ratio - a.ratio)[0];
  if (!worst) return;
  const note = `most for: ${worst.kind}; ${quantile(before[worst.kind], 0.95).toFixed(2)} to ${quantile(after[worst.kind], 0.95).toFixed(2)} ms`;
  tellFigure({ name: 'search, growth of first results p95 from 10,000', ratio: worst.ratio, target: 2, atLeast: false, note });
}

function tellGrep({ first, grep }: Measured): void {
  if (!grep) return console.log('There is no ripgrep to compare with: install it, or run the tests in VS Code once, which bring one.');
  for (const kind of kinds) {
    const [ours, theirs] = [quantile(first[kind], 0.5), quantile(grep[kind], 0.5)];
    tellFigure({
      ...{ name: `search, ahead of ripgrep, ${kind}`, ratio: theirs / ours, target: 1, atLeast: true },
      product: { what: 'first results p50', value: ours, unit: 'ms' },
      peer: { what: 'ripgrep to 20 lines', value: theirs, unit: 'ms' },
    });
  }
}

async function timed(work: () => unknown): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}
