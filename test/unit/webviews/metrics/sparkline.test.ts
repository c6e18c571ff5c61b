import assert from 'node:assert/strict';
import { test } from 'node:test';
import { height, linesOf, width } from '../../../../webviews/metrics/sparkline.ts';

test('a line goes from the first to the last value, and is broken where one is unknown', () => {
  assert.deepEqual(linesOf([0, 10]), [`3,${height - 3} ${width - 3},3`]);
  assert.equal(linesOf([1, null, 2, 3]).length, 2);
  assert.deepEqual(linesOf([null, null]), []);
  assert.deepEqual(linesOf([]), []);
});

test('whatever the values, every place is within the picture', () => {
  for (const values of [[0], [0, 0], [-5, 5], [1e300, 1], [0.0001]]) {
    for (const place of linesOf(values).flatMap((line) => line.split(' '))) {
      const [x = -1, y = -1] = place.split(',').map(Number);
      assert.ok(x >= 0 && x <= width && y >= 0 && y <= height, `${values}: ${place}`);
    }
  }
});
