import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SenderRates } from '../../../server/base/sender-rates.ts';
import { delayAfter, isDue, longestDelayMs, maxAttempts } from '../../../server/messaging/attempts.ts';
import { nextHops } from '../../../server/messaging/hops.ts';

for (const [what, from, answered, hops] of [
  ['what the person writes begins anew', 'person', { hops: 7, somethingElseHappened: false }, 0],
  ['what answers nothing is a first one', 'other', null, 1],
  ['an answer to the person is a first one', 'other', { hops: 0, somethingElseHappened: false }, 1],
  ['an answer counts one more', 'other', { hops: 3, somethingElseHappened: false }, 4],
  ['after something else has happened an answer is a first one', 'other', { hops: 3, somethingElseHappened: true }, 1],
] as const) {
  test(what, () => assert.equal(nextHops(from, answered), hops));
}

test('a message that fails waits longer each time, and is given up the fifth', () => {
  assert.deepEqual([1, 2, 3, 4, 5, 6].map(delayAfter), [5_000, 30_000, 120_000, 600_000, null, null]);
  assert.equal(maxAttempts, 5);
});

for (const [at, now, due] of [
  [null, 0, true],
  [100, 99, false],
  [100, 100, true],
  [100 + longestDelayMs, 100, false],
  [101 + longestDelayMs, 100, true],
] as const) {
  test(`what waits until ${at} is ${due ? '' : 'not '}due at ${now}, also when the clock was set back`, () => {
    assert.equal(isDue(at, now), due);
  });
}

test('a sender has a minute of messages at once, then one for each part of a minute', () => {
  const rates = new SenderRates(() => 30);
  for (let sent = 0; sent < 30; sent += 1) assert.equal(rates.take('a', 0), null);
  assert.deepEqual(rates.take('a', 0), { waitMs: 2_000 });
  assert.deepEqual(rates.take('a', 1_500), { waitMs: 500 });
  assert.equal(rates.take('a', 2_000), null);
  assert.deepEqual(rates.take('a', 2_000), { waitMs: 2_000 });
  assert.equal(rates.take('b', 2_000), null);
});

test('a time that goes back gives nothing and takes nothing', () => {
  const rates = new SenderRates(() => 1);
  assert.equal(rates.take('a', 100_000), null);
  assert.deepEqual(rates.take('a', 0), { waitMs: 60_000 });
  assert.equal(rates.take('a', 160_000), null);
});

test('what is forgotten begins anew', () => {
  const rates = new SenderRates(() => 1);
  assert.equal(rates.take('a', 0), null);
  rates.forget('a');
  assert.equal(rates.take('a', 0), null);
});
