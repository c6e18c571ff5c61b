/**
 * A secret is planted and given to an agent that says it in every way and encoding it has, and fails and crashes; then
 * everything of ours is searched for it.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { processesOf } from '../../scripts/processes.ts';
import type { Connection } from '../../server/cli/connection.ts';
import type { Agent } from '../../server/protocol/agent.ts';
import { LiveBackend, until } from '../support/live-backend.ts';
import { foundIn, foundInFiles, foundInProcesses } from '../support/secret-search.ts';
import { TestWindow } from '../support/test-window.ts';

const distDir = fileURLToPath(new URL('../../server', import.meta.url));
const tells = fileURLToPath(new URL('../fixtures/programs/tells-secrets.mjs', import.meta.url));
const canary = 'sk-canary/+ä"\\-0001-end';
const secretUses = [{ variable: 'AGENT_CANARY', secret: 'canary' }];
const run = promisify(execFile);

test('a secret that an agent says in every way, and that its failures carry, is in nothing of ours', async (t) => {
  const backend = await LiveBackend.create();
  t.after(() => backend.close());
  let connection = await backend.connect();
  const heard: unknown[] = [];
  const openWindow = async () => {
    const window = await TestWindow.open({ dataDir: backend.dataDir, distDir }, { canary });
    t.after(() => window.close());
    window.onNotification((method, params) => heard.push([method, params]));
    return window;
  };
  const window = await openWindow();
  await window.call('secret/record', { name: 'canary', deleted: false });
  await connection.call('project/add', { path: backend.project, trusted: true });
  const command = [process.execPath, tells];
  const agent = await connection.call('agent/add', { project: 'project', name: 'teller', provider: 'acp', command, secretUses });
  await connection.call('log/setLevel', { level: 'trace' });
  await connection.call('agent/start', { agent: agent.id });
  await connection.call('log/setLevel', { level: 'trace', agent: agent.id });
  const { sessionId } = await connection.call('agent/prompt', { agent: agent.id, text: 'fail' });
  heard.push(await window.call('session/watch', { session: sessionId }));
  await turnsEnded(connection, sessionId, 1);
  assert.deepEqual(foundInOwnProcesses(backend, agent), []);

  await t.test('while it crashes, its sidecar is killed and the backend too', async () => {
    await connection.call('agent/prompt', { agent: agent.id, text: 'crash' });
    await turnsEnded(connection, sessionId, 2);
    await connection.call('agent/start', { agent: agent.id });
    process.kill(backend.run(agent.id)?.sidecar?.pid ?? 0, 'SIGKILL');
    process.kill(backend.owner().pid, 'SIGKILL');
    await connection.closed;
    connection = await backend.connect();
    const next = await openWindow();
    heard.push(await next.call('session/watch', { session: sessionId }));
    await connection.call('agent/prompt', { agent: agent.id, text: 'fail' });
    await turnsEnded(connection, sessionId, 3);
    assert.deepEqual(foundInOwnProcesses(backend, agent), []);
  });

  const outputs = await Promise.all(
    [
      ['agent', 'list'],
      ['agent', 'logs', agent.id],
      ['session', 'list'],
      ['session', 'show', sessionId],
      ['approve', '--list', '--all'],
      ['secret', 'list'],
      ['health'],
    ].map(
      async (args) =>
        (await run(process.execPath, [join(distDir, 'cli/agor.ts'), ...args, '--json', '--data-dir', backend.dataDir])).stdout,
    ),
  );
  const said = outputs.join('\n');
  assert.match(said, /It is \[secret canary\]/, 'what it said is there, without the secret');
  assert.deepEqual(foundIn(said, canary), [], 'outputs of commands');
  assert.deepEqual(foundIn(JSON.stringify(heard), canary), [], 'what a window hears and shows its pages');
  const { searched, found } = foundInFiles(backend.root, canary);
  assert.deepEqual(found, [], 'files');
  t.diagnostic(`searched ${searched} files, ${outputs.length} outputs and ${heard.length} messages: 0 hits`);
});

/** Arguments of everything that runs for this data directory; environments of what is ours, and not the agent's own. */
function foundInOwnProcesses(backend: LiveBackend, agent: Agent): string[] {
  const all = processesOf(backend.dataDir).map(({ pid }) => pid);
  const sidecar = backend.run(agent.id)?.sidecar?.pid;
  assert.ok(sidecar !== undefined && all.includes(sidecar) && all.includes(backend.owner().pid));
  return [...foundInProcesses(all, ['cmdline'], canary), ...foundInProcesses([sidecar, backend.owner().pid], ['environ'], canary)];
}

async function turnsEnded(connection: Connection, session: string, count: number): Promise<void> {
  await until(async () => {
    const { items } = await connection.call('session/items', { session, limit: 200 });
    return items.filter(({ kind }) => kind === 'turnEnd').length >= count;
  });
}
