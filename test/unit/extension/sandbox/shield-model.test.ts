import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shieldStatus } from '../../../../extension/sandbox/shield-model.ts';
import type { SandboxState } from '../../../../server/protocol/sandbox.ts';
import { plainTranslate as t } from '../../../support/plain-translate.ts';
import { sampleAgent } from '../../../support/protocol-samples.ts';

const full: SandboxState = {
  files: 'full',
  network: 'open',
  mode: 'preferred',
  layers: ['bubblewrap', 'landlock'],
  landlockAbi: 7,
  gaps: ['Any host can be reached over the network.'],
  remedy: null,
};
const partial: SandboxState = {
  ...full,
  files: 'partial',
  layers: ['landlock'],
  gaps: ['It can write .git/hooks.'],
  remedy: 'Install bubblewrap.',
};
const off: SandboxState = { ...full, files: 'off', layers: [], gaps: [] };
const runtime = {
  runId: '00000000-0000-7000-8000-000000000001',
  sidecarPid: 1,
  build: 'b',
  programPid: 2,
  programVersion: null,
  hostname: 'h',
  startedAt: 1,
};
const running = (name: string, sandbox: SandboxState | null) => sampleAgent({ name, sandbox, runtime });

test('while everything that runs is fenced in, the shield is an icon without words', () => {
  const status = shieldStatus({ machine: full, agents: [running('a', full)] }, t);
  assert.deepEqual([status.icon, status.text, status.severity], ['shield', '', 'normal']);
  assert.deepEqual(status.details, ['a: Sandbox: full, network open']);
});

test('with nothing running it tells what this machine can do', () => {
  assert.equal(shieldStatus({ machine: null, agents: [] }, t).text, '');
  const status = shieldStatus({ machine: partial, agents: [sampleAgent()] }, t);
  assert.deepEqual([status.text, status.severity], ['Sandbox: partial, 1 gap, network open', 'warning']);
});

test('the worst fence among those that run is the one that shows', () => {
  const agents = [running('a', full), running('b', off), running('c', partial)];
  const status = shieldStatus({ machine: full, agents }, t);
  assert.deepEqual([status.icon, status.text, status.severity], ['unlock', 'Sandbox: off', 'warning']);
  assert.equal(status.details.length, 3);
});

test('an agent that no longer runs does not colour the shield', () => {
  const status = shieldStatus({ machine: full, agents: [sampleAgent({ sandbox: off })] }, t);
  assert.equal(status.severity, 'normal');
});
