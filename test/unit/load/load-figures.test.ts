import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countOf, LoadFigures } from '../../load/load-figures.ts';

test('a step that fails is not counted, and rejects with what was wrong', async () => {
  const figures = new LoadFigures();
  await assert.rejects(
    figures.measure('step', () => Promise.reject(new Error('no'))),
    /no/,
  );
  assert.equal(figures.count('step'), 0);
  assert.equal(await figures.measure('step', async () => 7), 7);
  assert.equal(figures.count('step'), 1);
});

test('the table has a line for each step in the order in which they were first taken', async () => {
  const figures = new LoadFigures();
  for (const step of ['second thing', 'first thing', 'second thing']) await figures.measure(step, async () => undefined);
  const [head = '', ...rows] = figures.table();
  assert.deepEqual(head.trim().split(/ {2,}/), ['count', 'p50 ms', 'p95 ms', 'max ms']);
  assert.deepEqual(
    rows.map((row) => row.split(/ {2,}/).slice(0, 2)),
    [
      ['second thing', '2'],
      ['first thing', '1'],
    ],
  );
});

test('a count is a whole number of at least one, or the fallback where none is given', () => {
  assert.equal(countOf('N', undefined, 5), 5);
  assert.equal(countOf('N', '', 5), 5);
  assert.equal(countOf('N', '12', 5), 12);
  for (const text of ['0', '-1', '1.5', 'x']) assert.throws(() => countOf('N', text, 5), { message: /whole number of at least 1/ });
});
