import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, test } from 'node:test';
import type { DataPaths } from '../../../server/base/data-paths.ts';
import { examineDatabase, lossOf, mostlyFree } from '../../../server/doctor/examine-database.ts';
import { Projects } from '../../../server/projects/projects.ts';
import { openStores, recordPlaces } from '../../../server/stores.ts';
import { appendHeartbeats, crashedStores, flipBit } from '../../support/crashed-stores.ts';

const rows = 40;
const place = 'a place that was said in full';
let paths: DataPaths;
let remove: () => void;

beforeEach(() => {
  ({ paths, remove } = crashedStores((stores) => {
    appendHeartbeats(stores, rows);
    stores.btmsg.write(() => stores.audit.append({ at: rows + 1, event: 'heartbeat', agentId: null, actor: 'backend', detail: { place } }));
  }));
});
afterEach(() => remove());

/** `isOurs`: as the owner of the data directory; otherwise as while a backend has it. */
async function found({ isOurs = true, now = rows } = {}, newer = 0): Promise<string[]> {
  const { path, migrations } = recordPlaces(paths).btmsg;
  const file = { path, newestSchema: migrations.length + newer };
  const examined = await examineDatabase(file, { loss: isOurs ? lossOf(file) : null, isAlone: isOurs, now });
  return examined.map(({ level, id, what }) => `${level} ${id}: ${what}`);
}

/** All of it in the file, none in the log. */
function settle(): void {
  openStores(paths).close();
}

test('a whole database is said to be whole, with how many rows and how long a chain', async () => {
  assert.match((await found()).join('\n'), /^ok data\.btmsg\.db: btmsg\.db is whole: .*the audit chain holds over 41 rows\.$/);
  assert.match((await found({ isOurs: false })).join('\n'), /^ok data\.btmsg\.db/);
});

test('looking changes neither the database nor its log', async () => {
  const before = [readFileSync(paths.btmsgDb), readFileSync(`${paths.btmsgDb}-wal`)];
  await found();
  assert.deepEqual([readFileSync(paths.btmsgDb), readFileSync(`${paths.btmsgDb}-wal`)], before);
});

test('a flipped bit in the log is found, which SQLite takes for the end of the log', async () => {
  flipBit(`${paths.btmsgDb}-wal`, Math.floor(statSync(`${paths.btmsgDb}-wal`).size / 2));
  assert.match((await found()).join('\n'), /^problem data\.btmsg\.db: .*damaged write-ahead log/);
});

test('a log that was removed is found by the mark, also while somebody else has the database', async () => {
  rmSync(`${paths.btmsgDb}-wal`);
  assert.match((await found()).join('\n'), /problem data\.btmsg\.db: .*(lost its last \d+ commits|damaged|gone or empty)/);
});

test('a flipped bit in a row of the file is found by the audit chain, where the check of SQLite finds nothing', async () => {
  settle();
  const at = readFileSync(paths.btmsgDb).indexOf(place);
  assert.ok(at > 0);
  flipBit(paths.btmsgDb, at);
  assert.match((await found()).join('\n'), /problem data\.auditChain: .*41/);
});

test('a flipped bit in a row of record is found by its hash and named, also while somebody else has the database', async () => {
  const stores = openStores(paths);
  const { db, write } = { db: stores.sessions.db, write: <T>(work: () => T) => stores.sessions.write(work) };
  new Projects({ db, write, now: () => 1, audit: () => {} }).add({ path: paths.dataDir, name: 'A name to be found' }, 'cli');
  stores.close();
  flipBit(paths.sessionsDb, readFileSync(paths.sessionsDb).indexOf('A name to be found') + 3);
  const { path, migrations } = recordPlaces(paths).sessions;
  for (const isOurs of [true, false]) {
    const file = { path, newestSchema: migrations.length };
    const [problem] = await examineDatabase(file, { loss: isOurs ? lossOf(file) : null, isAlone: isOurs, now: rows });
    assert.equal(problem?.id, 'data.rows');
    assert.match(problem?.what ?? '', /1 row .*projects 1/);
  }
});

test('a page of zeros is found', async () => {
  settle();
  const bytes = readFileSync(paths.btmsgDb);
  const at = Math.floor(bytes.indexOf(place) / 4096) * 4096;
  writeFileSync(paths.btmsgDb, bytes.fill(0, at, at + 4096));
  assert.match((await found()).join('\n'), /problem data\.btmsg\.db/);
});

test('a file that was cut short is found', async () => {
  settle();
  truncateSync(paths.btmsgDb, statSync(paths.btmsgDb).size - 6_000);
  assert.match((await found()).join('\n'), /problem data\.btmsg\.db/);
});

test('a file that is gone is a loss where a mark says that it held data, and new otherwise', async () => {
  rmSync(paths.btmsgDb);
  assert.match((await found()).join('\n'), /problem data\.btmsg\.db: .*gone or empty/);
  rmSync(`${paths.btmsgDb}.mark`);
  assert.match((await found()).join('\n'), /note data\.btmsg\.db/);
});

test('something that is no database is a problem', async () => {
  settle();
  copyFileSync(import.meta.filename, paths.btmsgDb);
  assert.match((await found()).join('\n'), /problem data\.btmsg\.db/);
});

test('an older schema is worth a note, a newer one is a problem', async () => {
  assert.match((await found({}, 1)).join('\n'), /note data\.olderSchema/);
  assert.match((await found({}, -1)).join('\n'), /problem data\.newerSchema/);
});

test('a clock that stands before the newest row is told', async () => {
  assert.match((await found({ now: -3_600_000 })).join('\n'), /warning machine\.clock: .*set back/);
});

test('a large database that is mostly free is told with the way out, a small one and a full one are not', () => {
  const mebibyte = 1024 ** 2;
  const judged = (bytes: number, freeBytes: number) =>
    mostlyFree('a.db', { bytes: bytes * mebibyte, freeBytes: freeBytes * mebibyte, isIncremental: false }).map(({ what, todo }) => [
      what,
      todo,
    ]);
  const what = '200 MiB of the 300 MiB of a.db are free, and the disk does not have them back.';
  assert.deepEqual(judged(300, 200), [[what, [{ run: 'agor retention compact' }]]]);
  assert.deepEqual([judged(300, 140), judged(200, 190)], [[], []]);
});
