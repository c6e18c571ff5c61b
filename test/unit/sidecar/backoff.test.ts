import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoffMs } from '../../../server/sidecar/backoff.ts';

test('a pause doubles from a second up to a minute', () => {
  const seconds = [1, 2, 3, 4, 5, 6, 7, 8, 500].map((failures) => backoffMs(failures, 1) / 1_000);
  assert.deepEqual(seconds, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
});

test('chance takes up to half of it away, and never more', () => {
  assert.deepEqual([backoffMs(3, 0), backoffMs(3, 0.5), backoffMs(99, 0)], [2_000, 3_000, 30_000]);
});
