import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import { liveMetrics } from '../../../server/metrics/live-metrics.ts';
import type { ProjectId } from '../../../server/protocol/ids.ts';
import { sampleAgent, sampleTeammate } from '../../support/protocol-samples.ts';
import { usage } from '../../support/team-samples.ts';

const noTasks = { todo: 0, progress: 0, review: 0, done: 0, blocked: 0, rejected: 0 };
const nothing = {
  projects: [],
  agents: [],
  teammates: [],
  openApprovals: 0,
  tasks: [],
  burn: () => ({ usdPerHour: null, hourAverageUsd: null }),
  fileConflicts: () => 0,
};
const shop = { id: newId<ProjectId>(), name: 'shop' };
const garden = { id: newId<ProjectId>(), name: 'garden' };

test('of nobody there is nothing, and no sum is guessed', () => {
  const { fleet, projects, tasks, attention } = liveMetrics(nothing, 5);
  assert.deepEqual(fleet, {
    ...{ running: 0, idle: 0, stalled: 0, inactive: 0, openApprovals: 0 },
    ...{ usdPerHour: null, hourAverageUsd: null, costUsd: null, tokens: null },
  });
  assert.deepEqual([projects, tasks, attention], [[], noTasks, []]);
});

test('agents are told by project, sums are of what is known, and who needs the person most comes first', () => {
  const agents = ['ann', 'bob', 'cleo', 'new'].map((name, index) =>
    sampleAgent({ name, projectId: index === 2 ? garden.id : shop.id, usage: index === 0 ? usage({ costUsd: 2, inputTokens: 10 }) : null }),
  );
  const scores = [40, 90, 90];
  const activities = ['running', 'stalled', 'idle'] as const;
  const teammates = scores.flatMap((score, index) => {
    const agent = agents[index];
    return agent
      ? sampleTeammate({ agentId: agent.id, activity: activities[index], attention: { score, signal: 'error', reason: 'why' } })
      : [];
  });
  const live = liveMetrics(
    {
      ...{
        agents,
        teammates,
        openApprovals: 2,
        projects: [shop, garden],
        tasks: [
          { ...noTasks, todo: 1 },
          { ...noTasks, todo: 2, done: 3 },
        ],
      },
      burn: (ids) => ({ usdPerHour: ids.length, hourAverageUsd: null }),
      fileConflicts: (ids) => ids.length,
    },
    5,
  );
  assert.deepEqual(
    live.projects.map(({ name, usdPerHour, agents: members }) => [name, usdPerHour, members.map((member) => member.name)]),
    [
      ['shop', 2, ['ann', 'bob']],
      ['garden', 1, ['cleo']],
    ],
  );
  const { running, stalled, idle, inactive, openApprovals, usdPerHour, costUsd, tokens } = live.fleet;
  assert.deepEqual([running, stalled, idle, inactive, openApprovals, usdPerHour, costUsd, tokens], [1, 1, 1, 0, 2, 4, 2, 10]);
  assert.deepEqual(live.tasks, { ...noTasks, todo: 3, done: 3 });
  assert.deepEqual(live.attention, [agents[1]?.id, agents[2]?.id, agents[0]?.id]);
});
