import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OrphanTimer } from '../../../server/sidecar/orphan-timer.ts';
import { FakeClock } from '../../support/fake-clock.ts';

function setUp() {
  const clock = new FakeClock();
  const state = { orphaned: 0 };
  const timer = new OrphanTimer(clock, {
    graceMs: 100,
    onOrphaned: () => {
      state.orphaned += 1;
    },
  });
  return { clock, state, timer };
}

test('armed and never disarmed, it fires once, counted from the first arming', () => {
  const { clock, state, timer } = setUp();
  timer.arm();
  clock.advance(60);
  timer.arm();
  clock.advance(40);
  assert.equal(state.orphaned, 1);
  clock.advance(1_000);
  assert.equal(state.orphaned, 1);
});

test('a backend that comes in time disarms it, and its going gives the whole grace again', () => {
  const { clock, state, timer } = setUp();
  timer.arm();
  clock.advance(99);
  timer.disarm();
  clock.advance(1_000);
  timer.arm();
  clock.advance(99);
  assert.equal(state.orphaned, 0);
  clock.advance(1);
  assert.equal(state.orphaned, 1);
});
