import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HealthReport } from '../../../server/health/health.ts';
import { Health } from '../../../server/protocol/health.ts';

const build = { version: '1', gitSha: 's', buildTime: 1, nodeVersion: 'v24' };

function report(facts: { clients: number; problems: string[] }): HealthReport {
  return new HealthReport({
    build,
    dataDir: '/data',
    startedAt: 1,
    clients: () => facts.clients,
    sidecars: () => [],
    openApprovals: () => 0,
    problems: () => facts.problems,
    incident: () => null,
    turns: () => ({ running: 1, waiting: 2, max: 5 }),
    desktopNotices: () => ({ state: 'untried', detail: '' }),
    backups: () => null,
    fence: () => ({ sandbox: null, resources: null }),
    checkpoints: () => [],
  });
}

test('the backend is healthy until it has a problem, in the shape that is promised', () => {
  const facts = { clients: 1, problems: [] as string[] };
  assert.equal(Health.parse(report(facts).get()).state, 'healthy');
  facts.problems.push('The disk is full.');
  assert.equal(Health.parse(report(facts).get()).state, 'degraded');
});

test('what happens at once is told once, and only if something changed', async () => {
  const facts = { clients: 1, problems: [] };
  const health = report(facts);
  const told: number[] = [];
  health.changed.on(({ clients }) => void told.push(clients));
  const touched = async () => {
    for (let time = 0; time < 5; time += 1) health.touch();
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
  };
  await touched();
  await touched();
  facts.clients = 2;
  await touched();
  assert.deepEqual(told, [1, 2]);
});
