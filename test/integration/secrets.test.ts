/** Where agents get named secrets, with a real backend and sidecar: windows, headless sources, and what happens without. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Connection } from '../../server/cli/connection.ts';
import type { Agent } from '../../server/protocol/agent.ts';
import { Followed, LiveBackend, until } from '../support/live-backend.ts';
import { TestWindow } from '../support/test-window.ts';

const distDir = fileURLToPath(new URL('../../server', import.meta.url));
const prints = fileURLToPath(new URL('../fixtures/programs/prints-environment.mjs', import.meta.url));
const value = 'sk-canary-0001';
const secretUses = [{ variable: 'AGENT_CANARY', secret: 'anthropic' }];

async function makeBackend(t: TestContext): Promise<LiveBackend> {
  const backend = await LiveBackend.create();
  t.after(() => backend.close());
  return backend;
}

async function addAgent(backend: LiveBackend, connection: Connection): Promise<Agent> {
  await connection.call('project/add', { path: backend.project, trusted: true });
  const command = [process.execPath, prints];
  return connection.call('agent/add', { project: 'project', name: 'builder', provider: 'acp', command, secretUses });
}

async function stateOf(connection: Connection, { id }: Agent): Promise<string> {
  return (await connection.call('agent/list', {})).agents.find((agent) => agent.id === id)?.state ?? 'gone';
}

async function openWindow(t: TestContext, { dataDir }: LiveBackend, secrets: Record<string, string>): Promise<TestWindow> {
  const window = await TestWindow.open({ dataDir, distDir }, secrets);
  t.after(() => window.close());
  return window;
}

test('without the secret a prompt waits; when a window comes that has it, the agent starts by itself and works', async (t) => {
  const backend = await makeBackend(t);
  const connection = await backend.connect();
  const agent = await addAgent(backend, connection);
  const { sessionId } = await connection.call('agent/prompt', { agent: agent.id, text: 'go' });
  await until(async () => (await stateOf(connection, agent)) === 'waitingForCredentials');
  await openWindow(t, backend, { other: 'x' });
  const session = await Followed.session(connection, sessionId);
  const window = await openWindow(t, backend, { anthropic: value });
  await session.untilTurnEnds();
  assert.deepEqual(window.asked, ['anthropic']);
  assert.match(session.text(), /"AGENT_CANARY":"\[secret anthropic\]"/, 'it had the value, which is taken out where it says it');
});

test('a secret that a window sets while the agent waits is told by name, and the agent goes on', async (t) => {
  const backend = await makeBackend(t);
  const connection = await backend.connect();
  const agent = await addAgent(backend, connection);
  const kept: Record<string, string> = {};
  const window = await openWindow(t, backend, kept);
  await assert.rejects(connection.call('agent/start', { agent: agent.id }), { code: 'needsCredentials', message: /"anthropic"/ });
  kept.anthropic = value;
  await window.call('secret/record', { name: 'anthropic', deleted: false });
  await until(async () => (await stateOf(connection, agent)) === 'idle');
  const { secrets } = await connection.call('secret/list', {});
  assert.deepEqual(
    secrets.map(({ name, source }) => [name, source]),
    [['anthropic', 'window']],
  );
});

test('a sidecar that crashed gets the secret again from a window, and without one the agent waits instead of failing', async (t) => {
  const backend = await makeBackend(t);
  const connection = await backend.connect();
  const agent = await addAgent(backend, connection);
  const window = await openWindow(t, backend, { anthropic: value });
  await connection.call('agent/start', { agent: agent.id });
  const kill = async () => {
    process.kill(backend.run(agent.id)?.sidecar?.pid ?? 0, 'SIGKILL');
    await until(async () => (await stateOf(connection, agent)) !== 'idle');
  };
  await kill();
  await connection.call('agent/start', { agent: agent.id });
  assert.deepEqual(window.asked, ['anthropic', 'anthropic']);
  window.close();
  await kill();
  await assert.rejects(connection.call('agent/start', { agent: agent.id }), { code: 'needsCredentials' });
  assert.equal(await stateOf(connection, agent), 'waitingForCredentials');
});

test('a start may bring the value by hand, for that one sidecar', async (t) => {
  const backend = await makeBackend(t);
  const connection = await backend.connect();
  const agent = await addAgent(backend, connection);
  await connection.call('agent/start', { agent: agent.id, secrets: { AGENT_CANARY: value } });
  await connection.call('agent/stop', { agent: agent.id });
  await assert.rejects(connection.call('agent/start', { agent: agent.id }), { code: 'needsCredentials' });
});

test('a headless backend takes secrets from a descriptor at its start and from systemd’s folder', async (t) => {
  const backend = await makeBackend(t);
  const credentials = join(backend.root, 'credentials');
  mkdirSync(credentials);
  writeFileSync(join(credentials, 'anthropic'), `${value}\n`);
  const given = startBackend(backend, JSON.stringify({ github: 'sk-canary-0002' }), { CREDENTIALS_DIRECTORY: credentials });
  await until(() => backend.hasOwner());
  const connection = await backend.connect();
  const agent = await addAgent(backend, connection);
  assert.equal((await connection.call('agent/start', { agent: agent.id })).state, 'idle');
  const { secrets } = await connection.call('secret/list', {});
  assert.deepEqual(
    secrets.map(({ name, source }) => [name, source]),
    [
      ['anthropic', 'credentialsDirectory'],
      ['github', 'descriptor'],
    ],
  );
  assert.equal(JSON.stringify(secrets).includes('canary'), false);
  await rotateHeadless(backend, credentials);
  const second = startBackend(backend, '{"github": "sk-canary-0003"}');
  assert.match(await second.words, /"conflict".*given to nobody/);
  const third = startBackend(backend, 'sk-canary-0004');
  assert.match(await third.words, /"badRequest".*JSON object/);
  assert.doesNotMatch(`${await second.words}${await third.words}`, /canary/);
  await connection.call('backend/stop', {});
  await given.ended;
});

/** By the command line: what a descriptor gave is replaced in memory, what systemd keeps is read again. */
async function rotateHeadless({ dataDir }: LiveBackend, credentials: string): Promise<void> {
  const github = await agor(dataDir, ['github', '--fd', '0'], 'sk-canary-0005\n');
  assert.match(github, /The secret github has its new value\.\n$/);
  assert.match(await agor(dataDir, ['anthropic', '--fd', '0'], 'sk-canary-0006'), /kept by systemd, and nobody else writes there/);
  writeFileSync(join(credentials, 'anthropic'), 'short\n');
  const again = await agor(dataDir, ['anthropic', '--read-again', '--restart'], '');
  assert.match(again, /They have it now: builder\./);
  assert.match(again, /too short or too plain to be found/);
  assert.match(await agor(dataDir, ['github'], ''), /There is no terminal to type the value in/);
  assert.doesNotMatch(`${github}${again}`, /canary/);
}

/** What `agor secret rotate` prints, with `input` as all that it is given. */
async function agor(dataDir: string, args: readonly string[], input: string): Promise<string> {
  const child = spawn(process.execPath, [join(distDir, 'cli/agor.ts'), 'secret', 'rotate', ...args, '--data-dir', dataDir]);
  child.stdin.end(input);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return `${stdout}${stderr}`;
}

/** The backend's own command line, as an administrator types it. */
function startBackend({ dataDir }: LiveBackend, secrets: string, env: NodeJS.ProcessEnv = {}) {
  const args = [join(distDir, 'backend.ts'), dataDir, '--secrets-fd', '3'];
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  const [, , stderr, pipe] = child.stdio;
  if (!stderr || !pipe || !('write' in pipe)) throw new Error('the pipes are missing');
  pipe.end(secrets);
  return { words: text(stderr), ended: once(child, 'exit') };
}
