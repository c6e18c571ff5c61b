import assert from 'node:assert/strict';
import { test } from 'node:test';
import Database from 'better-sqlite3';
import { migrate } from '../../../server/store/migrate.ts';
import { nativeBindingPath } from '../../../server/store/native-binding.ts';
import { isGatheringSql, isHookFailureSql, sessionsMigrations } from '../../../server/store/sessions-schema.ts';

function openAt(version: number): Database.Database {
  const db = new Database(':memory:', { nativeBinding: nativeBindingPath() });
  migrate(db, { path: ':memory:', isNew: true, migrations: sessionsMigrations.slice(0, version), backupDir: undefined });
  return db;
}

function addItem(db: Database.Database, id: string, kind: string, body: string): void {
  const ordinal = db.prepare('select count(*) from items').pluck().get();
  db.prepare(`insert into items (id, session_id, ordinal, kind, is_open, body, row_hash) values (?, 's', ?, ?, 0, ?, '')`).run(
    ...[id, ordinal, kind, body],
  );
}

test('what an older file holds is counted, and a text that is no JSON any more does not keep it from being opened', (t) => {
  const db = openAt(6);
  t.after(() => db.close());
  addItem(db, 'read', 'tool', '{"toolKind":"read"}');
  addItem(db, 'edit', 'tool', '{"toolKind":"edit"}');
  addItem(db, 'torn', 'tool', '{"toolKind":"re');
  addItem(db, 'hook', 'notice', '{"hook":"Stop"}');
  migrate(db, { path: ':memory:', isNew: false, migrations: sessionsMigrations, backupDir: undefined });
  addItem(db, 'torn later', 'tool', 'no JSON');
  const count = (where: string) => db.prepare(`select count(*) from items where session_id = 's' and ${where}`).pluck().get();
  assert.deepEqual([count(isGatheringSql), count(isHookFailureSql)], [1, 1]);
});

test('counting what a session gathered reads no transcript', (t) => {
  const db = openAt(sessionsMigrations.length);
  t.after(() => db.close());
  for (const [where, index] of [
    [isGatheringSql, 'items_of_gathering'],
    [isHookFailureSql, 'items_of_hook_failures'],
  ] as const) {
    const plan = db.prepare(`explain query plan select count(*) from items where session_id = 's' and ${where}`).all();
    assert.match(JSON.stringify(plan), new RegExp(`USING (COVERING )?INDEX ${index}`));
  }
});
