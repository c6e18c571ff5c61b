import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classifyError } from '../../../server/sidecar/error-classifier.ts';
import { mostRetries, retryDelayMs, retryingFailure } from '../../../server/sidecar/retry-delay.ts';

const failure = (status: number, message = '') => classifyError({ status, message });
const delays = (status: number, random = 0) =>
  Array.from({ length: mostRetries + 1 }, (_, retries) => retryDelayMs(failure(status), retries, random));

test('each wait is twice the one before, and after four tries more there is none', () => {
  assert.deepEqual(delays(429), [15_000, 30_000, 60_000, 120_000, null]);
  assert.deepEqual(delays(408), [5_000, 10_000, 20_000, 40_000, null]);
});

test('an overloaded service is given twice as long as one that only counts', () => {
  assert.deepEqual(
    delays(529),
    delays(429).map((delay) => delay && delay * 2),
  );
});

test('chance makes a wait longer by a fifth at most, and never shorter', () => {
  assert.equal(delays(429, 0.999)[0], 17_997);
  assert.equal(retryDelayMs(failure(429, 'Retry-After: 7'), 0, 0), 7_000);
});

test('a wait that the provider states is kept, each time as stated', () => {
  const stated = failure(429, 'retry after 12 seconds');
  assert.deepEqual([retryDelayMs(stated, 0, 0), retryDelayMs(stated, 3, 0)], [12_000, 12_000]);
});

test('nobody waits for hours: then the person is told', () => {
  assert.equal(retryDelayMs(failure(429, 'try again in 2h'), 0, 0), null);
});

test('what waiting does not help is not tried again', () => {
  for (const status of [401, 402, 404]) assert.equal(retryDelayMs(failure(status), 0, 0), null);
});

test('the words of a retry have its real wait', () => {
  assert.equal(retryingFailure(failure(429), 17_200).message, 'Rate limited — retrying in 18s');
  assert.equal(retryingFailure(failure(529), 17_200).message, 'Service overloaded — retrying');
});
