/** How often something is drawn of which there is news all the time. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { Pace, paceMs } from '../../../../extension/drawing/pace.ts';

let drawn: number;
let pace: Pace;

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] });
  drawn = 0;
  pace = new Pace(() => {
    drawn += 1;
  });
});
afterEach(() => mock.timers.reset());

test('the first wish is drawn at once, and so is one after a quiet time', () => {
  pace.wish();
  assert.equal(drawn, 1);
  mock.timers.tick(paceMs);
  assert.equal(drawn, 1);
  pace.wish();
  assert.equal(drawn, 2);
});

test('however many follow, they are drawn together, and the last of them is', () => {
  for (let time = 0; time < 100; time += 1) pace.wish();
  assert.equal(drawn, 1);
  mock.timers.tick(paceMs);
  assert.equal(drawn, 2);
  mock.timers.tick(10 * paceMs);
  assert.equal(drawn, 2);
});

test('what is wished while it is drawn is drawn as well', () => {
  const again = new Pace(() => {
    drawn += 1;
    if (drawn === 1) again.wish();
  });
  again.wish();
  mock.timers.tick(paceMs);
  assert.equal(drawn, 2);
});

test('nothing is drawn after its end', () => {
  pace.wish();
  pace.wish();
  pace.dispose();
  mock.timers.tick(paceMs);
  assert.equal(drawn, 1);
});
