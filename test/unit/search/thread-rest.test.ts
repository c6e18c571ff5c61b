import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ThreadRest } from '../../../server/search/thread-rest.ts';
import { FakeClock } from '../../support/fake-clock.ts';

let clock: FakeClock;
let written: number;
let isFresh: boolean;
let finderRests: number;
let keeper: ReturnType<typeof fakeKeeper>;
let rest: ThreadRest;
let stop: () => void;

beforeEach(() => {
  clock = new FakeClock();
  written = 7;
  isFresh = true;
  finderRests = 0;
  keeper = fakeKeeper();
  const finders = [
    {
      rest: () => {
        finderRests += 1;
      },
    },
  ];
  rest = new ThreadRest({ keeper, finders, written: () => written, clock, log: (message) => assert.fail(message) });
  stop = rest.follow();
});
afterEach(() => stop());

function fakeKeeper() {
  return {
    isAwake: true,
    waitMs: 0,
    starts: 0,
    start() {
      this.starts += 1;
      this.isAwake = true;
    },
    rest() {
      this.isAwake = false;
    },
    // Nothing else is asked of it here.
    ask: async () => ({ isFresh }) as never,
  };
}

async function pass(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    clock.advance(1_000);
    await nextTurn();
  }
}

test('with everything in and nothing written for ten seconds, the keeper of the index rests', async () => {
  await pass(9);
  assert.equal(keeper.isAwake, true);
  await pass(1);
  assert.equal(keeper.isAwake, false);
});

test('a commit keeps it awake, and wakes it', async () => {
  await pass(6);
  written += 1;
  await pass(10);
  assert.equal(keeper.isAwake, true);
  await pass(1);
  assert.equal(keeper.isAwake, false);
  written += 1;
  await pass(1);
  assert.equal(keeper.isAwake, true);
});

test('it does not rest with something left to take in, or written while it was asked', async () => {
  isFresh = false;
  await pass(20);
  assert.equal(keeper.isAwake, true);
  isFresh = true;
  clock.advance(1_000);
  written += 1;
  await nextTurn();
  assert.equal(keeper.isAwake, true);
});

test('one that was lost is left to whoever starts it again', async () => {
  keeper.isAwake = false;
  keeper.waitMs = 4_000;
  written += 1;
  await pass(2);
  assert.equal(keeper.starts, 0);
});

test('threads that only ask rest when nobody has searched for five minutes', async () => {
  await pass(200);
  rest.searched();
  await pass(299);
  assert.equal(finderRests, 0);
  await pass(1);
  assert.equal(finderRests, 1);
});
