import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waitBeforeStart } from '../../../server/search/start-pace.ts';

test('what never ended starts at once, and so does what ended long ago', () => {
  assert.equal(waitBeforeStart([], 5_000), 0);
  assert.equal(waitBeforeStart([0], 300_000), 0);
});

test('the wait doubles with each end in a while, and counts from the last one', () => {
  assert.equal(waitBeforeStart([10_000], 10_000), 1_000);
  assert.equal(waitBeforeStart([10_000], 10_400), 600);
  assert.equal(waitBeforeStart([0, 10_000, 20_000], 20_000), 4_000);
});

test('no wait is longer than five minutes', () => {
  const ends = Array.from({ length: 40 }, (_, index) => 100_000 + index);
  assert.equal(waitBeforeStart(ends, 100_039), 300_000);
});
