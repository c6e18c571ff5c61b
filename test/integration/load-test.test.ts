/** The load test in small, as its user runs it. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { root } from '../../scripts/environment.ts';
import { LiveBackend } from '../support/live-backend.ts';

const program = join(root, 'scripts', 'load-test.mjs');

type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

function loadTest(environment: NodeJS.ProcessEnv, ...args: string[]): Promise<Ended> {
  const env = { ...process.env, ...environment };
  return new Promise((resolve) => {
    execFile(process.execPath, [program, '--dist', join(root, 'server'), ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

describe('the load test', () => {
  it('drives agents and tasks on a backend of its own, and prints p50, p95, max and the errors', async () => {
    const { code, stdout, stderr } = await loadTest({ AGENT_COUNT: '2', TASKS_PER_AGENT: '2' });
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /2 agents with 2 tasks each/);
    assert.match(stdout, /p50 ms +p95 ms +max ms/);
    for (const [step, count] of [
      ...[
        ['task/add', 4],
        ['task/move', 8],
      ],
      ...[
        ['agent/prompt', 4],
        ['a whole task', 4],
      ],
    ])
      assert.match(stdout, new RegExp(`^${step} +${count} `, 'm'));
    assert.match(stdout, /^4 tasks in [\d.]+ s, [\d.]+ a second\nerrors: 0$/m);
  });

  it('drives the backend of a named data directory, and leaves no agent and no project there', async () => {
    const backend = await LiveBackend.create();
    try {
      const connection = await backend.connect();
      const settings = await connection.call('settings/get', {});
      const { code, stdout } = await loadTest({ AGENT_COUNT: '1', TASKS_PER_AGENT: '1' }, '--data-dir', backend.dataDir);
      assert.equal(code, 0);
      assert.match(stdout, /^1 tasks in/m);
      assert.deepEqual((await connection.call('project/list', {})).projects, []);
      assert.deepEqual(await connection.call('settings/get', {}), settings);
    } finally {
      await backend.close();
    }
  });

  it('fails with a sentence for a count that is none', async () => {
    const { code, stderr } = await loadTest({ AGENT_COUNT: 'many' });
    assert.deepEqual([code, stderr], [1, '✖ AGENT_COUNT is "many"; a whole number of at least 1 is expected.\n']);
  });

  it('fails when the backend cannot be had', async () => {
    const { code, stderr } = await loadTest({ AGENT_COUNT: '1', TASKS_PER_AGENT: '1' }, '--data-dir', '/dev/null/data');
    assert.equal(code, 1);
    assert.match(stderr, /The data directory \/dev\/null\/data cannot be used/);
  });
});
