import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Point, slopePerMinute } from '../../soak/trend.ts';

const everyMs = 5_000;

function life(name: string, values: readonly number[], fromMs = 0): Point[] {
  return values.map((value, index) => ({ atMs: fromMs + index * everyMs, life: name, value }));
}

const line = (length: number, perStep: number, start = 0) => Array.from({ length }, (_, index) => start + index * perStep);

test('what grows steadily has the slope of its line, in units a minute', () => {
  assert.equal(slopePerMinute(life('a', line(40, 0.5)), 0), 6);
});

test('a few spikes move nothing', () => {
  const values = line(60, 0).map((value, index) => (index % 7 === 0 ? 1_000 : value));
  assert.equal(slopePerMinute(life('a', values), 0), 0);
});

test('the warm-up of each life is left out', () => {
  const values = [...line(12, 10), ...line(40, 0, 110)];
  assert.equal(slopePerMinute(life('a', values), 60_000), 0);
});

test('a process that begins again lower hides no growth: only points of one life are compared', () => {
  const first = life('a', line(30, 1));
  const second = life('b', line(30, 1), 150_000);
  assert.equal(slopePerMinute([...first, ...second], 0), 12);
});

test('lives that are too short tell nothing', () => {
  assert.equal(slopePerMinute(life('a', line(5, 1)), 0), null);
  assert.equal(slopePerMinute([], 0), null);
});
