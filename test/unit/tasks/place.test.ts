import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evenPlace, placeAtEnd, placeBetween } from '../../../server/tasks/place.ts';

test('the end is below the last, the top above the first, and the middle between the two', () => {
  const first = placeAtEnd(undefined);
  const second = placeAtEnd(first);
  assert.ok(second > first);
  assert.ok(Number(placeBetween(undefined, first)) < first);
  const middle = Number(placeBetween(first, second));
  assert.ok(first < middle && middle < second);
});

test('halving ends before two places are the same', () => {
  let [above, below] = [evenPlace(0), evenPlace(1)];
  let halved = 0;
  for (let place = placeBetween(above, below); place !== undefined; place = placeBetween(above, below)) {
    assert.ok(above < place && place < below);
    if (halved % 2 === 0) above = place;
    else below = place;
    halved += 1;
  }
  assert.ok(halved > 20 && above < below, String(halved));
});
