import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agentNeeds, isUrgent } from '../../../../extension/attention/agent-needs.ts';
import { plainTranslate as t } from '../../../support/plain-translate.ts';
import { sampleAgent, sampleApproval, sampleTeammate } from '../../../support/protocol-samples.ts';

const vitals = (fields: object) => ({
  ...{ idleSince: null, openTools: 0, contextPressure: null, burnUsdPerHour: null, fileConflicts: 0, reviewTasks: 0, ...fields },
});
const calm = { agent: sampleAgent(), teammate: sampleTeammate(), approvals: [] };

test('an agent that is well needs nothing, also when nobody has looked at it yet', () => {
  assert.deepEqual(agentNeeds(calm, t), []);
  assert.deepEqual(agentNeeds({ ...calm, teammate: undefined }, t), []);
});

const cases: [string, Partial<Parameters<typeof agentNeeds>[0]>, string, string, number][] = [
  [
    'is stalled',
    { teammate: sampleTeammate({ activity: 'stalled', attention: { score: 100, signal: 'stall', reason: 'Stalled: why.' } }) },
    ...(['stalled', 'Stalled: why.', 100] as const),
  ],
  ['asks', { approvals: [sampleApproval()] }, '1 approval', 'Asks: Run npm test', 95],
  ['asks twice', { approvals: [sampleApproval(), sampleApproval()] }, '2 approvals', 'Asks: Run npm test (2 approvals)', 95],
  ['lacks a key', { agent: sampleAgent({ state: 'waitingForCredentials' }) }, 'needs credentials', 'It waits for its credentials.', 92],
  [
    'is in error',
    { teammate: sampleTeammate({ attention: { score: 90, signal: 'error', reason: 'Its session is in error: x' } }) },
    ...(['in error', 'Its session is in error: x', 90] as const),
  ],
  [
    'could not be started',
    { agent: sampleAgent({ state: 'failed', stateDetail: 'No such program.' }) },
    'in error',
    'No such program.',
    90,
  ],
  [
    'is nearly full',
    { teammate: sampleTeammate({ vitals: vitals({ contextPressure: 0.94 }) }) },
    ...(['context 94 % full', 'Its context is 94 % full.', 80] as const),
  ],
  [
    'gets full',
    { teammate: sampleTeammate({ vitals: vitals({ contextPressure: 0.8 }) }) },
    ...(['context 80 % full', 'Its context is 80 % full.', 40] as const),
  ],
  [
    'wrote what others wrote',
    { teammate: sampleTeammate({ vitals: vitals({ fileConflicts: 2 }) }) },
    ...(['2 files in conflict', '2 files were written by it and by someone else.', 70] as const),
  ],
  [
    'had events refused',
    { agent: sampleAgent({ poisonedEvents: 1 }) },
    '1 refused event',
    'Events of it were refused, and wait for you.',
    60,
  ],
  [
    'has tasks to review',
    { teammate: sampleTeammate({ vitals: vitals({ reviewTasks: 7 }) }) },
    ...(['7 to review', '7 tasks wait for review.', 50] as const),
  ],
];
for (const [name, fields, short, reason, score] of cases) {
  test(`an agent that ${name}: ${short}`, () => {
    const needs = agentNeeds({ ...calm, ...fields }, t);
    assert.deepEqual(
      needs.map((need) => [need.short, need.reason, need.score]),
      [[short, reason, score]],
    );
  });
}

test('several reasons stand in their order, and only what waits for a person or went wrong is urgent', () => {
  const teammate = sampleTeammate({ vitals: vitals({ contextPressure: 0.8, fileConflicts: 1, reviewTasks: 1 }) });
  const needs = agentNeeds({ ...calm, teammate, approvals: [sampleApproval()] }, t);
  assert.deepEqual(
    needs.map((need) => [need.kind, isUrgent(need)]),
    [
      ['approval', true],
      ['conflict', true],
      ['context', false],
      ['review', false],
    ],
  );
});
