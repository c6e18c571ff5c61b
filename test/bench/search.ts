/**
 * Measures the search at 10,000, 100,000 and 1,000,000 messages, or at the sizes that are named: six kinds of query against
 * the bare statement of FTS5 in the same run, the cost of one message more, and how long the backend's event loop stalls.
 *   npm run bench:search -- 10000 100000
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../server/base/clock.ts';
import { dataPaths } from '../../server/base/data-paths.ts';
import type { SearchOrder } from '../../server/protocol/search.ts';
import { Search } from '../../server/search/search.ts';
import type { Database } from '../../server/store/open-database.ts';
import { openReadOnly } from '../../server/store/read-only.ts';
import { type BulkRow, bulkCost } from './bulk.ts';
import { makeData, random, sentence, speaker, word } from './search-data.ts';
import { stallMeter, stallText } from './stalls.ts';

const program = join(import.meta.dirname, '../../server/search/search-thread.ts');
const perKind = 20;
const moreMessages = 100;
const mostInBulk = 100_000;
const bulkRows = `select rowid as place, id, json_extract(body, '$.text') as content, session_id as session, substr(body, 1, 200) as target
  from items limit ?`;

const sizes = process.argv.slice(2).map(Number);
for (const size of sizes.length > 0 ? sizes : [10_000, 100_000, 1_000_000]) await measure(size);

async function measure(size: number): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'agor-bench-search-'));
  const stores = makeData(dir, size);
  const paths = dataPaths(dir);
  const files = { sessions: stores.sessions.db, btmsg: stores.btmsg.db };
  const search = new Search({ program, paths, ...files, clock: systemClock, log: (message) => print(`  ${message}`) });
  try {
    print(`${size.toLocaleString('en')} messages`);
    await building(search, { sessions: stores.sessions.db, dir, size });
    print(`  index ${(statSync(paths.searchDb).size / 1_048_576).toFixed(0)} MB with the texts`);
    await asking(search, paths.searchDb, size);
    await adding(search, speaker(stores), size);
    await rebuilding(search);
  } finally {
    await search.close();
    stores.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

type Corpus = { readonly sessions: Database; readonly dir: string; readonly size: number };

/** By the time of the processor: by the clock it says more about the other load than about the search. */
async function building(search: Search, { sessions, dir, size }: Corpus): Promise<void> {
  const stall = await stallMeter();
  const begun = process.cpuUsage();
  const ms = await timed(() => search.catchUp());
  const { user, system } = process.cpuUsage(begun);
  const stalls = stallText(await stall());
  const rows = sessions.prepare<[number], BulkRow>(bulkRows).all(Math.min(size, mostInBulk));
  const [cost, bulk] = [(user + system) / size, bulkCost(join(dir, 'bulk.db'), rows)];
  print(`  first index: ${(ms / 1_000).toFixed(1)} s; ${cost.toFixed(0)} µs of CPU a message, in bulk ${bulk.toFixed(0)}`);
  print(`  meanwhile, the backend's ${stalls}`);
}

/** Kinds by what they are asked with; the numbers are how common a word is, 0 the most. */
function queries(size: number): Record<string, string[]> {
  const many = (make: (number: number) => string) => Array.from({ length: perKind }, (_, number) => make(number));
  return {
    'common word': many((number) => word(number)),
    'rare word': many((number) => `unique${Math.floor((size / perKind / 5) * number) * 5}`),
    'common and middling': many((number) => `${word(number)} ${word(500 + number)}`),
    phrase: many((number) => `"${word(number)} ${word(number + 1)}"`),
    'prefix, 4 letters': many((number) => `${word(number * 40).slice(0, 4)}*`),
    'common, of one agent': many((number) => `${word(number)} agent:agent${number}`),
  };
}

async function asking(search: Search, path: string, size: number): Promise<void> {
  const bare = openReadOnly(path);
  const newest = bare.prepare(
    `select rowid, snippet(search_messages, -1, '[', ']', '…', 24) from search_messages where search_messages match ? order by rowid desc limit 20`,
  );
  const best = bare.prepare('select rowid from search_messages where search_messages match ? order by rank limit 20');
  print('  p50 / p95 ms             newest: bare       search           best: bare       search   processor: of the bare one');
  for (const [kind, asked] of Object.entries(queries(size))) {
    const statements = asked.map((query) => query.replace(/ agent:\w+/, ''));
    const all = (order: SearchOrder) => (query: string) => search.all({ query, groups: ['messages'], order });
    const columns = [
      await measured(statements, (match) => newest.all(match)),
      await measured(asked, all('newest')),
      await measured(statements, (match) => best.all(match)),
      await measured(asked, all('best')),
    ];
    const [, , bareBest = 0, searchBest = 0] = columns.map(({ cpuMs }) => cpuMs);
    const times = columns.map(({ took }) => shown(took).padStart(16)).join(' ');
    print(`  ${kind.padEnd(22)} ${times}   ${(searchBest / bareBest).toFixed(2)} × of ${bareBest.toFixed(2)} ms`);
  }
  const stall = await stallMeter();
  for (const query of Object.values(queries(size)).flat()) await search.all({ query, order: 'best' });
  print(`  while searching in all groups, the backend's ${stallText(await stall())}`);
  bare.close();
}

async function adding(search: Search, say: (number: number, text: string) => void, size: number): Promise<void> {
  const next = random(11);
  const took: number[] = [];
  for (let number = size; number < size + moreMessages; number += 1) {
    say(number, sentence(next, number));
    took.push(await timed(() => search.catchUp()));
  }
  print(`  one message more, from its commit to its being found: ${shown(took)} ms`);
}

async function rebuilding(search: Search): Promise<void> {
  const stall = await stallMeter();
  let isDone = false;
  const took: number[] = [];
  const rebuilt = timed(() => search.rebuild()).finally(() => {
    isDone = true;
  });
  while (!isDone) {
    took.push(await timed(() => search.all({ query: word(took.length % 50), groups: ['messages'] })));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  print(`  rebuild: ${((await rebuilt) / 1_000).toFixed(1)} s; searches meanwhile ${shown(took)} ms; ${stallText(await stall())}`);
}

/** Each is asked once to warm up, then three times; with the time of the processor, all threads together, of one. */
async function measured(asked: readonly string[], ask: (query: string) => unknown): Promise<{ took: number[]; cpuMs: number }> {
  for (const query of asked) await ask(query);
  const took: number[] = [];
  const begun = process.cpuUsage();
  for (let round = 0; round < 3; round += 1) for (const query of asked) took.push(await timed(() => ask(query)));
  const { user, system } = process.cpuUsage(begun);
  return { took, cpuMs: (user + system) / 1_000 / took.length };
}

async function timed(work: () => unknown): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

function shown(took: readonly number[]): string {
  const sorted = [...took].sort((left, right) => left - right);
  const at = (share: number) => (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(2);
  return `${at(0.5)} / ${at(0.95)}`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
