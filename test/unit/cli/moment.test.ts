import assert from 'node:assert/strict';
import { test } from 'node:test';
import { moment } from '../../../server/cli/moment.ts';

const now = Date.UTC(2026, 4, 2);

test('how long ago is counted back from now', () => {
  for (const [typed, ms] of [
    ['45s', 45_000],
    ['30m', 1_800_000],
    ['2 h', 7_200_000],
    ['7d', 604_800_000],
    ['1w', 604_800_000],
  ] as const)
    assert.equal(moment(typed)(now), now - ms, typed);
});

test('a date is meant as it is written, whatever time it is', () => {
  assert.equal(moment('2026-05-01')(now), Date.UTC(2026, 4, 1));
  assert.equal(moment('2026-05-01T14:00Z')(now), Date.UTC(2026, 4, 1, 14));
});

test('anything else is refused with what would do', () => {
  for (const typed of ['', '2', 'h', '2y', '-2h', 'yesterday', '2026-13-01', '5 2026'])
    assert.throws(() => moment(typed), /Give how long ago, as 30m, 2h or 7d, or a date and time/, typed);
});
