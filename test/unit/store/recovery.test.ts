import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { DataPaths } from '../../../server/base/data-paths.ts';
import { Projects } from '../../../server/projects/projects.ts';
import { acceptLoss, inspect, keepReadable, restore } from '../../../server/store/recovery.ts';
import { recoveryReport } from '../../../server/store/recovery-report.ts';
import { openStores, recordPlaces } from '../../../server/stores.ts';
import { appendHeartbeats, crashedStores, flipBit } from '../../support/crashed-stores.ts';

const at = new Date(0);
let paths: DataPaths;
let remove: () => void;
let wal: string;

beforeEach(() => {
  ({ paths, remove } = crashedStores((stores) => appendHeartbeats(stores, 40)));
  wal = `${paths.btmsgDb}-wal`;
});
afterEach(() => remove());

function place() {
  return recordPlaces(paths).btmsg;
}

/** The rows of the audit log that a backend finds, and where its chain breaks. */
function found(): { rows: number; firstBreak: number | undefined } {
  const stores = openStores(paths);
  const { audit, btmsg } = stores;
  const rows = btmsg.db.prepare<[], number>("select count(*) from audit_log where event = 'heartbeat'").pluck().get() ?? 0;
  const firstBreak = audit.firstBreak();
  stores.close();
  return { rows, firstBreak };
}

function backup(): string {
  mkdirSync(paths.backups, { recursive: true });
  const file = join(paths.backups, 'btmsg.db.before');
  const stores = openStores(paths);
  stores.btmsg.db.prepare('vacuum into ?').run(file);
  stores.close();
  return file;
}

test('a whole database has no problem and lists its backups', () => {
  backup();
  const { problem, backups } = inspect(place());
  assert.equal(problem, null);
  assert.deepEqual(
    backups.map(({ file }) => file),
    ['btmsg.db.before'],
  );
});

test('of a log with a flipped bit every commit behind it comes back', () => {
  flipBit(wal, Math.floor(statSync(wal).size / 3));
  assert.match(inspect(place()).problem ?? '', /damaged write-ahead log/);
  const { tables, copy } = keepReadable(place(), at);
  assert.equal(tables.find(({ table }) => table === 'audit_log')?.isComplete, true);
  assert.ok(existsSync(join(copy, 'btmsg.db-wal')));
  assert.equal(existsSync(join(copy, 'working')), false);
  assert.deepEqual(found(), { rows: 40, firstBreak: undefined });
});

test('of a log with a flipped bit in the text of one table all others come back, and that one is not called complete', () => {
  flipBit(wal, readFileSync(wal).lastIndexOf('CREATE TABLE seen_messages'));
  const { tables } = keepReadable(place(), at);
  assert.deepEqual(
    tables.filter(({ isComplete }) => !isComplete).map(({ table }) => table),
    ['seen_messages'],
  );
  assert.deepEqual(found(), { rows: 40, firstBreak: undefined });
});

test('of a log whose header is gone everything comes back', () => {
  const bytes = readFileSync(wal);
  bytes.fill(0xff, 0, 32);
  writeFileSync(wal, bytes);
  keepReadable(place(), at);
  assert.deepEqual(found(), { rows: 40, firstBreak: undefined });
});

test('a row whose content was changed on the disk does not come over, and is counted', () => {
  const stores = openStores(paths);
  stores.btmsg.write(() =>
    stores.btmsg.db.exec(`insert into agent_settings (agent_id, secret_uses, row_hash) values ('a', '[]', 'of something else')`),
  );
  stores.close();
  const { tables } = keepReadable(place(), at);
  assert.deepEqual(
    tables.find(({ table }) => table === 'agent_settings'),
    { table: 'agent_settings', kept: 0, damaged: 1, isComplete: false },
  );
});

test('a backup takes the place of a damaged database; what was there is kept', () => {
  backup();
  writeFileSync(paths.btmsgDb, Buffer.alloc(8192, 7));
  const { copy } = restore(place(), 'btmsg.db.before', at);
  assert.deepEqual(readFileSync(join(copy, 'btmsg.db')), Buffer.alloc(8192, 7));
  assert.deepEqual(found(), { rows: 40, firstBreak: undefined });
});

test('a backup that is missing, damaged or of a newer version is refused, and nothing is changed', () => {
  const file = backup();
  const before = readFileSync(paths.btmsgDb);
  assert.throws(() => restore(place(), 'no-such', at), { code: 'notFound' });
  const damaged = join(paths.backups, 'btmsg.db.damaged');
  copyFileSync(file, damaged);
  truncateSync(damaged, 9000);
  assert.throws(() => restore(place(), damaged, at));
  assert.throws(() => restore({ ...place(), migrations: [] }, file, at), { code: 'storage', message: /newer version/ });
  assert.deepEqual(readFileSync(paths.btmsgDb), before);
  assert.equal(existsSync(paths.quarantine), false);
});

test('going on without what was lost opens again, and keeps a copy of the damaged log', () => {
  truncateSync(wal, Math.floor(statSync(wal).size / 2));
  assert.notEqual(inspect(place()).problem, null);
  const { copy } = acceptLoss(place(), at);
  assert.ok(existsSync(join(copy, 'btmsg.db-wal')));
  const { rows, firstBreak } = found();
  assert.ok(rows > 0 && rows < 40);
  assert.equal(firstBreak, undefined);
});

test('a database that vanished is told as such, and a backup brings it back', () => {
  backup();
  for (const file of [paths.btmsgDb, wal]) rmSync(file, { force: true });
  assert.match(inspect(place()).problem ?? '', /is gone or empty, but it held data/);
  restore(place(), 'btmsg.db.before', at);
  assert.equal(found().rows, 40);
});

/** All of it in the file, none in the log, with a good deal of rows. */
function settled(): Buffer {
  const stores = openStores(paths);
  appendHeartbeats(stores, 400);
  stores.close();
  return readFileSync(paths.btmsgDb);
}

/** How many heartbeats were kept, of 440. */
function kept(): number {
  const { tables } = keepReadable(place(), at);
  assert.equal(inspect(place()).problem, null);
  return tables.find(({ table }) => table === 'audit_log')?.kept ?? 0;
}

test('of a file with a page of zeros in the midst of a table the rows on both sides of it come back', () => {
  const bytes = settled();
  const from = Math.floor(bytes.lastIndexOf('heartbeat', Math.floor(bytes.length / 2)) / 4096) * 4096;
  writeFileSync(paths.btmsgDb, bytes.fill(0, from, from + 4096));
  assert.notEqual(inspect(place()).problem, null);
  const rows = kept();
  assert.ok(rows > 100 && rows <= 440, `${rows} rows`);
});

test('of a file that was cut short what is left comes back', () => {
  truncateSync(paths.btmsgDb, Math.floor(settled().length * 0.92));
  assert.notEqual(inspect(place()).problem, null);
  assert.ok(kept() > 0);
});

test('of a log that was removed what is in the file comes back, and what is missing is told until somebody chooses', () => {
  settled();
  const stores = openStores(paths);
  appendHeartbeats(stores, 5);
  stores.saveMarks();
  const lost = stores.btmsg.db.prepare('select count(*) from audit_log').pluck().get();
  const before = readFileSync(paths.btmsgDb);
  stores.close();
  writeFileSync(paths.btmsgDb, before);
  rmSync(wal, { force: true });
  assert.match(inspect(place()).problem ?? '', /lost its last \d+ commits/);
  acceptLoss(place(), at);
  assert.equal(inspect(place()).problem, null);
  assert.ok(found().rows < Number(lost));
});

test('a row that was changed on the disk is named, though the database can be used; salvaging leaves it behind', () => {
  const stores = openStores(paths);
  const file = { db: stores.sessions.db, write: <T>(work: () => T) => stores.sessions.write(work), now: () => 1, audit: () => {} };
  new Projects(file).add({ path: paths.dataDir, name: 'A name to be found' }, 'cli');
  stores.close();
  flipBit(paths.sessionsDb, readFileSync(paths.sessionsDb).indexOf('A name to be found') + 3);
  const { sessions } = recordPlaces(paths);
  assert.deepEqual([inspect(sessions).problem, inspect(sessions).changedRows], [null, [{ table: 'projects', rowid: 1 }]]);
  const { tables } = keepReadable(sessions, at);
  assert.deepEqual(
    tables.filter(({ damaged }) => damaged > 0).map(({ table }) => table),
    ['projects'],
  );
  assert.deepEqual(inspect(sessions).changedRows, []);
});

test('where nothing can be read, nothing is put in its place', () => {
  settled();
  const junk = Buffer.alloc(20_000, 7);
  writeFileSync(paths.btmsgDb, junk);
  assert.throws(() => keepReadable(place(), at), { code: 'storage', message: /Nothing can be read out of/ });
  assert.deepEqual(readFileSync(paths.btmsgDb), junk);
});

test('the report says what was found, kept, and left behind, and where the copy is', () => {
  const before = { path: '/data/btmsg.db', problem: 'has lost its last 3 commits', changedRows: [], backups: [] };
  const after = { ...before, problem: null, changedRows: [{ table: 'agents', rowid: 4 }] };
  const tables = [
    { table: 'agents', kept: 3, damaged: 1, isComplete: false },
    { table: 'tasks', kept: 9, damaged: 0, isComplete: true },
  ];
  const text = recoveryReport({ at, database: 'btmsg', wish: 'salvage', backup: undefined, before, after, copy: '/q/copy', tables });
  for (const said of [
    'The database has lost its last 3 commits.',
    '| agents | 3 | 1 | no |',
    'Not all could be read of: agents.',
    '/q/copy',
    '- agents, row 4',
  ])
    assert.ok(text.includes(said), said);
});
