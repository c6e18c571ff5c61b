/** The index beside databases that are older than it, or that were put back or read out behind its back. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { Database } from '../../../server/store/open-database.ts';
import { type Cell, rowHash } from '../../../server/store/row-hash.ts';
import { SearchWorld } from '../../support/search-world.ts';

const recover = join(import.meta.dirname, '../../../server/recover.ts');
const versionBefore = 3;
const answersTables = ['approval_values', 'loop_counts', 'loop_writes'];
const retentionTables = ['message_archives', 'housekeeping', 'transcript_archives'];
const budgetTables = ['ledger', 'sessions', 'turns', 'limits', 'alerts'].map((name) => `budget_${name}`).concat('holds');

let world: SearchWorld;
beforeEach(() => {
  world = new SearchWorld();
  for (let number = 10; number < 14; number += 1) world.say(number, `falcon ${number}`);
  world.write(20, 'A falcon in a message');
  world.plan(30, 'Feed the falcon');
  world.comment(31, 30, 'The sparrow is hungry too');
  world.loseLetter(40, 'The falcon that nobody saw');
});
afterEach(() => world.remove());

const found = () => world.find('falcon').groups.map(({ group, hits }) => [group, hits.length]);
const all = [
  ['messages', 4],
  ['tasks', 1],
  ['communications', 1],
  ['deadLetters', 1],
];

test('what databases held before they had a list of changes is found, each row once', () => {
  withoutChanges(world.sessions, ['notices', 'notice_keys', 'archived_items']);
  world.btmsg.exec('drop index seen_by_message');
  world.sessions.exec('drop index items_of_gathering; drop index items_of_hook_failures');
  for (const column of ['gathering_call_count', 'hook_failure_count', 'end_reason'])
    world.sessions.exec(`alter table session_metrics drop column ${column}`);
  const ofContainment = ['capability_revocations', 'incident', 'worktrees', 'worktree_leases'];
  const ofDecisions = ['approval_rules', 'approval_terms', 'agent_modes'];
  withoutChanges(world.btmsg, [...ofContainment, ...ofDecisions, ...budgetTables, ...retentionTables, ...answersTables]);
  world.kept.reopen();
  assert.deepEqual(found(), all);
  assert.deepEqual(world.texts('sparrow type:tasks'), ['The sparrow is hungry too']);
  world.say(10, 'sparrow');
  assert.deepEqual(found(), [['messages', 3], ...all.slice(1)]);
});

test('after a database was read out row by row the index is made anew, because its numbers were of the one before', () => {
  for (const number of [10, 11, 12]) world.say(number, `falcon ${number} once more`);
  for (const table of ['projects', 'sessions', 'items']) hashRows(world.sessions, table);
  assert.deepEqual(found(), all);
  world.restart();
  world.kept.stores.close();
  const { dir } = world.kept;
  execFileSync(process.execPath, [recover, dir, JSON.stringify({ do: 'salvage', database: 'sessions' })]);
  assert.equal(existsSync(world.path), false);
  world.kept.reopenAfterKill();
  assert.deepEqual(found(), all);
});

function hashRows(db: Database, table: string): void {
  const put = db.prepare(`update ${table} set row_hash = ? where rowid = ?`);
  for (const { rowid, row_hash: _, ...row } of db.prepare<[], Record<string, Cell>>(`select rowid, * from ${table}`).all())
    put.run(rowHash(Object.values(row)), rowid);
}

function withoutChanges(db: Database, newerTables: readonly string[]): void {
  const triggers = db
    .prepare<[], string>("select name from sqlite_schema where type = 'trigger' and name like 'search_sees_%'")
    .pluck()
    .all();
  for (const trigger of triggers) db.exec(`drop trigger ${trigger}`);
  for (const table of ['search_changes', ...newerTables]) db.exec(`drop table ${table}`);
  db.pragma(`user_version = ${versionBefore}`);
}
