import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { agoText, durationText } from '../../../server/cli/time-text.ts';

const now = Date.UTC(2026, 10, 21, 12);
const minuteMs = 60_000;

describe('times in words', () => {
  const ago: [beforeMs: number, expected: string][] = [
    [0, 'just now'],
    [-5_000, 'just now'],
    [5 * minuteMs, '5 min ago'],
    [3 * 60 * minuteMs, '3 h ago'],
    [49 * 60 * minuteMs, '2 d ago'],
    [60 * 24 * 60 * minuteMs, '2026-09-22'],
  ];
  for (const [beforeMs, expected] of ago)
    it(`${beforeMs} ms before is "${expected}"`, () => assert.equal(agoText(now - beforeMs, now), expected));

  const durations: [ms: number, expected: string][] = [
    [12, '12 ms'],
    [3_250, '3.3 s'],
    [125_000, '2 min 5 s'],
    [3_725_000, '1 h 2 min'],
  ];
  for (const [ms, expected] of durations) it(`${ms} ms is "${expected}"`, () => assert.equal(durationText(ms), expected));
});
