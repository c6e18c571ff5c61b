import assert from 'node:assert/strict';
import { test } from 'node:test';
import { timeSlices } from '../../../server/base/time-slices.ts';

test('work goes on until its slice is over, then the others have their turn, and a new slice begins after that', async () => {
  let now = 0;
  let rests = 0;
  const rest = async () => {
    rests += 1;
    now += 100;
  };
  const pause = timeSlices({ workMs: 3, elapsed: () => now, rest });
  const seen: number[] = [];
  for (let step = 0; step < 7; step += 1) {
    now += 1;
    await pause();
    seen.push(rests);
  }
  assert.deepEqual(seen, [0, 0, 1, 1, 1, 2, 2]);
});
