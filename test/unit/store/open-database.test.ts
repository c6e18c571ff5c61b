import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { markPath } from '../../../server/store/high-water-mark.ts';
import { type Database, type Migration, type OpenOptions, openDatabase } from '../../../server/store/open-database.ts';

const root = mkdtempSync(join(tmpdir(), 'agor-database-'));
after(() => rmSync(root, { recursive: true, force: true }));

let count = 0;
function newFolder(): { path: string; backupDir: string } {
  count += 1;
  const folder = join(root, String(count));
  mkdirSync(folder);
  return { path: join(folder, 'kept.db'), backupDir: join(folder, 'backups') };
}

const first: Migration = { version: 1, name: 'notes', up: (db) => db.exec('create table notes (text text not null) strict') };
const second: Migration = { version: 2, name: 'a place', up: (db) => db.exec('alter table notes add column place integer') };
const broken: Migration = {
  version: 2,
  name: 'one that fails half-way',
  up: (db) => {
    db.exec('alter table notes add column place integer');
    db.exec('this is no SQL');
  },
};

function open(path: string, options: Partial<OpenOptions> = {}): Database {
  return openDatabase(path, { durability: 'full', migrations: [first], ...options });
}

function columns(db: Database): string[] {
  return db.prepare<[], string>("select name from pragma_table_info('notes')").pluck().all();
}

test('a database uses a write-ahead log and puts every commit on disk, also when it is opened again', () => {
  const { path } = newFolder();
  for (let opening = 0; opening < 2; opening += 1) {
    const db = open(path);
    assert.equal(db.pragma('journal_mode', { simple: true }), 'wal');
    assert.equal(db.pragma('synchronous', { simple: true }), 2);
    assert.equal(db.pragma('busy_timeout', { simple: true }), 5_000);
    db.close();
  }
});

test('what can be rebuilt is kept less dearly', () => {
  const db = open(newFolder().path, { durability: 'normal' });
  assert.equal(db.pragma('synchronous', { simple: true }), 1);
  db.close();
});

test('a database that cannot use a write-ahead log is refused', () => {
  assert.throws(() => open(':memory:'), { code: 'storage', message: /cannot use a write-ahead log/ });
});

test('migrations run in order, each once', () => {
  const { path, backupDir } = newFolder();
  const ran: number[] = [];
  const noting = (version: number): Migration => ({ version, name: String(version), up: () => void ran.push(version) });
  open(path, { migrations: [noting(1), noting(2)], backupDir }).close();
  open(path, { migrations: [noting(1), noting(2), noting(3), noting(4)], backupDir }).close();
  assert.deepEqual(ran, [1, 2, 3, 4]);
});

test('a migration that fails leaves the database as it was, and those before it done', () => {
  const { path, backupDir } = newFolder();
  assert.throws(() => open(path, { migrations: [first, broken], backupDir }), /syntax error/);
  const db = open(path);
  assert.deepEqual(columns(db), ['text']);
  assert.equal(db.pragma('user_version', { simple: true }), 1);
  db.close();
});

test('before a migration of what holds data there is a backup, whole and under its own name', () => {
  const { path, backupDir } = newFolder();
  const before = open(path, { backupDir });
  before.prepare('insert into notes values (?)').run('kept');
  before.close();
  assert.equal(existsSync(backupDir), false, 'a new database needs none');
  const migrated = open(path, { migrations: [first, second], backupDir });
  assert.deepEqual(columns(migrated), ['text', 'place']);
  migrated.close();
  assert.deepEqual(readdirSync(backupDir), ['kept.db.schema-1']);
  const backup = open(join(backupDir, 'kept.db.schema-1'));
  assert.equal(backup.prepare('select text from notes').pluck().get(), 'kept');
  backup.close();
});

test('when the backup cannot be made, nothing is migrated', () => {
  const { path, backupDir } = newFolder();
  open(path).close();
  writeFileSync(backupDir, 'a file where the folder should be');
  assert.throws(() => open(path, { migrations: [first, second], backupDir }));
  const db = open(path);
  assert.deepEqual(columns(db), ['text']);
  db.close();
});

test('a database of a newer version is refused by the names of both, and not touched', () => {
  const { path, backupDir } = newFolder();
  open(path, { migrations: [first, second] }).close();
  assert.throws(() => open(path, { backupDir }), { code: 'storage', message: /its schema is 2, this version knows 1/ });
  assert.equal(existsSync(backupDir), false);
  open(path, { migrations: [first, second] }).close();
});

for (const [name, vanish] of [
  ['is gone', (path: string) => rmSync(path)],
  ['is empty', (path: string) => writeFileSync(path, '')],
] as const) {
  test(`a database that held data and ${name} is refused rather than begun anew`, () => {
    const { path } = newFolder();
    open(path).close();
    writeFileSync(markPath(path), '{"commits":3}');
    vanish(path);
    assert.throws(() => open(path), { code: 'storage', message: /is gone or empty, but it held data.*remove .*kept\.db\.mark/ });
    rmSync(markPath(path));
    open(path).close();
  });
}

test('an empty file that never held data becomes a database', () => {
  const { path } = newFolder();
  writeFileSync(path, '');
  const db = open(path);
  assert.deepEqual(columns(db), ['text']);
  db.close();
});

test('what is no database, and a folder that is not there, are told with what to do', () => {
  const { path } = newFolder();
  writeFileSync(path, 'x'.repeat(10_000));
  assert.throws(() => open(path), { code: 'storage', message: /is damaged or is no database\. Run "agor recover"/ });
  assert.throws(() => open(join(root, 'no', 'such', 'folder.db')), /folder\.db|directory does not exist/);
});
