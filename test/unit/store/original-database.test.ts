import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, beforeEach, test } from 'node:test';
import Database from 'better-sqlite3';
import { OriginalDatabase } from '../../../server/store/original-database.ts';
import { OriginalSystem } from '../../support/original-database.ts';
import { TestStores } from '../../support/test-stores.ts';

const root = mkdtempSync(join(tmpdir(), 'agor-original-'));
after(() => rmSync(root, { recursive: true, force: true }));

let path: string;
let system: OriginalSystem;
beforeEach(() => {
  path = join(mkdtempSync(join(root, 'db-')), 'btmsg.db');
  system = new OriginalSystem(path);
});
afterEach(() => system.close());

function bodies(): unknown[] {
  const original = OriginalDatabase.open(path);
  try {
    return [...original.rows('messages')].map(({ content }) => content);
  } finally {
    original.close();
  }
}

test('what its program has written is read while that goes on, as it was at one moment', () => {
  system.message('a', 'b', 'second', { created_at: '2025-01-02 00:00:00' });
  system.message('a', 'b', 'first', { created_at: '2025-01-01 00:00:00' });
  const original = OriginalDatabase.open(path);
  system.message('a', 'b', 'too late');
  assert.deepEqual(
    [...original.rows('messages')].map(({ content }) => content),
    ['first', 'second'],
  );
  original.close();
  assert.equal(bodies().length, 3);
});

test('reading may be left off in the middle, and a table that is not there has no rows', () => {
  for (let count = 0; count < 3; count += 1) system.message('a', 'b', String(count));
  const original = OriginalDatabase.open(path);
  const [first] = original.rows('messages');
  assert.equal(first?.content, '0');
  assert.deepEqual([[...original.rows('nothing')], original.has('nothing'), original.has('tasks')], [[], false, true]);
  original.close();
});

test('a path where nothing is, or no database, is refused with what is expected there', () => {
  assert.throws(() => OriginalDatabase.open(join(root, 'nowhere.db')), { code: 'notFound', message: /Name the btmsg\.db to import/ });
  const text = join(root, 'text.db');
  writeFileSync(text, 'This is no database, and long enough to be taken for one at first sight. '.repeat(20));
  assert.throws(() => OriginalDatabase.open(text), { code: 'badRequest', message: /is no SQLite database/ });
});

test('what is no file is refused without being opened: a pipe would hold the backend until somebody writes into it', () => {
  const pipe = join(root, 'pipe.db');
  execFileSync('mkfifo', [pipe]);
  for (const path of [pipe, root, '/dev/zero']) {
    assert.throws(() => OriginalDatabase.open(path), { code: 'badRequest', message: /is no file\. Name the btmsg\.db/ });
  }
});

test('a database of another program, or of this one, is refused by what it lacks', () => {
  const foreign = join(root, 'foreign.db');
  const other = new Database(foreign);
  other.exec('create table agents (id, name); create table messages (id, body)');
  other.close();
  assert.throws(() => OriginalDatabase.open(foreign), {
    code: 'badRequest',
    message: /is of another program: it has no "from_agent", "to_agent", "content" in its table "messages"/,
  });
  const ours = new TestStores();
  assert.throws(() => OriginalDatabase.open(ours.paths.btmsgDb), { code: 'badRequest', message: /is a database of this program/ });
  ours.remove();
});

test('one that is locked is refused, with whose end would help', () => {
  system.db.pragma('journal_mode = delete');
  system.db.exec('begin exclusive');
  assert.throws(() => OriginalDatabase.open(path), { code: 'conflict', message: /is locked by another program\. End that program/ });
  system.db.exec('rollback');
  assert.deepEqual(bodies(), []);
});

test('one that is damaged is refused with the page, and with how to save what can be read', () => {
  for (let count = 0; count < 500; count += 1) system.message('a', 'b', 'x'.repeat(200));
  system.db.pragma('wal_checkpoint(truncate)');
  system.close();
  const bytes = readFileSync(path);
  bytes.fill(0x5a, bytes.length - 4096 * 6, bytes.length - 4096 * 4);
  writeFileSync(path, bytes);
  assert.throws(() => OriginalDatabase.open(path), {
    code: 'storage',
    message: /is damaged \(.*page.*\), and nothing was imported\. Save what can be read with: sqlite3 .* \.recover/s,
  });
});
