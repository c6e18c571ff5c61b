import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Connection } from '../../../extension/connection.ts';
import type { FleetCounts } from '../../../extension/fleet-model.ts';
import { describeStatus } from '../../../extension/status-model.ts';
import { plainTranslate as t } from '../../support/plain-translate.ts';
import { sampleHealth } from '../../support/protocol-samples.ts';

const connected: Connection = { phase: 'connected', detail: '' };
const quiet: FleetCounts = { agents: 2, running: 0, failed: 0, approvals: 0 };
const healthy = sampleHealth();
const degraded = sampleHealth({ state: 'degraded', problems: ['The disk is nearly full.'] });

const cases: [string, Parameters<typeof describeStatus>[0], string, string][] = [
  ['nothing asked for it', { connection: { phase: 'off', detail: '' }, health: undefined, counts: quiet }, 'Agor', 'normal'],
  ['it is looked for', { connection: { phase: 'connecting', detail: '' }, health: undefined, counts: quiet }, 'Agor: Connecting', 'normal'],
  ['it is away', { connection: { phase: 'away', detail: '' }, health: healthy, counts: quiet }, 'Agor: Away', 'warning'],
  ['it failed', { connection: { phase: 'failed', detail: '' }, health: undefined, counts: quiet }, 'Agor: Failed', 'error'],
  ['all is well', { connection: connected, health: healthy, counts: quiet }, 'Agor: Healthy', 'normal'],
  ['agents work', { connection: connected, health: healthy, counts: { ...quiet, running: 2 } }, 'Agor: 2 running', 'normal'],
  ['one question waits', { connection: connected, health: healthy, counts: { ...quiet, approvals: 1 } }, 'Agor: 1 approval', 'warning'],
  [
    'questions go before trouble',
    { connection: connected, health: degraded, counts: { ...quiet, running: 1, approvals: 2 } },
    'Agor: 2 approvals',
    'warning',
  ],
  ['trouble goes before work', { connection: connected, health: degraded, counts: { ...quiet, running: 1 } }, 'Agor: Degraded', 'warning'],
];

for (const [name, input, text, severity] of cases) {
  test(`the status bar when ${name}`, () => {
    const status = describeStatus(input, t);
    assert.deepEqual([status.text, status.severity], [text, severity]);
  });
}

test('the tooltip names every problem', () => {
  const { details } = describeStatus({ connection: connected, health: degraded, counts: quiet }, t);
  assert.ok(details.includes('The disk is nearly full.'));
});
