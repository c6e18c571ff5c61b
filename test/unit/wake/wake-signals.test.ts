import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wakeScore, wakeSignals } from '../../../server/wake/wake-signals.ts';
import { boardTasks, fleetAgent, wakeFacts } from '../../support/team-samples.ts';

const board = (blocked: number, review: number) => ({
  board: { counts: {}, blocked: boardTasks(blocked), review: boardTasks(review) },
});
const pressed = (...shares: (number | null)[]) => ({ agents: shares.map((contextPressure) => fleetAgent({ contextPressure })) });
const burn = (usdPerHour: number | null, hourAverageUsd: number | null) => ({ burn: { usdPerHour, hourAverageUsd } });
const attention = (...scores: number[]) => ({
  agents: scores.map((score) => fleetAgent({ attention: { score, signal: 'error', reason: 'why' } })),
});

for (const [name, fields, score, names] of [
  ['nothing', {}, 0.1, ['PeriodicFloor']],
  ['agents that need nothing', attention(0, 0), 0.1, ['PeriodicFloor']],
  ['an agent that needs a little', attention(0, 10), 1, ['AttentionSpike', 'PeriodicFloor']],
  ['a task in review', board(0, 1), 1, ['AttentionSpike', 'PeriodicFloor']],
  ['one full context', pressed(0.99, 0.75, null), 0.1, ['PeriodicFloor']],
  ['two contexts above 75 %', pressed(0.76, 0.9), 0.9, ['ContextPressureCluster', 'PeriodicFloor']],
  ['three times the burn', burn(3, 1), 0.1, ['PeriodicFloor']],
  ['more than three times the burn', burn(3.01, 1), 0.8, ['BurnRateAnomaly', 'PeriodicFloor']],
  ['a burn after an hour of nothing', burn(9, 0), 0.1, ['PeriodicFloor']],
  ['a burn of which no average is known', burn(9, null), 0.1, ['PeriodicFloor']],
  ['a burn that nobody knows', burn(null, 1), 0.1, ['PeriodicFloor']],
  ['two blocked tasks', board(2, 0), 0.1, ['PeriodicFloor']],
  ['three blocked tasks', board(3, 0), 0.7, ['TaskQueuePressure', 'PeriodicFloor']],
  ['four in review', board(0, 4), 1, ['AttentionSpike', 'PeriodicFloor']],
  ['five in review', board(0, 5), 1, ['AttentionSpike', 'ReviewBacklog', 'PeriodicFloor']],
  [
    'all at once',
    { ...burn(9, 1), ...board(3, 5), agents: [0.8, 0.9].map((share) => fleetAgent({ contextPressure: share })) },
    1,
    ['AttentionSpike', 'ContextPressureCluster', 'BurnRateAnomaly', 'TaskQueuePressure', 'ReviewBacklog', 'PeriodicFloor'],
  ],
] as const) {
  test(`of ${name}, the score is ${score}`, () => {
    const signals = wakeSignals(wakeFacts(fields));
    assert.deepEqual([wakeScore(signals), signals.map((signal) => signal.name)], [score, names]);
  });
}

test('each signal says what it saw', () => {
  const facts = wakeFacts({ ...attention(40, 100), ...burn(9, 1), ...board(3, 0) });
  assert.deepEqual(
    wakeSignals(facts).map(({ detail }) => detail),
    [
      '2 agents need attention, the highest score is 100',
      '$9.00 an hour is spent, $1.00 in the hour before',
      '3 tasks are blocked',
      'its time has come',
    ],
  );
});

test('without any signal there is no score', () => {
  assert.equal(wakeScore([]), 0);
});
