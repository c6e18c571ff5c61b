/** How crashed sidecars come back: exact waits, what is told, and what a person changes about it. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import type { AgentId } from '../../../server/protocol/ids.ts';
import { RestartsWorld, stableMs } from '../../support/restarts-world.ts';
import { auditEvents, fillDisk } from '../../support/test-stores.ts';

const dayMs = 86_400_000;
let world: RestartsWorld;

beforeEach(() => {
  world = new RestartsWorld();
});
afterEach(() => world.remove());

describe('a sidecar that crashes', () => {
  it('is healthy until then', () => {
    assert.deepEqual([world.health, world.restarts.holdsBack(world.id), world.waitMs], [{ state: 'healthy' }, false, 0]);
  });

  it('is started again after a second, and is healthy once it came up', async () => {
    world.cameUp();
    world.crash();
    const nextRetryAt = world.clock.now() + 1_000;
    assert.deepEqual(world.health, { state: 'restarting', attempt: 1, nextRetryAt, lastError: 'boom' });
    assert.equal(world.waitMs, 1_000);
    world.clock.advance(999);
    assert.deepEqual([world.tried, world.waitMs], [[], 1]);
    await world.advance(1);
    assert.deepEqual([world.tried, world.health], [[1], { state: 'healthy' }]);
  });

  it('and crashes again before it comes up is tried after exactly 1, 2, 4, 8 and 16 s, and then failed', async () => {
    world.crashesAlways();
    world.crash();
    await world.pass(600);
    assert.deepEqual(world.tried, [1, 3, 7, 15, 31]);
    assert.deepEqual(world.health, { state: 'failed', attempts: 5, lastError: 'boom', reason: 'attempts' });
    assert.equal(world.restarts.holdsBack(world.id), true);
  });

  it('with seven attempts allowed waits no longer than 30 s', async () => {
    world.set['supervisor.maxAttempts'] = 7;
    world.crashesAlways();
    world.crash();
    await world.pass(200);
    assert.deepEqual(world.tried, [1, 3, 7, 15, 31, 61, 91]);
    assert.equal(world.health.state, 'failed');
  });

  it('while its wait still runs counts, and waits anew', async () => {
    world.crash();
    world.clock.advance(500);
    world.crash('bang');
    assert.equal(world.waitMs, 2_000);
    await world.advance(1_999);
    assert.deepEqual(world.tried, []);
    await world.advance(1);
    assert.deepEqual(world.tried, [2.5]);
  });

  it('does not disturb another one', () => {
    world.crash();
    assert.deepEqual(world.restarts.health(newId<AgentId>()), { state: 'healthy' });
  });

  it('each time after it came up for a moment counts on', async () => {
    for (const waitMs of [1_000, 2_000, 4_000]) {
      world.crash();
      assert.equal(world.waitMs, waitMs);
      await world.advance(waitMs + 60_000);
    }
  });

  it('after five good minutes counts from one again', async () => {
    world.crash();
    await world.advance(1_000);
    world.crash();
    assert.equal(world.waitMs, 2_000);
    await world.advance(2_000);
    world.clock.advance(stableMs);
    world.crash();
    assert.equal(world.waitMs, 1_000);
  });

  it('seven times within an hour, each time after a good run, is flapping', async () => {
    await world.crashesAfterGoodRuns(6);
    assert.equal(world.health.state, 'healthy');
    world.clock.advance(stableMs);
    world.crash();
    assert.deepEqual(world.health, { state: 'failed', attempts: 7, lastError: 'boom', reason: 'flapping' });
  });

  it('is told in the audit log, with its ring, its wait and its reason', async () => {
    world.set['supervisor.maxAttempts'] = 1;
    world.crashesAlways();
    world.crash();
    await world.advance(1_000);
    const { stores } = world.kept;
    assert.deepEqual(auditEvents(stores), ['agent_restarting', 'agent_failed']);
    const told = (event: 'agent_restarting' | 'agent_failed') => JSON.parse(stores.audit.newestDetail(event, world.id) ?? '');
    assert.deepEqual(told('agent_restarting'), { ring: 'sidecar', attempt: 1, maxAttempts: 1, delayMs: 1_000, lastError: 'boom' });
    assert.deepEqual(told('agent_failed'), { ring: 'sidecar', attempts: 1, reason: 'attempts', lastError: 'boom' });
  });

  it('comes back even if the disk is full', async () => {
    const { db } = world.kept.stores.btmsg;
    fillDisk(db);
    db.pragma('query_only = on');
    world.crash();
    await world.advance(1_000);
    assert.deepEqual([world.tried, world.health.state], [[1], 'healthy']);
    assert.ok(world.logged.includes('how often a sidecar was restarted cannot be kept'));
  });
});

describe('a restart that fails without a crash', () => {
  it('has told its own reason: nothing is held back any more, and what waits is tried', async () => {
    world.restart = () => Promise.reject(new Error('No such program.'));
    world.crash();
    await world.advance(1_000);
    assert.deepEqual([world.health.state, world.wentOn], ['healthy', 1]);
    await world.advance(dayMs);
    assert.deepEqual(world.tried, [1]);
  });
});

describe('an end in order', () => {
  it('keeps what was counted, and starts nothing', async () => {
    world.crash();
    await world.advance(1_000);
    world.restarts.wentDown(world.id);
    await world.advance(dayMs);
    assert.deepEqual([world.tried, world.health.state], [[1], 'healthy']);
    world.cameUp();
    world.crash();
    assert.equal(world.waitMs, 2_000);
  });
});

describe('a person', () => {
  it('who stops the agent during the wait ends the wait', async () => {
    world.crash();
    world.restarts.reset(world.id);
    await world.advance(dayMs);
    assert.deepEqual([world.tried, world.health.state, world.clock.waiting], [[], 'healthy', 0]);
  });

  it('who starts an agent that failed begins from one again', async () => {
    world.crashesAlways();
    world.crash();
    await world.pass(40);
    assert.equal(world.health.state, 'failed');
    world.restarts.reset(world.id);
    assert.equal(world.restarts.holdsBack(world.id), false);
    world.crash();
    assert.equal(world.waitMs, 1_000);
  });

  it('who starts one that flapped has that forgotten too', async () => {
    await world.crashesAfterGoodRuns(7);
    assert.equal(world.health.state, 'failed');
    world.restarts.reset(world.id);
    await world.crashesAfterGoodRuns(1);
    assert.equal(world.health.state, 'healthy');
  });

  it('who removes the agent leaves nothing of it', async () => {
    world.crash();
    world.restarts.forget(world.id);
    await world.advance(dayMs);
    world.nextBackend();
    assert.deepEqual([world.tried, world.health.state], [[], 'healthy']);
  });
});
