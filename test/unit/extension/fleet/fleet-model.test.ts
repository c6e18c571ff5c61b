import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  agentsOf,
  emptyFleet,
  type FleetState,
  orderProjects,
  withAgent,
  withApproval,
  withApprovals,
  withoutAgent,
  withoutProject,
  withProject,
} from '../../../../extension/fleet/fleet-model.ts';
import { sampleAgent, sampleApproval, sampleProject } from '../../../support/protocol-samples.ts';

const project = sampleProject();
const agent = sampleAgent({ projectId: project.id });
const approval = sampleApproval({ agentId: agent.id, projectId: project.id });
const fleet: FleetState = { ...emptyFleet, isLoaded: true, projects: [project], agents: [agent], approvals: [approval] };

test('a changed agent takes its old place, and a new one goes to the end', () => {
  const second = sampleAgent({ projectId: project.id });
  const both = withAgent(fleet, second);
  const changed = withAgent(both, { ...agent, state: 'running' });
  assert.deepEqual(
    changed.agents.map(({ id, state }) => [id, state]),
    [
      [agent.id, 'running'],
      [second.id, 'idle'],
    ],
  );
});

test('a project that is changed twice is there once', () => {
  assert.equal(withProject(withProject(emptyFleet, project), { ...project, trusted: false }).projects.length, 1);
});

test('an approval stays only while it is open', () => {
  assert.equal(withApproval(fleet, { ...approval, state: 'denied' }).approvals.length, 0);
  assert.equal(withApproval(fleet, { ...approval, state: 'open' }).approvals.length, 1);
  assert.deepEqual(withApprovals(fleet, [{ ...approval, state: 'allowedOnce' }]).approvals, []);
});

test('with a project go its agents and their questions', () => {
  const other = sampleAgent();
  const left = withoutProject(withAgent(fleet, other), project.id);
  assert.deepEqual([left.projects, left.agents, left.approvals], [[], [other], []]);
});

test('with an agent go its questions', () => {
  const left = withoutAgent(fleet, agent.id);
  assert.deepEqual([left.agents, left.approvals], [[], []]);
});

test('folders of the window come first, in their order, then the others by name', () => {
  const [zebra, ant, bee] = ['zebra', 'ant', 'bee'].map((name) => sampleProject({ name, path: `/srv/${name}` }));
  assert.ok(zebra && ant && bee);
  const names = orderProjects([bee, zebra, ant], ['/elsewhere', '/srv/zebra']).map(({ name }) => name);
  assert.deepEqual(names, ['zebra', 'ant', 'bee']);
});

test('agents are listed in the order in which they were added', () => {
  const older = sampleAgent({ projectId: project.id, createdAt: 0 });
  assert.deepEqual(agentsOf(withAgent(fleet, older), project.id), [older, agent]);
});
