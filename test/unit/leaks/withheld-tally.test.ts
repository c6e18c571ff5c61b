import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WithheldHit } from '../../../server/leaks/secret-filter.ts';
import { WithheldTally } from '../../../server/leaks/withheld-tally.ts';
import type { Withheld } from '../../../server/protocol/secret.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const hit: WithheldHit = { secret: 'key', place: 'text', form: 'plain' };

test('the first is told at once, what follows is counted and told once a minute', () => {
  const clock = new FakeClock();
  const told: Withheld[][] = [];
  const tally = new WithheldTally(clock, (withheld) => told.push(withheld));
  tally.count(hit);
  assert.deepEqual(told, [], 'not in the middle of what is being said');
  clock.advance(0);
  assert.deepEqual(told, [[{ ...hit, count: 1 }]]);
  for (let times = 0; times < 1_000; times += 1) tally.count(hit);
  tally.count({ ...hit, place: 'log', form: 'hex' });
  clock.advance(59_999);
  assert.equal(told.length, 1);
  clock.advance(1);
  assert.deepEqual(told[1], [
    { ...hit, count: 1_000 },
    { secret: 'key', place: 'log', form: 'hex', count: 1 },
  ]);
  clock.advance(600_000);
  assert.equal(told.length, 2);
  tally.count(hit);
  clock.advance(0);
  assert.equal(told.length, 3, 'after a quiet minute at once');
});

test('the end of a run tells what is left', () => {
  const clock = new FakeClock();
  const told: Withheld[][] = [];
  const tally = new WithheldTally(clock, (withheld) => told.push(withheld));
  tally.count(hit);
  tally.flush();
  clock.advance(60_000);
  assert.equal(told.length, 1);
});
