/** Free pages on their way back to the disk, over real files. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import Database from 'better-sqlite3';
import { giveBackPages } from '../../../server/retention/vacuuming.ts';
import { becomeIncremental, freePages, isIncremental, pagesThatStay } from '../../../server/store/incremental-vacuum.ts';
import { type Migration, openDatabase } from '../../../server/store/open-database.ts';

const first: Migration = { version: 1, name: 'first', up: (db) => db.exec('create table kept (id integer primary key, text text) strict') };
const second: Migration = { version: 2, name: 'second', up: (db) => db.exec('create table more (id integer primary key) strict') };

let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'agor-vacuum-'));
  path = join(dir, 'a.db');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const open = (migrations: readonly Migration[]) => openDatabase(path, { durability: 'normal', migrations });

/** As one that was made before files could shrink. */
function makeOld(): void {
  const db = new Database(path);
  db.pragma('journal_mode = wal');
  first.up(db);
  db.pragma('user_version = 1');
  db.exec(
    `insert into kept select value, 'text ' || value from generate_series(1, 100)`.replace(
      'generate_series(1, 100)',
      '(with recursive n(value) as (select 1 union all select value + 1 from n where value < 100) select value from n)',
    ),
  );
  db.close();
}

function fill(db: Database.Database, rows: number): void {
  const put = db.prepare('insert into kept (text) values (?)');
  db.transaction(() => {
    for (let row = 0; row < rows; row += 1) put.run('x'.repeat(3_000));
  })();
}

test('a new database gives back what was freed, step by step, but for some pages that are used again', async () => {
  const db = open([first]);
  fill(db, 3_000);
  db.exec('delete from kept where id > 10');
  const before = freePages(db);
  let steps = 0;
  const pause = async () => {
    steps += 1;
  };
  const given = await giveBackPages({ databases: [db], pause, isEnding: () => false });
  assert.ok(given > 1_000 && steps >= given / 64, `${given} in ${steps}`);
  assert.equal(freePages(db), before - given);
  assert.ok(freePages(db) <= pagesThatStay);
  assert.equal(db.prepare('select count(*) from kept').pluck().get(), 10);
  db.pragma('wal_checkpoint(truncate)');
  assert.ok(statSync(path).size < 6 * 1024 * 1024, `${statSync(path).size}`);
  assert.equal(db.pragma('integrity_check', { simple: true }), 'ok');
  db.close();
});

test('an older database learns it when it is migrated, with all its rows', () => {
  makeOld();
  const unmoved = open([first]);
  assert.equal(isIncremental(unmoved), false);
  unmoved.close();
  const db = open([first, second]);
  assert.equal(isIncremental(db), true);
  assert.deepEqual(db.prepare('select count(*) as count, max(text) as text from kept').get(), { count: 100, text: 'text 99' });
  db.close();
});

test('one that is too large for a moment at the start stays as it is, and its free pages are used again', async () => {
  makeOld();
  const db = open([first]);
  assert.equal(becomeIncremental(db, 1), false);
  fill(db, 2_000);
  db.exec('delete from kept');
  assert.equal(await giveBackPages({ databases: [db], pause: async () => {}, isEnding: () => false }), 0);
  const pages = db.pragma('page_count', { simple: true });
  fill(db, 1_000);
  assert.equal(db.pragma('page_count', { simple: true }), pages);
  db.close();
});

test('the end of the backend ends it between two steps', async () => {
  const db = open([first]);
  fill(db, 3_000);
  db.exec('delete from kept');
  let steps = 0;
  const isEnding = () => steps >= 3;
  const pause = async () => {
    steps += 1;
  };
  const given = await giveBackPages({ databases: [db], pause, isEnding });
  assert.equal(given, 3 * 64);
  db.close();
});
