import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import { healthLines } from '../../../server/cli/commands/health.ts';
import { plain } from '../../../server/cli/style.ts';
import type { SidecarReport } from '../../../server/protocol/health.ts';
import type { AgentId, RunId } from '../../../server/protocol/ids.ts';
import { sampleHealth } from '../../support/protocol-samples.ts';

const view = { now: 10_000, style: plain };
const lines = (fields: Parameters<typeof sampleHealth>[0]) => healthLines(sampleHealth(fields), view);
const line = (fields: Parameters<typeof sampleHealth>[0], label: string) => lines(fields).find((text) => text.startsWith(label));

const sidecar: SidecarReport = {
  ...{ agentId: newId<AgentId>(), runId: newId<RunId>(), pid: 7, state: 'idle', connected: true },
  ...{ startedAt: 9_000, health: { state: 'healthy' } },
};
const gone = { ...sidecar, runId: null, pid: 0, startedAt: 0, connected: false };

test('turns are told with how many wait, if any do', () => {
  assert.equal(line({ turns: { running: 2, waiting: 0, max: 5 } }, 'Turns'), 'Turns          2 of 5 run');
  assert.equal(line({ turns: { running: 5, waiting: 3, max: 5 } }, 'Turns'), 'Turns          5 of 5 run, 3 wait');
});

test('the sandbox is told with its gaps and what to do about them, and that it is not known yet', () => {
  assert.equal(line({}, 'Sandbox'), 'Sandbox        not tried out yet');
  const partial = { files: 'partial', network: 'open', mode: 'preferred', landlockAbi: 7, remedy: 'Install bubblewrap.' } as const;
  const told = lines({ sandbox: { ...partial, layers: ['landlock'], gaps: ['It can write .git/hooks.'] } });
  const at = told.findIndex((text) => text.startsWith('Sandbox'));
  assert.deepEqual(told.slice(at, at + 3), [
    'Sandbox        partial by Landlock (ABI 7); network open; mode preferred',
    '               gap: It can write .git/hooks.',
    '               remedy: Install bubblewrap.',
  ]);
});

test('what bounds resources is told with what it does not', () => {
  const told = lines({ resources: { by: ['prlimit', 'watchdog'], gaps: ['Memory is looked at once a second.'] } });
  const at = told.findIndex((text) => text.startsWith('Resources'));
  assert.deepEqual(told.slice(at, at + 2), [
    'Resources      bounded by prlimit, watchdog',
    '               Memory is looked at once a second.',
  ]);
});

for (const [name, report, expected] of [
  ['runs well', sidecar, /7 +idle +1\.0 s +healthy$/],
  ['is away', { ...sidecar, connected: false }, /idle, not connected/],
  [
    'is started again',
    { ...gone, state: 'restarting', health: { state: 'restarting', attempt: 3, nextRetryAt: 13_400, lastError: 'boom' } },
    /- +restarting +- +restart 3 in 4 s: boom$/,
  ],
  [
    'has failed',
    { ...gone, state: 'failed', health: { state: 'failed', attempts: 7, lastError: 'b\u001b[2Joom', reason: 'flapping' } },
    /failed after 7 \(flapping\): boom$/,
  ],
] as const) {
  test(`a sidecar that ${name} says so`, () => {
    assert.match(lines({ sidecars: [report] }).at(-1) ?? '', expected);
  });
}

test('an incident is told with its end, how long that is, and why; without one it is not mentioned', () => {
  const incident = { beganAt: 0, endsAt: 3_610_000, reason: 'strange hooks' };
  assert.equal(line({ incident }, 'Incident'), 'Incident       Incident mode until 1970-01-01 01:00 UTC (1 h 0 min left): strange hooks');
  assert.equal(line({}, 'Incident'), undefined);
});
