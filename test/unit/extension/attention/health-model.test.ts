import assert from 'node:assert/strict';
import { test } from 'node:test';
import { healthFacts } from '../../../../extension/attention/health-model.ts';
import { emptyFleet } from '../../../../extension/fleet/fleet-model.ts';
import { plainTranslate as t } from '../../../support/plain-translate.ts';
import { sampleAgent, sampleHealth } from '../../../support/protocol-samples.ts';

const connected = { phase: 'connected', detail: '' } as const;

test('an unreachable backend is the only fact, with its reason', () => {
  const facts = healthFacts({ connection: { phase: 'failed', detail: 'The disk is full.' }, fleet: emptyFleet, nowMs: 0 }, t);
  assert.deepEqual(
    facts.map(({ label, value }) => [label, value]),
    [['Backend', 'The disk is full.']],
  );
});

const off = { files: 'off', network: 'open', mode: 'preferred', layers: [], landlockAbi: null, gaps: [], remedy: 'Install bubblewrap.' };

test('problems, the missing sandbox and each sidecar are listed', () => {
  const agent = sampleAgent({ name: 'ada' });
  const sidecar = {
    agentId: agent.id,
    runId: '01234567-89ab-7cde-8f01-23456789abcd',
    pid: 9,
    state: 'running',
    connected: true,
    startedAt: 0,
    health: { state: 'healthy' },
  };
  const health = sampleHealth({ state: 'degraded', problems: ['The disk is nearly full.'], sidecars: [sidecar], sandbox: off });
  const facts = healthFacts({ connection: connected, fleet: { ...emptyFleet, agents: [agent], health }, nowMs: 120_000 }, t);
  const lines = facts.map(({ label, value }) => `${label}: ${value}`);
  assert.ok(lines.includes('Problem: The disk is nearly full.'));
  assert.ok(lines.includes('Agent ada: Working, process 9, connected'));
  assert.ok(lines.includes('Process: 7, started 2 minutes ago'));
  assert.ok(lines.some((line) => /^Sandbox: off.*approvals are not protected.*Install bubblewrap/.test(line)));
  assert.ok(lines.includes('Turns: 0 of 5 run, 0 wait'));
});

test('an incident is a fact with its end and its reason', () => {
  const incident = { beganAt: 0, endsAt: Date.now(), reason: 'strange hooks' };
  const facts = healthFacts({ connection: connected, fleet: { ...emptyFleet, health: sampleHealth({ incident }) }, nowMs: 0 }, t);
  const value = facts.find(({ label }) => label === 'Incident')?.value ?? '';
  assert.match(value, /^Incident mode until .+ \(strange hooks\): agents only read their projects\.$/);
});
