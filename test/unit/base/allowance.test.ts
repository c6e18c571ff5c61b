import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Allowance } from '../../../server/base/allowance.ts';

test('so many in a span are granted, the rest is counted and told with the next one', () => {
  const allowance = new Allowance({ times: 2, perMs: 1_000 });
  const taken = [0, 1, 2, 999, 1_000, 1_001, 1_002].map((now) => allowance.take(now)?.refusedBefore ?? null);
  assert.deepEqual(taken, [0, 0, null, null, 2, 0, null]);
});
