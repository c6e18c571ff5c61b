import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import type { AgentId } from '../../../server/protocol/ids.ts';
import { WakeStore } from '../../../server/wake/wake-store.ts';
import { wakeRecord } from '../../support/team-samples.ts';
import { TestStores } from '../../support/test-stores.ts';

const agentId = newId<AgentId>();

let kept: TestStores;
let store: WakeStore;

beforeEach(() => {
  kept = new TestStores();
  store = new WakeStore(kept.stores.btmsg.db);
});
afterEach(() => kept.remove());

test('a wake is read as it was written, and only its state and end change', () => {
  const wake = wakeRecord({ agentId, state: 'pending', endedAt: null, signals: [{ name: 'PeriodicFloor', weight: 0.1, detail: 'why' }] });
  store.put(wake);
  assert.deepEqual([store.get(wake.id), store.open(), store.pendingWith(wake.promptId)], [wake, [wake], wake]);
  store.put({ ...wake, state: 'done', endedAt: 9, summary: 'another one' });
  assert.deepEqual([store.get(wake.id), store.open()], [{ ...wake, state: 'done', endedAt: 9 }, []]);
});

test('a second wake that waits is refused by the database itself', () => {
  store.put(wakeRecord({ agentId, state: 'pending' }));
  assert.throws(() => store.put(wakeRecord({ agentId, state: 'pending' })), /UNIQUE/);
  store.put(wakeRecord({ state: 'pending' }));
});

test('what an agent was told last is of a wake that it has read', () => {
  const told = (state: 'done' | 'begun' | 'failed' | 'cancelled', decidedAt: number) =>
    store.put(wakeRecord({ agentId, state, decidedAt, snapshot: `"${state} ${decidedAt}"` }));
  assert.equal(store.lastTold(agentId), undefined);
  told('done', 1);
  told('failed', 2);
  told('cancelled', 3);
  assert.equal(store.lastTold(agentId), '"done 1"');
  told('begun', 4);
  assert.equal(store.lastTold(agentId), '"begun 4"');
});

test('of each agent the newest are kept, and whatever has not ended', () => {
  const open = wakeRecord({ agentId, state: 'begun', decidedAt: 0, endedAt: null });
  const other = wakeRecord({ decidedAt: 0 });
  for (const wake of [open, other]) store.put(wake);
  for (let decidedAt = 1; decidedAt <= 10; decidedAt += 1) store.put(wakeRecord({ agentId, decidedAt }));
  store.prune(agentId, 3);
  assert.deepEqual(
    store.newest(agentId, 100).map(({ decidedAt }) => decidedAt),
    [10, 9, 8, 0],
  );
  assert.deepEqual(store.newest(other.agentId, 100), [other]);
});

test('a wake whose reasons are damaged is read without them', () => {
  const wake = wakeRecord({ agentId, state: 'pending', signals: [{ name: 'PeriodicFloor', weight: 0.1, detail: 'why' }] });
  store.put(wake);
  for (const damaged of ['{', 'null', '[{"name":"Other"}]']) {
    kept.stores.btmsg.db.prepare('update wakes set signals = ?').run(damaged);
    assert.deepEqual(store.get(wake.id), { ...wake, signals: [] });
  }
});
