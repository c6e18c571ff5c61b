import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import { bytesText, historyLines, liveLines, storageLines } from '../../../server/cli/metrics-text.ts';
import { liveMetrics } from '../../../server/metrics/live-metrics.ts';
import type { ProjectId } from '../../../server/protocol/ids.ts';
import { sampleMeasured } from '../../support/metrics-samples.ts';
import { sampleAgent, sampleTeammate } from '../../support/protocol-samples.ts';

test('sessions are told in a table, an error in the place of the title, what is unknown as a dash', () => {
  const failed = sampleMeasured({
    status: 'error',
    errorMessage: 'No money\nis left.',
    costUsd: null,
    peakTokens: null,
    endReason: 'crashed',
  });
  const [heading, row] = historyLines([failed], failed.endTime);
  assert.match(heading ?? '', /^SESSION .*COST {2}WHAT$/);
  assert.match(row ?? '', /builder {2}just now {2}error \(crashed\) {2}1 min 0 s {2}2 {6}3 {6}67 % {4}– {5}– {5}No money is left\.$/);
  assert.deepEqual(historyLines([], 0), ['No session of this project has ended a turn yet.']);
});

test('the fleet is told with who needs the person, and what agents wrote controls no terminal', () => {
  const project = { id: newId<ProjectId>(), name: 'shop' };
  const agent = sampleAgent({ name: 'ann', projectId: project.id, stateDetail: 'rm \u001b[2J' });
  const teammate = sampleTeammate({
    agentId: agent.id,
    activity: 'stalled',
    attention: { score: 100, signal: 'stall', reason: 'Stalled.' },
  });
  const facts = { projects: [project], agents: [agent], teammates: [teammate], openApprovals: 1, tasks: [] };
  const lines = liveLines(liveMetrics({ ...facts, burn: () => ({ usdPerHour: 1.5, hourAverageUsd: null }), fileConflicts: () => 0 }, 0));
  assert.equal(lines[0], 'Agents: 0 running, 0 idle, 1 stalled, 0 down. Open approvals: 1.');
  assert.match(lines[1] ?? '', /\$1\.50 per hour/);
  assert.deepEqual(lines.slice(-2), ['Who needs you:', '  ann: Stalled.']);
  assert.ok(!lines.join('').includes('\u001b'));
});

test('sizes are told in units a person reads, with their level', () => {
  assert.deepEqual([0, 1, 1_023, 1_024, 1_536, 150 * 1_024 ** 2, 3 * 1_024 ** 3].map(bytesText), [
    ...['0 B', '1 B', '1023 B', '1.0 KiB', '1.5 KiB', '150 MiB', '3.0 GiB'],
  ]);
  const part = { kind: 'logs', name: 'logs', bytes: 2_048, isWhole: false, largeBytes: 1, criticalBytes: 9_999, level: 'large' } as const;
  const lines = storageLines({ at: 0, dataDir: '/data', parts: [part], disk: { freeBytes: 0, totalBytes: 1_024, level: 'critical' } });
  assert.deepEqual(lines.slice(0, 2), ['/data', 'Free on its disk: 0 B of 1.0 KiB (critical).']);
  assert.match(lines.at(-1) ?? '', /^logs {2}logs {2}at least 2\.0 KiB {2}large$/);
});
