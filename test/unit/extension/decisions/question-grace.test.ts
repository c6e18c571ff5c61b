import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QuestionGrace } from '../../../../extension/decisions/question-grace.ts';
import { graceMs } from '../../../../server/protocol/answer-guard.ts';

function subject() {
  const clock = { now: 10_000 };
  const grace = new QuestionGrace(() => clock.now);
  return { grace, clock, pass: (ms: number) => (clock.now += ms) };
}

test('a question that has just appeared takes no answer until its grace is over', () => {
  const { grace, pass } = subject();
  grace.drawn(['a']);
  assert.equal(grace.isTooSoon('a'), true);
  pass(graceMs);
  assert.equal(grace.isTooSoon('a'), false);
});

test('one more at the end leaves the others as they are', () => {
  const { grace, pass } = subject();
  grace.drawn(['a']);
  pass(graceMs);
  grace.drawn(['a', 'b']);
  assert.deepEqual([grace.isTooSoon('a'), grace.isTooSoon('b')], [false, true]);
});

for (const [what, after] of [
  ['one before it went', ['b']],
  ['one came before it', ['x', 'a', 'b']],
  ['two changed places', ['b', 'a']],
  ['it was asked anew in its place', ['a2', 'b']],
] as const) {
  test(`when ${what}, none is answered for a moment`, () => {
    const { grace, pass } = subject();
    grace.drawn(['a', 'b']);
    pass(graceMs);
    grace.drawn(after);
    assert.deepEqual(
      after.map((key) => grace.isTooSoon(key)),
      after.map(() => true),
    );
    pass(graceMs);
    assert.deepEqual(
      after.map((key) => grace.isTooSoon(key)),
      after.map(() => false),
    );
  });
}

test('the same drawn again begins no new grace', () => {
  const { grace, pass } = subject();
  grace.drawn(['a', 'b']);
  pass(graceMs - 1);
  grace.drawn(['a', 'b']);
  pass(1);
  assert.equal(grace.isTooSoon('b'), false);
});

test('what is not shown takes no answer, and what comes back is looked at anew', () => {
  const { grace, pass } = subject();
  grace.drawn(['a']);
  pass(graceMs);
  assert.equal(grace.isTooSoon('b'), true);
  grace.hidden();
  assert.equal(grace.isTooSoon('a'), true);
  grace.drawn(['a']);
  assert.equal(grace.isTooSoon('a'), true);
});
