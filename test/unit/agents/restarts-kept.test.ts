/** What the next backend knows of crashes, and what a wall clock that is set does to them: nothing. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { RestartsWorld, stableMs } from '../../support/restarts-world.ts';

const dayMs = 86_400_000;
let world: RestartsWorld;

beforeEach(() => {
  world = new RestartsWorld();
});
afterEach(() => world.remove());

describe('the next backend', () => {
  it('goes on with a wait where it was, and restarts at its time', async () => {
    for (let crash = 1; crash <= 4; crash += 1) world.crash();
    assert.equal(world.waitMs, 8_000);
    world.nextBackend(3_000);
    assert.deepEqual([world.health.state, world.waitMs], ['restarting', 5_000]);
    await world.advance(5_000);
    assert.deepEqual([world.tried, world.health.state], [[8], 'healthy']);
  });

  it('restarts at once what fell due while there was none', async () => {
    world.crash();
    world.nextBackend(60_000);
    await world.advance(0);
    assert.deepEqual(world.tried, [60]);
  });

  it('goes on counting', async () => {
    world.crash();
    await world.advance(1_000);
    world.nextBackend();
    world.cameUp(30_000);
    world.crash();
    assert.equal(world.waitMs, 2_000);
  });

  it('knows how long a sidecar that it takes over had run', async () => {
    world.crash();
    await world.advance(1_000);
    world.nextBackend(stableMs);
    world.cameUp(stableMs);
    world.crash();
    assert.equal(world.waitMs, 1_000);
  });

  it('leaves a failed one failed', () => {
    world.set['supervisor.maxAttempts'] = 1;
    world.crash();
    world.crash('bang');
    world.nextBackend(dayMs);
    assert.deepEqual(world.health, { state: 'failed', attempts: 1, lastError: 'bang', reason: 'attempts' });
    assert.equal(world.clock.waiting, 0);
  });

  it('remembers what flapping counts', async () => {
    await world.crashesAfterGoodRuns(6);
    world.nextBackend(60_000);
    world.cameUp(stableMs);
    world.crash();
    assert.equal(world.health.state === 'failed' && world.health.reason, 'flapping');
  });

  it('waits for a sidecar that comes up by itself, and starts no second one', async () => {
    world.crash();
    world.nextBackend();
    world.cameUp();
    await world.advance(dayMs);
    assert.deepEqual([world.tried, world.health.state], [[], 'healthy']);
  });
});

describe('a wall clock that is set', () => {
  for (const [name, byMs] of [
    ['forward', dayMs],
    ['back', -dayMs],
  ] as const) {
    it(`${name} a day changes no wait`, async () => {
      world.crash();
      world.clock.setWallClock(byMs);
      assert.equal(world.waitMs, 1_000);
      await world.advance(999);
      assert.deepEqual(world.tried, []);
      await world.advance(1);
      assert.deepEqual(world.tried, [1]);
    });

    it(`${name} a day makes no bad run a good one`, () => {
      world.cameUp();
      world.clock.setWallClock(byMs);
      world.clock.advance(stableMs - 1);
      world.crash();
      world.cameUp();
      world.clock.setWallClock(byMs);
      world.crash();
      assert.equal(world.waitMs, 2_000);
    });

    it(`${name} a day makes no good run a bad one`, async () => {
      world.crash();
      await world.advance(1_000);
      world.clock.setWallClock(byMs);
      world.clock.advance(stableMs);
      world.crash();
      assert.equal(world.waitMs, 1_000);
    });

    it(`${name} a day between two backends makes no wait longer than it was`, async () => {
      world.crash();
      world.crash();
      world.clock.setWallClock(byMs);
      world.nextBackend();
      assert.ok(world.waitMs <= 2_000);
      await world.advance(2_000);
      assert.equal(world.tried.length, 1);
    });
  }
});
