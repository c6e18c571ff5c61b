import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginsAt, dayMs, isLookDue, mayRemove, nextStep } from '../../../server/retention/daily.ts';

const hourMs = dayMs / 24;
const now = 1_000 * dayMs;

test('a look is due once a day, at once when one was missed, and never twice within an hour, whatever the clock does', () => {
  const rows: readonly [why: string, lookedAt: number | null, sinceLookMs: number | null, due: boolean][] = [
    ['never looked', null, null, true],
    ['yesterday, by an earlier backend', now - dayMs, null, true],
    ['missed for a month', now - 30 * dayMs, null, true],
    ['an hour ago', now - hourMs, null, false],
    ['a day ago, by this one', now - dayMs, dayMs, true],
    ['the clock was set ahead a day', now - dayMs, hourMs / 2, false],
    ['and an hour later', now - dayMs - hourMs, hourMs, true],
    ['the clock was set back a day', now + dayMs, null, true],
    ['set back, just after a look', now + dayMs, hourMs / 2, false],
  ];
  for (const [why, lookedAt, sinceLookMs, due] of rows) assert.equal(isLookDue({ lookedAt, sinceLookMs }, now), due, why);
});

test('nothing is removed before a first look, after a long gap, or by a clock that was set back', () => {
  const rows: readonly [lookedAt: number | null, may: boolean][] = [
    [null, false],
    [now - dayMs, true],
    [now - 3 * dayMs, true],
    [now - 4 * dayMs, false],
    [now - 365 * dayMs, false],
    [now + dayMs, false],
  ];
  for (const [lookedAt, may] of rows) assert.equal(mayRemove({ lookedAt }, now), may, String(lookedAt));
});

test('old messages are announced first, then a week passes or the person agrees', () => {
  const step = (announcedAt: number | null, agreedAt: number | null, messageDays = 90) =>
    nextStep({ messageDays, announcedAt, agreedAt }, now);
  assert.equal(step(null, null), 'announce');
  assert.equal(step(now - 6 * dayMs, null), 'wait');
  assert.equal(step(now - 7 * dayMs, null), 'archive');
  assert.equal(step(now, now), 'archive');
  assert.equal(step(now - 30 * dayMs, now, 0), 'nothing');
  assert.equal(beginsAt(now) - now, 7 * dayMs);
});
