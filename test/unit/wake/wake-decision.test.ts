import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AgentState } from '../../../server/protocol/agent.ts';
import { mayWake, sessionFor, shouldWake } from '../../../server/wake/wake-decision.ts';

const quiet = { threshold: 0.5, score: 0.1, isNews: true, isBusy: false };

for (const [strategy, outlook, expected] of [
  ['persistent', quiet, true],
  ['persistent', { ...quiet, isNews: false }, true],
  ['persistent', { ...quiet, isBusy: true, score: 1 }, false],
  ['on-demand', quiet, true],
  ['on-demand', { ...quiet, isNews: false, isBusy: true }, true],
  ['smart', quiet, false],
  ['smart', { ...quiet, score: 0.5 }, true],
  ['smart', { ...quiet, score: 1, isNews: false }, false],
  ['smart', { ...quiet, score: 0.5, isBusy: true }, true],
  ['smart', { ...quiet, threshold: 0 }, true],
] as const) {
  test(`${strategy} with ${JSON.stringify(outlook)} is ${expected ? 'woken' : 'not woken'}`, () => {
    assert.equal(shouldWake({ strategy, ...outlook }), expected);
  });
}

test('only one that stays up goes on in its session', () => {
  assert.deepEqual([sessionFor('persistent'), sessionFor('on-demand'), sessionFor('smart')], ['current', 'fresh', 'fresh']);
});

test('the schedule wakes whatever sleeps, is idle or works, and nothing that waits for a person', () => {
  const wakeable = AgentState.options.filter((state) => mayWake({ state, paused: false }));
  assert.deepEqual(wakeable, [
    'starting',
    'idle',
    'running',
    'waitingForApproval',
    'waitingForTurn',
    'held',
    'restarting',
    'sleeping',
    'offline',
  ]);
  assert.ok(AgentState.options.every((state) => !mayWake({ state, paused: true })));
});
