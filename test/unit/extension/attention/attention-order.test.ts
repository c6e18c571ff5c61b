import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextFallAt, type Placed, placeAgents, staysMs } from '../../../../extension/attention/attention-order.ts';

const agents = (scores: Readonly<Record<string, number>>) => Object.entries(scores).map(([id, score]) => ({ id, score }));
const names = (placed: readonly Placed[]) => placed.map(({ id }) => id).join(' ');

test('at first they stand by what they need, and otherwise as they are', () => {
  assert.equal(names(placeAgents([], agents({ ann: 0, bob: 70, cleo: 0, dan: 100, eve: 10 }), 0)), 'dan bob eve ann cleo');
});

test('one that needs the person more moves up at once, behind those that do so already', () => {
  const before = placeAgents([], agents({ ann: 70, bob: 0, cleo: 0 }), 0);
  assert.equal(names(placeAgents(before, agents({ ann: 70, bob: 0, cleo: 70 }), 1)), 'ann cleo bob');
  assert.equal(names(placeAgents(before, agents({ ann: 70, bob: 0, cleo: 90 }), 1)), 'cleo ann bob');
});

test('what is only worth a look is one step, so that a growing pile moves nobody', () => {
  let placed = placeAgents([], agents({ ann: 10, bob: 20, cleo: 40 }), 0);
  for (const scores of [
    { ann: 50, bob: 20, cleo: 10 },
    { ann: 10, bob: 50, cleo: 40 },
  ]) {
    placed = placeAgents(placed, agents(scores), 1);
    assert.equal(names(placed), 'ann bob cleo');
  }
});

test('one that was just answered keeps its place for a while, and says when it moves', () => {
  const before = placeAgents([], agents({ ann: 0, bob: 95 }), 0);
  assert.equal(nextFallAt(before), undefined);
  const answered = placeAgents(before, agents({ ann: 0, bob: 0 }), 1_000);
  assert.equal(names(answered), 'bob ann');
  assert.equal(nextFallAt(answered), 1_000 + staysMs);
  const still = placeAgents(answered, agents({ ann: 0, bob: 0 }), 1_000 + staysMs - 1);
  assert.equal(names(still), 'bob ann');
  const moved = placeAgents(still, agents({ ann: 0, bob: 0 }), 1_000 + staysMs);
  assert.deepEqual([names(moved), nextFallAt(moved)], ['bob ann', undefined], 'of the same step now, they stand as they stood');
  assert.equal(names(placeAgents(moved, agents({ ann: 70, bob: 0 }), 50_000)), 'ann bob');
});

test('one that asks again in the meantime has not moved at all', () => {
  const before = placeAgents([], agents({ ann: 70, bob: 95 }), 0);
  const answered = placeAgents(before, agents({ ann: 70, bob: 0 }), 1_000);
  const again = placeAgents(answered, agents({ ann: 70, bob: 95 }), 2_000);
  assert.deepEqual([names(answered), names(again), nextFallAt(again)], ['bob ann', 'bob ann', undefined]);
  const later = placeAgents(placeAgents(again, agents({ ann: 70, bob: 0 }), 3_000), agents({ ann: 70, bob: 0 }), 3_000 + staysMs);
  assert.equal(names(later), 'ann bob');
});

test('new ones come behind those of their step, and those that are gone leave no gap', () => {
  const before = placeAgents([], agents({ ann: 0, bob: 70 }), 0);
  assert.equal(names(placeAgents(before, agents({ aaron: 0, ann: 0, bea: 70, bob: 70 }), 1)), 'bob bea ann aaron');
  assert.equal(names(placeAgents(before, agents({ ann: 0 }), 1)), 'ann');
});
