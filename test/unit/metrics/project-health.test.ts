import assert from 'node:assert/strict';
import { test } from 'node:test';
import { projectHealth } from '../../../server/metrics/project-health.ts';
import type { Vitals } from '../../../server/protocol/attention.ts';
import { sampleTeammate } from '../../support/protocol-samples.ts';

const figures = { burnUsdPerHour: 1.5, fileConflicts: 2 };
const vitals = (fields: Partial<Vitals> = {}) => ({
  ...{ idleSince: null, openTools: 0, contextPressure: null, burnUsdPerHour: null, fileConflicts: 0, reviewTasks: 0 },
  ...fields,
});
const attention = (score: number) => ({ score, signal: 'error', reason: `${score}` }) as const;

test('a project without agents is not active and needs nobody', () => {
  assert.deepEqual(projectHealth([], { burnUsdPerHour: null, fileConflicts: 0 }), {
    ...{ activity: 'inactive', attention: { score: 0, signal: null, reason: '' }, worstAgentId: null, vitals: vitals() },
  });
});

test('it is as its worst agent is, counts tools and files once, and the tasks of each team once', () => {
  const [calm, bad] = [
    sampleTeammate({ activity: 'running', teamId: 'shop', vitals: vitals({ openTools: 1, contextPressure: 0.3, reviewTasks: 3 }) }),
    sampleTeammate({
      ...{ activity: 'stalled', teamId: 'shop', attention: attention(90) },
      vitals: vitals({ openTools: 2, contextPressure: 0.8, reviewTasks: 3 }),
    }),
  ];
  const other = sampleTeammate({ teamId: 'bank', vitals: vitals({ reviewTasks: 1 }), attention: attention(10) });
  assert.deepEqual(projectHealth([calm, bad, other], figures), {
    ...{ activity: 'stalled', attention: attention(90), worstAgentId: bad.agentId },
    vitals: vitals({ ...figures, openTools: 3, contextPressure: 0.8, reviewTasks: 4 }),
  });
});

test('it is idle since the last of its agents is', () => {
  const agents = [5, 9, null].map((idleSince) =>
    sampleTeammate({ activity: idleSince ? 'idle' : 'inactive', vitals: vitals({ idleSince }) }),
  );
  const { activity, vitals: found } = projectHealth(agents, figures);
  assert.deepEqual([activity, found.idleSince], ['idle', 9]);
});
