import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, beforeEach, test } from 'node:test';
import { AuditLog } from '../../../server/audit/audit-log.ts';
import { btmsgMigrations } from '../../../server/store/btmsg-schema.ts';
import { type Database, openDatabase } from '../../../server/store/open-database.ts';

const root = mkdtempSync(join(tmpdir(), 'agor-audit-'));
after(() => rmSync(root, { recursive: true, force: true }));

let db: Database;
let audit: AuditLog;

beforeEach(() => {
  db = openDatabase(join(mkdtempSync(join(root, 'log-')), 'btmsg.db'), { durability: 'full', migrations: btmsgMigrations });
  audit = new AuditLog(db);
  for (let at = 1; at <= 6; at += 1) audit.append({ at, event: 'heartbeat', agentId: 'a', actor: 'agent', detail: { at } });
});
afterEach(() => db.close());

/** As somebody with the file in hand does, for whom triggers are no hindrance. */
function tamper(sql: string): void {
  db.exec('drop trigger audit_is_append_only_update; drop trigger audit_is_append_only_delete');
  db.exec(sql);
}

test('each row carries the hash of the one before, and the first one that of nothing', () => {
  const rows = db
    .prepare<[], { seq: number; prevHash: string; hash: string }>('select seq, prev_hash as prevHash, hash from audit_log')
    .all();
  assert.deepEqual(
    rows.map(({ seq }) => seq),
    [1, 2, 3, 4, 5, 6],
  );
  assert.equal(rows[0]?.prevHash, '0'.repeat(64));
  for (const [index, row] of rows.slice(1).entries()) assert.equal(row.prevHash, rows[index]?.hash);
  assert.equal(new Set(rows.map(({ hash }) => hash)).size, 6);
  assert.deepEqual(audit.head(), { seq: 6, hash: rows[5]?.hash });
  assert.equal(audit.hashAt(3), rows[2]?.hash);
});

test('a whole chain has no break, an empty one neither, and it goes on after opening again', () => {
  assert.equal(audit.firstBreak(), undefined);
  const again = new AuditLog(db);
  again.append({ at: 7, event: 'heartbeat', agentId: null, actor: 'backend', detail: {} });
  assert.equal(again.firstBreak(), undefined);
  tamper('delete from audit_log');
  assert.equal(audit.firstBreak(), undefined);
  assert.deepEqual(audit.head(), { seq: 0, hash: '0'.repeat(64) });
});

test('SQL that changes or deletes a row is refused', () => {
  assert.throws(() => db.exec("update audit_log set actor = 'nobody' where seq = 3"), /append-only/);
  assert.throws(() => db.exec('delete from audit_log where seq = 6'), /append-only/);
  assert.throws(() => db.exec('delete from audit_log'), /append-only/);
});

for (const [name, sql, expected] of [
  ['another time', 'update audit_log set at = 99 where seq = 3', 3],
  ['another event', "update audit_log set event = 'agent_paused' where seq = 1", 1],
  ['another agent', 'update audit_log set agent_id = null where seq = 4', 4],
  ['another actor', "update audit_log set actor = 'cli' where seq = 6", 6],
  ['another detail', `update audit_log set detail = '{"at": 2}' where seq = 2`, 2],
  ['a row taken out', 'delete from audit_log where seq = 3', 4],
  ['the first row taken out', 'delete from audit_log where seq = 1', 2],
  [
    'a row put in',
    'insert into audit_log select 3.0 + 4, at, event, agent_id, actor, detail, prev_hash, hash from audit_log where seq = 3',
    7,
  ],
  [
    'two rows that changed places',
    'update audit_log set seq = -1 where seq = 2; update audit_log set seq = 2 where seq = 3; update audit_log set seq = 3 where seq = -1',
    2,
  ],
  ['a row made anew with a fitting hash of its own', "update audit_log set actor = 'cli', hash = hex(randomblob(32)) where seq = 3", 3],
] as const) {
  test(`the chain breaks where it should after ${name}`, () => {
    tamper(sql);
    assert.equal(audit.firstBreak(), expected);
  });
}

test('the end of a chain can be checked alone', () => {
  tamper("update audit_log set actor = 'cli' where seq = 2");
  assert.deepEqual([audit.firstBreak(), audit.firstBreak(1), audit.firstBreak(2), audit.firstBreak(6)], [2, 2, undefined, undefined]);
  db.exec("update audit_log set actor = 'cli' where seq = 5");
  assert.equal(audit.firstBreak(2), 5);
});

test('a row that is changed together with its own hash breaks the one behind it', () => {
  const changed = { at: 3, event: 'heartbeat', agentId: 'a', actor: 'cli', detail: { at: 3 } } as const;
  const other = openDatabase(join(mkdtempSync(join(root, 'forged-')), 'btmsg.db'), { durability: 'full', migrations: btmsgMigrations });
  const forger = new AuditLog(other);
  for (let at = 1; at <= 2; at += 1) forger.append({ at, event: 'heartbeat', agentId: 'a', actor: 'agent', detail: { at } });
  forger.append(changed);
  tamper(`update audit_log set actor = 'cli', hash = '${forger.head().hash}' where seq = 3`);
  other.close();
  assert.equal(audit.firstBreak(), 4);
});

test('what is appended in a transaction that fails is not there', () => {
  const head = audit.head();
  const failing = db.transaction(() => {
    audit.append({ at: 7, event: 'heartbeat', agentId: null, actor: 'backend', detail: {} });
    throw new Error('the fact failed');
  });
  assert.throws(() => failing(), /the fact failed/);
  assert.deepEqual(audit.head(), head);
});
