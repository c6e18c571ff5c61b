import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AnswerMoment, graceMs, isResting, isTooSoon } from '../../../server/protocol/answer-guard.ts';

const long = -1_000_000;
const settled: AnswerMoment = { shownAt: 0, lastAnsweredAt: long, enteredAt: null, pointerMovedAt: long, now: 10_000 };

const cases: [name: string, moment: Partial<AnswerMoment>, tooSoon: boolean][] = [
  ['a question that has stood for a while', {}, false],
  ['a question that has just appeared', { shownAt: 10_000 - graceMs + 1 }, true],
  ['a question whose grace is over', { shownAt: 10_000 - graceMs }, false],
  ['the next question right after an answer', { lastAnsweredAt: 9_900 }, true],
  ['a button the pointer moved onto and pressed at once', { enteredAt: 9_950, pointerMovedAt: 9_960 }, false],
  ['a button that slid under a resting pointer', { enteredAt: 9_900, pointerMovedAt: 5_000 }, true],
  ['a button that slid under the pointer long ago', { enteredAt: 9_000, pointerMovedAt: 5_000 }, false],
  ['the keyboard, wherever the pointer is', { enteredAt: null, pointerMovedAt: 5_000 }, false],
];
for (const [name, moment, tooSoon] of cases) {
  test(`${name} ${tooSoon ? 'takes no answer yet' : 'takes an answer'}`, () => {
    assert.equal(isTooSoon({ ...settled, ...moment }), tooSoon);
  });
}

test('buttons rest as long as no click would count', () => {
  assert.equal(isResting(9_700, long, 10_000), true);
  assert.equal(isResting(0, 9_700, 10_000), true);
  assert.equal(isResting(0, long, 10_000), false);
});
