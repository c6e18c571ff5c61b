/** When a turn goes round in circles, tried on rounds of every length and on courses that only look like it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { longestRound, loopAtEnd, loopRounds, type Step, waitingRounds, waitMs } from '../../../server/budgets/loop.ts';
import { Random } from '../../faults/random.ts';

const step = (key: string, durationMs = 100): Step => ({ key, title: `do ${key}`, durationMs });
const rounds = (keys: string, times: number, durationMs?: number) => Array.from(keys.repeat(times), (key) => step(key, durationMs));

test('a round of up to four calls that is done five times is a loop, and its calls are told once', () => {
  for (const keys of ['a', 'ab', 'abc', 'abcd']) {
    assert.equal(loopAtEnd(rounds(keys, loopRounds - 1)), undefined, keys);
    assert.deepEqual(loopAtEnd(rounds(keys, loopRounds)), { calls: [...keys].map((key) => `do ${key}`), times: loopRounds });
  }
  assert.equal(loopAtEnd(rounds('abcde', 20)), undefined, 'longer rounds are bounded by the budget');
});

test('what came before the rounds does not hide them, and one other call in between ends them', () => {
  assert.equal(loopAtEnd([...rounds('xyz', 1), ...rounds('ab', loopRounds)])?.times, loopRounds);
  assert.equal(loopAtEnd([...rounds('a', 4), step('edit'), ...rounds('a', 4)]), undefined);
  assert.equal(loopAtEnd([...rounds('a', loopRounds), step('b')]), undefined);
});

test('a call that waits may be made many more times before it is taken for a loop', () => {
  assert.equal(loopAtEnd(rounds('a', waitingRounds - 1, waitMs)), undefined);
  assert.equal(loopAtEnd(rounds('a', waitingRounds, waitMs))?.times, waitingRounds);
});

test('a test that is run again with an edit in between is no loop, however often, and the same edit over and over is one', () => {
  const honest = Array.from({ length: 50 }, (_, index) => [step(`edit ${index}`), step('test fails')]).flat();
  assert.equal(loopAtEnd(honest), undefined);
  assert.equal(loopAtEnd(rounds('ET', loopRounds))?.times, loopRounds);
});

test('of random courses, those and only those whose end repeats are loops', () => {
  const random = new Random(7);
  for (let trial = 0; trial < 2_000; trial += 1) {
    const course = Array.from({ length: random.between(1, 40) }, () => step('abc'.charAt(random.below(3))));
    const keys = course.map(({ key }) => key).join('');
    const isLoop = Array.from({ length: longestRound }, (_, index) => index + 1).some((length) => {
      const round = keys.slice(-length);
      return round.length === length && keys.endsWith(round.repeat(loopRounds));
    });
    assert.equal(loopAtEnd(course) !== undefined, isLoop, keys);
  }
});
