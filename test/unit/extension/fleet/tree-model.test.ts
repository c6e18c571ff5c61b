import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Need } from '../../../../extension/attention/agent-needs.ts';
import { agentRow, projectRow } from '../../../../extension/fleet/tree-model.ts';
import { type Agent, AgentState } from '../../../../server/protocol/agent.ts';
import type { Teammate } from '../../../../server/protocol/team.ts';
import { plainTranslate as t } from '../../../support/plain-translate.ts';
import { sampleAgent, sampleProject, sampleTeammate } from '../../../support/protocol-samples.ts';

const alone = { profile: undefined, teammate: undefined };
const row = (agent: Agent, needs: readonly Need[] = [], teammate?: Teammate) =>
  agentRow({ agent, membership: { ...alone, teammate }, needs }, t);
const need = (fields: Partial<Need> = {}): Need => ({
  kind: 'conflict',
  score: 70,
  short: '1 file in conflict',
  reason: 'Why.',
  ...fields,
});

const runtime = {
  runId: '01234567-89ab-7cde-8f01-23456789abcd',
  sidecarPid: 11,
  build: '0.1.0-abc',
  programPid: 12,
  programVersion: '2.1.0',
  hostname: 'box',
  startedAt: 0,
};

test('every state has an icon, a phrase and words for a screen reader', () => {
  for (const state of AgentState.options) {
    const { icon, description, spoken } = row(sampleAgent({ state }));
    assert.ok(icon && description && spoken.includes('demo'), state);
  }
});

const contexts: [Parameters<typeof sampleAgent>[0], string][] = [
  [{ state: 'idle' }, 'agent.live.active'],
  [{ state: 'waitingForApproval' }, 'agent.busy.active'],
  [{ state: 'running', paused: true }, 'agent.busy.paused'],
  [{ state: 'sleeping' }, 'agent.resting.active'],
  [{ state: 'waitingForTurn' }, 'agent.live.active'],
  [{ state: 'failed' }, 'agent.broken.active'],
  [{ state: 'restarting' }, 'agent.broken.active'],
  [{ state: 'offline', paused: true }, 'agent.broken.paused'],
];
for (const [fields, context] of contexts) {
  test(`menus see ${context} for ${JSON.stringify(fields)}`, () => assert.equal(row(sampleAgent(fields)).context, context));
}

test("the backend's phrase is shown before the state's own word", () => {
  assert.equal(row(sampleAgent({ state: 'failed', stateDetail: 'claude was not found' })).description, 'claude was not found');
  assert.equal(row(sampleAgent({ state: 'idle' })).description, 'Ready');
});

test('questions and waiting prompts are counted beside the phrase', () => {
  assert.equal(row(sampleAgent({ openApprovals: 2, queuedPrompts: 3 })).description, 'Ready · 2 approvals · 3 queued');
});

test('the tooltip tells what runs, and leaves out what is not known', () => {
  const running = new Map(row(sampleAgent({ runtime })).facts);
  assert.equal(running.get('Program version'), '2.1.0');
  assert.equal(running.get('Process'), '12');
  assert.equal(running.get('Host'), 'box');
  assert.equal(new Map(row(sampleAgent()).facts).has('Process'), false);
});

test('the four ways an agent can be have a shape and a word of their own', () => {
  const rows = [
    row(sampleAgent({ state: 'stopped' })),
    row(sampleAgent({ state: 'running' })),
    row(sampleAgent({ state: 'idle' })),
    row(sampleAgent({ state: 'running' }), [], sampleTeammate({ activity: 'stalled' })),
  ];
  assert.deepEqual(
    rows.map(({ icon }) => icon),
    ['circle-outline', 'sync~spin', 'circle-filled', 'warning'],
  );
  for (const [index, word] of ['inactive', 'running', 'idle', 'stalled'].entries()) {
    assert.ok(rows[index]?.spoken.startsWith(`Agent demo, ${word}, `), rows[index]?.spoken);
  }
});

test('an idle agent with a tool in the background is running', () => {
  assert.equal(row(sampleAgent({ state: 'idle' }), [], sampleTeammate({ activity: 'running' })).icon, 'sync~spin');
});

test('why an agent needs the person stands before all else, once, and in full in the tooltip', () => {
  const agent = row(sampleAgent({ state: 'idle' }), [need(), need({ kind: 'review', short: '2 to review' })]);
  assert.equal(agent.description, '1 file in conflict · Ready');
  assert.deepEqual(
    agent.facts.filter(([name]) => name === 'Needs you').map(([, value]) => value),
    ['Why.', 'Why.'],
  );
  const asking = sampleAgent({ state: 'waitingForApproval', stateDetail: 'Run npm test', openApprovals: 1 });
  assert.equal(row(asking, [need({ kind: 'approval', short: '1 approval' })]).description, 'Run npm test');
});

test('a project says how many agents it has, which of them needs the person most, and whether it is trusted', () => {
  const project = sampleProject({ trusted: false });
  const agents = [
    { name: 'ann', needs: [need()] },
    { name: 'bob', needs: [need({ kind: 'stall', score: 100, short: 'stalled' })] },
    { name: 'cleo', needs: [need({ kind: 'review', score: 50 })] },
  ];
  const shown = projectRow({ project, agents, isWorkspaceFolder: true }, t);
  assert.equal(shown.description, 'bob: stalled · 1 more · 3 agents · not trusted');
  assert.equal(shown.context, 'project.untrusted');
  assert.deepEqual([shown.icon, shown.iconColor], ['root-folder', 'list.warningForeground']);
  assert.equal(shown.facts[0]?.[0], 'ann');
});

test('a project in which nobody needs the person looks calm', () => {
  const agents = [{ name: 'cleo', needs: [need({ kind: 'review', score: 50 })] }];
  const shown = projectRow({ project: sampleProject(), agents, isWorkspaceFolder: false }, t);
  assert.deepEqual([shown.description, shown.icon, shown.iconColor], ['1 agent', 'folder', undefined]);
});

test('an agent whose last turn failed does not look as if all was well', () => {
  assert.equal(row(sampleAgent({ state: 'idle' }), [need({ kind: 'error', short: 'in error' })]).icon, 'error');
});
