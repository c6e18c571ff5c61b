import assert from 'node:assert/strict';
import { mkdirSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, test } from 'node:test';
import { markPath } from '../../server/store/high-water-mark.ts';
import { auditEvents, TestStores } from '../support/test-stores.ts';

let kept: TestStores;
beforeEach(() => {
  kept = new TestStores();
});
afterEach(() => kept.remove());

function append(count: number): void {
  const { btmsg, audit } = kept.stores;
  for (let at = 1; at <= count; at += 1)
    btmsg.write(() => audit.append({ at, event: 'heartbeat', agentId: null, actor: 'backend', detail: {} }));
}

/** Takes rows off the audit log's end, as somebody with the file in hand does. */
function cutTail(count: number): void {
  const { db } = kept.stores.btmsg;
  db.exec('drop trigger audit_is_append_only_delete');
  db.prepare('delete from audit_log where seq > (select max(seq) from audit_log) - ?').run(count);
}

test('what was closed in order, or killed after its last mark, has no problems', () => {
  append(5);
  assert.deepEqual(kept.reopen().problems(), []);
  append(5);
  assert.deepEqual(kept.reopenAfterKill().problems(), []);
});

test('an audit log that lost its end is whole in itself and told all the same; the loss stays in the log', () => {
  append(5);
  kept.stores.saveMarks();
  cutTail(2);
  assert.equal(kept.stores.audit.firstBreak(), undefined);
  const next = kept.reopenAfterKill();
  assert.match(next.problems()[0] ?? '', /does not hold row 5 as it was last kept/);
  assert.deepEqual(auditEvents(next), ['heartbeat', 'heartbeat', 'heartbeat', 'data_lost']);
  assert.deepEqual(kept.reopen().problems(), []);
});

test('rows that were put in the place of lost ones do not hide the loss', () => {
  append(5);
  kept.stores.saveMarks();
  cutTail(2);
  append(4);
  assert.match(kept.reopenAfterKill().problems()[0] ?? '', /does not hold row 5/);
});

test('a row of the audit log that was changed is told at the next start', () => {
  append(5);
  kept.stores.btmsg.db.exec("drop trigger audit_is_append_only_update; update audit_log set actor = 'cli' where seq = 3");
  assert.match(kept.reopen().problems()[0] ?? '', /row 3 does not follow/);
});

test('marks that cannot be written are a problem until they can, and end nothing', () => {
  const { stores } = kept;
  const blocked = `${markPath(kept.paths.sessionsDb)}.tmp`;
  mkdirSync(blocked);
  stores.sessions.write(() => undefined);
  stores.saveMarks();
  assert.equal(stores.problems().length, 1);
  rmSync(blocked, { recursive: true });
  stores.saveMarks();
  assert.deepEqual(stores.problems(), []);
});
