import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agentRow, projectRow } from '../../../extension/tree-model.ts';
import { AgentState } from '../../../server/protocol/agent.ts';
import { plainTranslate as t } from '../../support/plain-translate.ts';
import { sampleAgent, sampleProject } from '../../support/protocol-samples.ts';

const alone = { profile: undefined, teammate: undefined };

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
    const row = agentRow(sampleAgent({ state }), alone, t);
    assert.ok(row.icon && row.description && row.spoken.includes('demo'), state);
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
  test(`menus see ${context} for ${JSON.stringify(fields)}`, () => assert.equal(agentRow(sampleAgent(fields), alone, t).context, context));
}

test("the backend's phrase is shown before the state's own word", () => {
  assert.equal(
    agentRow(sampleAgent({ state: 'failed', stateDetail: 'claude was not found' }), alone, t).description,
    'claude was not found',
  );
  assert.equal(agentRow(sampleAgent({ state: 'idle' }), alone, t).description, 'Ready');
});

test('questions and waiting prompts are counted beside the phrase', () => {
  assert.equal(agentRow(sampleAgent({ openApprovals: 2, queuedPrompts: 3 }), alone, t).description, 'Ready · 2 approvals · 3 queued');
});

test('the tooltip tells what runs, and leaves out what is not known', () => {
  const running = new Map(agentRow(sampleAgent({ runtime }), alone, t).facts);
  assert.equal(running.get('Program version'), '2.1.0');
  assert.equal(running.get('Process'), '12');
  assert.equal(running.get('Host'), 'box');
  assert.equal(new Map(agentRow(sampleAgent(), alone, t).facts).has('Process'), false);
});

test('a project says how many agents it has, what waits and whether it is trusted', () => {
  const project = sampleProject({ trusted: false });
  const row = projectRow({ project, agents: [sampleAgent({ openApprovals: 1 })], isWorkspaceFolder: true }, t);
  assert.equal(row.description, '1 agent · 1 approval · not trusted');
  assert.equal(row.context, 'project.untrusted');
  assert.equal(row.icon, 'root-folder');
});
