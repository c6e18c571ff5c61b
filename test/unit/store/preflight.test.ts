import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import Database from 'better-sqlite3';
import type { DataPaths } from '../../../server/base/data-paths.ts';
import { findLoss, preflight } from '../../../server/store/preflight.ts';
import { openStores } from '../../../server/stores.ts';
import { appendHeartbeats, crashedStores, flipBit } from '../../support/crashed-stores.ts';

let paths: DataPaths;
let remove: () => void;
let wal: string;

beforeEach(() => {
  ({ paths, remove } = crashedStores((stores) => appendHeartbeats(stores, 40)));
  wal = `${paths.btmsgDb}-wal`;
});
afterEach(() => remove());

function check(): void {
  preflight(paths.btmsgDb, { quarantineDir: paths.quarantine, now: () => new Date(0) });
}

test('what a killed backend leaves is whole, and looking at it changes nothing', () => {
  const before = readFileSync(wal);
  check();
  assert.deepEqual(readFileSync(wal), before);
  const stores = openStores(paths);
  assert.deepEqual([stores.audit.head().seq, stores.problems()], [40, []]);
  stores.close();
});

test('one flipped bit anywhere in the log but its last commits is found, and the database is not opened', () => {
  const { size } = statSync(wal);
  for (let at = 40; at < size * 0.8; at += Math.floor(size / 23)) {
    flipBit(wal, at);
    assert.throws(
      check,
      { code: 'storage', message: /btmsg\.db (has a damaged write-ahead log|has lost its last \d+ commits)/ },
      `bit at ${at}`,
    );
    flipBit(wal, at);
  }
  check();
});

test('a log whose header is damaged, that is cut short, or that is gone is found', () => {
  flipBit(wal, 2);
  assert.match(findLoss(paths.btmsgDb) ?? '', /its header cannot be read/);
  flipBit(wal, 2);
  truncateSync(wal, Math.floor(statSync(wal).size / 2));
  assert.match(findLoss(paths.btmsgDb) ?? '', /has lost its last \d+ commits/);
  rmSync(wal);
  assert.match(findLoss(paths.btmsgDb) ?? '', /has lost its last 40 commits/);
});

test('a last commit that a power cut left half written was never acknowledged, and is no damage', () => {
  rmSync(join(paths.dataDir, 'btmsg.db.mark'));
  truncateSync(wal, statSync(wal).size - 100);
  assert.equal(findLoss(paths.btmsgDb), undefined);
});

test('a file that is no database is refused, with a copy kept of what was there', () => {
  rmSync(wal);
  writeFileSync(paths.btmsgDb, Buffer.alloc(8192, 7));
  assert.throws(check, { code: 'storage', message: /is damaged or is no database\. A copy is in .*btmsg\.db-1970-01-01T00-00-00-000Z/ });
  const [copy = ''] = readdirSync(paths.quarantine);
  assert.deepEqual(readFileSync(join(paths.quarantine, copy, 'btmsg.db')), Buffer.alloc(8192, 7));
});

test('a page that is broken or was cut short is found, although nothing has read it yet', () => {
  openStores(paths).close();
  const whole = readFileSync(paths.btmsgDb);
  writeFileSync(paths.btmsgDb, whole.subarray(0, -100));
  assert.match(findLoss(paths.btmsgDb) ?? '', /^is damaged \(/);
  writeFileSync(paths.btmsgDb, whole.fill(7, whole.length - 4_096));
  assert.match(findLoss(paths.btmsgDb) ?? '', /^is damaged \(/);
});

test('what was begun before there was a log and is to be taken back is no damage', () => {
  const [path, killed] = [join(paths.dataDir, 'new.db'), join(paths.dataDir, 'killed.db')];
  const db = new Database(path);
  db.exec('create table t (a); pragma cache_size = 1; begin immediate');
  for (let row = 0; row < 50; row += 1) db.prepare('insert into t values (randomblob(2000))').run();
  for (const ending of ['', '-journal']) cpSync(path + ending, killed + ending);
  db.close();
  assert.equal(findLoss(killed), undefined);
});

test('starting again and again on the same damage keeps the first copy and the newest few', () => {
  flipBit(wal, 2);
  for (let minute = 0; minute < 9; minute += 1) {
    assert.throws(() => preflight(paths.btmsgDb, { quarantineDir: paths.quarantine, now: () => new Date(minute * 60_000) }));
  }
  const minutes = readdirSync(paths.quarantine).map((name) => Number(name.slice(-10, -8)));
  assert.deepEqual(minutes, [0, 5, 6, 7, 8]);
});

test('where no copy can be made, that is said', () => {
  flipBit(wal, 2);
  writeFileSync(paths.quarantine, 'a file in the way');
  assert.throws(check, /No copy could be made of it; free some space/);
});
