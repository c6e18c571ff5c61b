import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figureIn, isMet, type MeasuredFigure, medianFigures } from '../../bench/bench-figure.ts';
import { figureTable, short } from '../../bench/figure-table.ts';

const figure = (ratio: number, more: Partial<MeasuredFigure> = {}): MeasuredFigure => ({
  ...{ name: 'outbox serial', ratio, target: 0.9, atLeast: true },
  ...more,
});

test('the middle of the runs is held against the target, with the values of each run in their order', () => {
  const [kept] = medianFigures('outbox', [figure(0.5), figure(0.95), figure(0.92)], 'then');
  assert.deepEqual(
    { ratio: kept?.ratio, met: kept?.met, values: kept?.values, bench: kept?.bench },
    { ratio: 0.92, met: true, values: [0.5, 0.95, 0.92], bench: 'outbox' },
  );
});

test('the amounts that stand beside a ratio are those of the run it comes from', () => {
  const amount = (value: number) => ({ product: { what: 'ours', value, unit: 'events/s' } });
  const [kept] = medianFigures('outbox', [figure(3, amount(30)), figure(1, amount(10)), figure(2, amount(20))], 'then');
  assert.equal(kept?.product?.value, 20);
});

test('figures of several names stay apart', () => {
  const kept = medianFigures('outbox', [figure(1), figure(5, { name: 'outbox burst' }), figure(2)], 'then');
  assert.deepEqual(
    kept.map(({ name, values }) => [name, values]),
    [
      ['outbox serial', [1, 2]],
      ['outbox burst', [5]],
    ],
  );
});

test('a target is the least or the most that is allowed, and met where it is reached exactly', () => {
  assert.deepEqual([figure(0.9), figure(0.89), figure(0.9, { atLeast: false }), figure(0.91, { atLeast: false })].map(isMet), [
    true,
    false,
    true,
    false,
  ]);
});

test('a figure that is no number fails the run rather than being kept as missed', () => {
  assert.throws(() => medianFigures('outbox', [figure(Number.NaN)], 'then'), /without a number/);
});

test('only a marked line is a figure', () => {
  assert.equal(figureIn('first index: 3 s'), undefined);
  assert.deepEqual(figureIn(`@figure ${JSON.stringify(figure(1))}`), figure(1));
});

test('the table shows each target beside its figure, and whether it is met', () => {
  const figures = medianFigures(
    'outbox',
    [figure(0.5, { note: 'a fsync for each' }), figure(12, { name: 'x', unit: 'ms', atLeast: false })],
    '',
  );
  const table = figureTable(figures);
  assert.match(table, /outbox serial {2}0\.5 × +≥ 0\.9 × +MISSED/);
  assert.match(table, /x +12 ms +≤ 0\.9 ms +MISSED/);
  assert.match(table, /0 of 2 met\noutbox serial: a fsync for each$/);
});

test('numbers have three digits that count', () => {
  assert.deepEqual([0.012345, 1.2345, 98.76, 251_787.4].map(short), ['0.0123', '1.23', '98.8', '251,787']);
});
