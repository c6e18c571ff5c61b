import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { AuditTrail } from '../../../server/audit/audit-trail.ts';
import { auditEvents, TestStores } from '../../support/test-stores.ts';

let kept: TestStores;
let trail: AuditTrail;

beforeEach(() => {
  kept = new TestStores();
  const { btmsg: file, audit, witness } = kept.stores;
  trail = new AuditTrail({ file, audit, witness, build: { version: '1.0', gitSha: 'abc' }, now: () => 500 });
});
afterEach(() => kept.remove());

function append(event: string, fields: { at?: number; agentId?: string | null; detail?: Record<string, unknown> } = {}): void {
  const { btmsg, audit } = kept.stores;
  const entry = { at: audit.head().seq + 1, agentId: 'a', actor: 'agent', detail: {}, ...fields };
  // A newer build knows events that this one does not.
  btmsg.write(() => audit.append({ ...entry, event: event as 'heartbeat' }));
}

function listed(filter: Parameters<AuditTrail['list']>[0] = {}): number[] {
  return trail.list(filter).records.map(({ seq }) => seq);
}

test('the newest come first, and heartbeats only where they are asked for by name', () => {
  for (const event of ['run_started', 'heartbeat', 'turn_started', 'heartbeat', 'made_by_a_newer_build']) append(event);
  assert.deepEqual(listed(), [5, 3, 1]);
  assert.deepEqual(listed({ events: ['heartbeat'] }), [4, 2]);
  assert.deepEqual(listed({ events: ['turn_started', 'heartbeat', 'no_such_event'] }), [4, 3, 2]);
  assert.deepEqual(listed({ agentId: 'a' }), [5, 3, 1]);
  assert.deepEqual(listed({ heartbeats: true }), [5, 4, 3, 2, 1]);
  assert.deepEqual(listed({ heartbeats: true, agentId: 'a' }), [5, 4, 3, 2, 1]);
  assert.equal(trail.list({}).records[0]?.event, 'made_by_a_newer_build');
});

test('agent, time and text narrow it, whatever the case', () => {
  append('message_sent', { at: 10, agentId: 'a', detail: { text: 'Straße NACH Süden' } });
  append('message_sent', { at: 20, agentId: 'b', detail: { text: 'x' } });
  append('message_sent', { at: 15, agentId: null });
  append('message_sent', { at: 30, agentId: 'a' });
  assert.deepEqual(listed({ agentId: 'a' }), [4, 1]);
  assert.deepEqual(listed({ from: 15, to: 20 }), [3, 2]);
  assert.deepEqual(listed({ from: 31 }), []);
  assert.deepEqual(listed({ text: 'nach süden' }), [1]);
  assert.deepEqual(listed({ text: 'nach süden', agentId: 'b' }), []);
});

test('it is read page by page to its first row, each row once', () => {
  for (let count = 0; count < 25; count += 1) append(count % 5 ? 'turn_started' : 'heartbeat');
  const seen: number[] = [];
  let beforeSeq: number | undefined;
  for (let hasEarlier = true; hasEarlier; ) {
    const page = trail.list({ limit: 6, beforeSeq });
    seen.push(...page.records.map(({ seq }) => seq));
    ({ beforeSeq, hasEarlier } = page);
  }
  assert.equal(seen.length, 20);
  assert.deepEqual(
    seen,
    [...new Set(seen)].sort((left, right) => right - left),
  );
});

test('a search that finds nothing in what it looked at says where to go on', () => {
  kept.stores.btmsg.write(() => {
    for (let count = 0; count < 5_500; count += 1) append('turn_started', { detail: { count } });
  });
  const first = trail.list({ text: '"count":3}' });
  assert.deepEqual([first.records.length, first.hasEarlier], [0, true]);
  const second = trail.list({ text: '"count":3}', beforeSeq: first.beforeSeq });
  assert.deepEqual([second.records.map(({ seq }) => seq), second.hasEarlier], [[4], false]);
});

test('a row whose detail was made unreadable is shown all the same', () => {
  append('turn_started');
  kept.stores.btmsg.db.exec("drop trigger audit_is_append_only_update; update audit_log set detail = 'no json'");
  assert.deepEqual(trail.list({}).records[0]?.detail, { unreadable: 'no json' });
});

test('an export has every row in its order, and is itself told of once', () => {
  for (let count = 0; count < 4_500; count += 1) append(count % 2 ? 'heartbeat' : 'turn_started');
  const seen: number[] = [];
  let page = trail.export(undefined, {}, 'cli');
  for (; !page.isLast; page = trail.export(seen.at(-1), {}, 'cli')) seen.push(...page.records.map(({ seq }) => seq));
  seen.push(...page.records.map(({ seq }) => seq));
  assert.deepEqual(
    seen,
    Array.from({ length: 4_501 }, (_, index) => index + 1),
  );
  assert.equal(auditEvents(kept.stores).filter((event) => event === 'audit_exported').length, 1);
});

test('an export of a time has no gap, and none of a time without rows', () => {
  for (const at of [10, 20, 5, 30, 40]) append('turn_started', { at });
  assert.deepEqual(
    trail.export(undefined, { from: 20, to: 30 }, 'cli').records.map(({ at }) => at),
    [20, 5, 30],
  );
  assert.deepEqual(trail.export(undefined, { from: 1_000 }, 'cli'), { records: [], isLast: true });
});

test('an export is cut where a message would grow too large, and never holds up at a large row', () => {
  for (let count = 0; count < 3; count += 1) append('turn_started', { detail: { text: 'x'.repeat(1_500_000) } });
  const first = trail.export(undefined, { to: 3 }, 'cli');
  assert.deepEqual([first.records.length, first.isLast], [1, false]);
  append('turn_started', { detail: { text: 'x'.repeat(3_000_000) } });
  assert.deepEqual(trail.export(4, {}, 'cli').records.length, 1);
});

test('who has the rows up to one gets those after it, and is told when there are more than fit', () => {
  for (let count = 0; count < 8; count += 1) append(count % 2 ? 'turn_started' : 'turn_ended');
  assert.deepEqual(trail.list({ afterSeq: 5 }), { ...trail.list({ afterSeq: 5 }), hasEarlier: false });
  assert.deepEqual(listed({ afterSeq: 5 }), [8, 7, 6]);
  assert.deepEqual(listed({ afterSeq: 5, events: ['turn_ended'] }), [7]);
  assert.deepEqual(listed({ afterSeq: 5, agentId: 'a', from: 7 }), [8, 7]);
  assert.deepEqual(listed({ afterSeq: 8 }), []);
  assert.equal(trail.list({ afterSeq: 2, limit: 3 }).hasEarlier, true);
  assert.equal(trail.list({ afterSeq: 5, limit: 3 }).hasEarlier, false);
});

test('a check says how far it is', async () => {
  const { btmsg, audit } = kept.stores;
  btmsg.write(() => {
    for (let count = 0; count < 20_001; count += 1) audit.append({ at: 1, event: 'heartbeat', agentId: null, actor: 'agent', detail: {} });
  });
  kept.stores.saveMarks();
  const told: unknown[] = [];
  trail.verifying.on((progress) => told.push(progress));
  assert.deepEqual((await trail.verify(undefined)).breaks, []);
  assert.deepEqual(told, [{ read: 20_000, of: 20_001 }]);
});
