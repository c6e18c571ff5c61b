/** What an agent's fence is asked to be during an incident. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tightenedPlan } from '../../../server/incident/tightened-plan.ts';
import type { SandboxPlan } from '../../../server/protocol/sandbox.ts';

const wide: SandboxPlan = { mode: 'off', network: 'open', ports: [22, 80], readWritePaths: ['/srv/out'], readOnlyPaths: ['/srv/in'] };
const claude = { provider: 'claude', environment: {} } as const;

test('nothing that the person added is written any more, and nothing starts without a full fence', () => {
  const { mode, readWritePaths, readOnlyPaths, isTightened } = tightenedPlan(wide, claude);
  assert.deepEqual(
    { mode, readWritePaths, readOnlyPaths, isTightened },
    {
      mode: 'required',
      readWritePaths: [],
      readOnlyPaths: ['/srv/in', '/srv/out'],
      isTightened: true,
    },
  );
});

test('only the way to the model is open', () => {
  const ports = (environment: Record<string, string>) => tightenedPlan(wide, { provider: 'claude', environment }).ports;
  assert.deepEqual(ports({}), [443]);
  assert.deepEqual(ports({ ANTHROPIC_BASE_URL: 'http://127.0.0.1:8123' }), [8123]);
  assert.deepEqual(ports({ https_proxy: 'http://proxy:3128', HTTPS_PROXY: 'http://proxy:3128' }), [3128]);
  assert.deepEqual(tightenedPlan(wide, { provider: 'demo', environment: {} }).ports, []);
});

test('an agent without a network gets none', () => {
  assert.equal(tightenedPlan({ ...wide, network: 'none' }, claude).network, 'none');
  assert.equal(tightenedPlan(wide, claude).network, 'ports');
});
