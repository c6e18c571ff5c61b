import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstPlan, isDue, isMissed, nextPlan, withinInterval } from '../../../server/wake/wake-time.ts';

const interval = 180_000;
const moment = { now: 1_000_000_000, elapsed: 5_000_000 };
const plan = { nextAt: moment.now, due: moment.elapsed, isOverdue: false };
const later = (elapsedMs: number, wallMs = elapsedMs) => ({ now: moment.now + wallMs, elapsed: moment.elapsed + elapsedMs });

for (const [name, keptAt, waitMs, isOverdue] of [
  ['nothing is kept', undefined, interval, false],
  ['a time to come is kept', moment.now + 1_000, 1_000, false],
  ['this moment is kept', moment.now, 0, true],
  ['a time long ago is kept', moment.now - 10 ** 9, 0, true],
  ['a time too far ahead is kept, because the clock was set back', moment.now + 10 ** 9, interval, false],
] as const) {
  test(`at the start, when ${name}, it waits ${waitMs} ms`, () => {
    assert.deepEqual(firstPlan(keptAt, interval, moment), {
      nextAt: moment.now + waitMs,
      due: moment.elapsed + waitMs,
      isOverdue,
    });
  });
}

for (const [name, at, due, missed, nextInMs] of [
  ['before its time', later(-1), false, false, interval + 1],
  ['at its time', later(0), true, false, interval],
  ['a little later', later(4_000), true, false, interval - 4_000],
  ['an interval later', later(interval), true, true, interval],
  ['three days later', later(3 * 86_400_000), true, true, interval],
  ['early, with the wall clock a little ahead', later(-4_000, 0), true, false, interval + 4_000],
  ['early, with the wall clock far ahead', later(-60_000, 10 ** 9), true, true, interval],
  ['in time, with the wall clock far behind', later(0, -(10 ** 9)), true, false, interval],
  ['before its time, with the wall clock far behind', later(-1_000, -(10 ** 9)), false, false, interval + 1_000],
] as const) {
  test(`${name} it is ${due ? 'due' : 'not due'}${missed ? ', and was missed' : ''}`, () => {
    const next = nextPlan(plan, interval, at);
    assert.deepEqual(
      [isDue(plan, at), isMissed(plan, interval, at), next.due - at.elapsed, next.nextAt - at.now, next.isOverdue],
      [due, missed, nextInMs, nextInMs, false],
    );
  });
}

test('what was overdue at the start was missed', () => {
  assert.equal(isMissed({ ...plan, isOverdue: true }, interval, moment), true);
});

test('a shorter interval shortens the wait, a longer one leaves it', () => {
  const waiting = firstPlan(undefined, interval, moment);
  assert.equal(withinInterval(waiting, interval * 2, moment), waiting);
  assert.deepEqual(withinInterval(waiting, 60_000, moment), firstPlan(undefined, 60_000, moment));
});
