import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import { Heartbeats } from '../../../server/health/heartbeats.ts';
import type { AgentId } from '../../../server/protocol/ids.ts';
import { defaultSettings } from '../../../server/protocol/settings.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { auditEvents, TestStores } from '../../support/test-stores.ts';

const dayMs = 86_400_000;
const staleMs = 300_000;
const agentId = newId<AgentId>();

let kept: TestStores;
let clock: FakeClock;
let heartbeats: Heartbeats;
let shouldBeUp: boolean;
let logged: string[];

beforeEach(() => {
  kept = new TestStores();
  clock = new FakeClock();
  shouldBeUp = true;
  logged = [];
  heartbeats = open();
});
afterEach(() => kept.remove());

function open(): Heartbeats {
  const { btmsg: file, audit } = kept.stores;
  const log = (message: string) => void logged.push(message);
  return new Heartbeats({ file, audit, clock, setting: (name) => defaultSettings[name], shouldBeUp: () => shouldBeUp, log });
}

function row() {
  return kept.stores.btmsg.db.prepare('select last_heartbeat as at, status from heartbeats where agent_id = ?').get(agentId);
}

test('a beat by command is on disk and audited, once for half a minute', () => {
  const first = clock.now();
  assert.deepEqual(heartbeats.beat(agentId), { at: first });
  for (let beat = 0; beat < 29; beat += 1) {
    clock.advance(1_000);
    assert.deepEqual(heartbeats.beat(agentId), { at: clock.now() });
  }
  assert.deepEqual([row(), auditEvents(kept.stores)], [{ at: first, status: 'active' }, ['heartbeat']]);
  clock.advance(1_000);
  heartbeats.beat(agentId);
  assert.deepEqual([row(), auditEvents(kept.stores)], [{ at: first + 30_000, status: 'active' }, ['heartbeat', 'heartbeat']]);
  assert.equal(heartbeats.lastAt(agentId), first + 30_000);
});

test('output is a beat that leaves no audit row, on disk once for half a minute', () => {
  const first = clock.now();
  heartbeats.onOutput(agentId);
  for (let part = 0; part < 29; part += 1) {
    clock.advance(1_000);
    heartbeats.onOutput(agentId);
  }
  assert.deepEqual(row(), { at: first, status: 'active' });
  clock.advance(1_000);
  heartbeats.onOutput(agentId);
  assert.deepEqual([row(), auditEvents(kept.stores)], [{ at: first + 30_000, status: 'active' }, []]);
});

test('a beat by command is audited although output was kept a moment before', () => {
  heartbeats.onOutput(agentId);
  heartbeats.beat(agentId);
  assert.deepEqual(auditEvents(kept.stores), ['heartbeat']);
});

test('an agent is stale when nothing was heard of it for five minutes, and no longer once it is heard', () => {
  heartbeats.beat(agentId);
  clock.advance(staleMs - 1);
  assert.equal(heartbeats.isStale(agentId), false);
  clock.advance(1);
  assert.equal(heartbeats.isStale(agentId), true);
  heartbeats.onOutput(agentId);
  assert.equal(heartbeats.isStale(agentId), false);
});

test('an agent that has nothing to do is never stale, and has its five minutes once it has', () => {
  shouldBeUp = false;
  heartbeats.beat(agentId);
  heartbeats.setStatus(agentId, 'sleeping');
  clock.advance(dayMs);
  assert.equal(heartbeats.isStale(agentId), false);
  shouldBeUp = true;
  heartbeats.setStatus(agentId, 'active');
  clock.advance(staleMs - 1);
  assert.equal(heartbeats.isStale(agentId), false);
  clock.advance(1);
  assert.equal(heartbeats.isStale(agentId), true);
});

test('an agent that was never heard becomes stale as well', () => {
  assert.deepEqual([heartbeats.isStale(agentId), heartbeats.lastAt(agentId)], [false, null]);
  clock.advance(staleMs);
  assert.equal(heartbeats.isStale(agentId), true);
});

for (const jumpMs of [dayMs, -dayMs]) {
  test(`a wall clock that is set by ${jumpMs / dayMs} day makes nobody stale and nobody fresh`, () => {
    heartbeats.beat(agentId);
    clock.setWallClock(jumpMs);
    clock.advance(staleMs - 1);
    assert.equal(heartbeats.isStale(agentId), false);
    clock.setWallClock(-jumpMs);
    clock.advance(1);
    assert.equal(heartbeats.isStale(agentId), true);
  });
}

test('the next backend knows the last beat, and counts silence anew', () => {
  const { at } = heartbeats.beat(agentId);
  heartbeats.setStatus(agentId, 'sleeping');
  clock.advance(dayMs);
  kept.reopen();
  const next = open();
  assert.deepEqual([next.lastAt(agentId), row(), next.isStale(agentId)], [at, { at, status: 'sleeping' }, false]);
});

test('what the disk does not take is an error to the command, and none to what is taken in', () => {
  kept.stores.btmsg.db.exec("create trigger full before insert on heartbeats begin select raise(abort, 'the disk is full'); end");
  assert.throws(() => heartbeats.beat(agentId), /the disk is full/);
  assert.deepEqual([heartbeats.lastAt(agentId), auditEvents(kept.stores)], [null, []]);
  heartbeats.onOutput(agentId);
  assert.deepEqual([logged, heartbeats.isStale(agentId)], [['a heartbeat cannot be kept'], false]);
});

test('an agent that is removed leaves no heartbeat', () => {
  heartbeats.beat(agentId);
  heartbeats.forget(agentId);
  assert.deepEqual([row(), heartbeats.lastAt(agentId)], [undefined, null]);
});
