import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columns, fits, newestFirst, nextSort, noFilter, sortedSessions, summaryOf } from '../../../../webviews/metrics/session-rows.ts';
import { sampleMeasured } from '../../../support/metrics-samples.ts';

test('what is unknown stands at the end whichever way, and equal ones newest first', () => {
  const sessions = [
    sampleMeasured({ title: 'old', endTime: 1, costUsd: 2 }),
    sampleMeasured({ title: 'unknown', endTime: 2, costUsd: null }),
    sampleMeasured({ title: 'new', endTime: 3, costUsd: 2 }),
    sampleMeasured({ title: 'cheap', endTime: 4, costUsd: 1 }),
  ];
  const titles = (direction: 'up' | 'down') => sortedSessions(sessions, { column: 'cost', direction }).map(({ title }) => title);
  assert.deepEqual(titles('up'), ['cheap', 'new', 'old', 'unknown']);
  assert.deepEqual(titles('down'), ['new', 'old', 'cheap', 'unknown']);
});

test('every column sorts, turns round when it is chosen again, and begins the way one looks for it', () => {
  const sessions = [sampleMeasured(), sampleMeasured({ model: null, costUsd: null, peakTokens: null })];
  for (const column of columns) {
    const first = nextSort({ column: column === 'ended' ? 'cost' : 'ended', direction: 'up' }, column);
    const second = nextSort(first, column);
    assert.notEqual(first.direction, second.direction);
    assert.equal(sortedSessions(sessions, second).length, 2);
  }
  assert.equal(nextSort(newestFirst, 'agent').direction, 'up');
  assert.equal(nextSort(newestFirst, 'cost').direction, 'down');
});

test('a filter looks at titles, agents, models and errors, whatever the case, and at the status', () => {
  const session = sampleMeasured({ title: 'Build the Door', errorMessage: 'No money.', status: 'error' });
  for (const text of ['door', 'BUILDER', 'small', 'no money', ' ', '']) assert.ok(fits(session, { ...noFilter, text }), text);
  assert.ok(!fits(session, { ...noFilter, text: 'window' }));
  assert.ok(!fits(session, { ...noFilter, status: 'success' }));
});

test('a summary is of what is known, and the last one may be unknown', () => {
  assert.deepEqual(summaryOf([1, 5, null]), { last: null, average: 3, highest: 5, lowest: 1 });
  assert.deepEqual(summaryOf([null]), { last: null, average: null, highest: null, lowest: null });
  assert.deepEqual(summaryOf([]), { last: null, average: null, highest: null, lowest: null });
});
