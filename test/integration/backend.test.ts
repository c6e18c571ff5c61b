/** One backend per data directory: who becomes it, who may talk to it, and what it refuses. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { connect as openSocket, type Socket } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { isSameProcess } from '../../server/base/process-identity.ts';
import type { Connection } from '../../server/cli/connection.ts';
import { Followed, LiveBackend, until } from '../support/live-backend.ts';

const program = fileURLToPath(new URL('../../server/backend.ts', import.meta.url));

describe('the backend', () => {
  let backend: LiveBackend;
  let connection: Connection;

  before(async () => {
    backend = await LiveBackend.create();
    connection = await backend.connect();
  });
  after(() => backend.close());

  it('is one, however many are started', async () => {
    const { pid } = backend.owner();
    const starters = Array.from({ length: 6 }, () => spawn(process.execPath, [program, backend.dataDir], { stdio: 'ignore' }));
    const codes = await Promise.all(starters.map((child) => once(child, 'exit').then(([code]) => code)));
    assert.deepEqual(codes, [0, 0, 0, 0, 0, 0]);
    assert.equal(backend.owner().pid, pid);
    assert.equal((await connection.call('health/get', {})).pid, pid);
  });

  it('keeps its folder, socket and token to the person', async () => {
    const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
    assert.equal(await mode(backend.dataDir), '700');
    assert.equal(await mode(backend.owner().socketPath), '600');
    assert.equal(await mode(join(backend.dataDir, 'run', 'token')), '600');
  });

  it('refuses a wrong token with a sentence and hangs up', async () => {
    const { build } = backend.owner();
    const reply = await greet({ role: 'cli', token: 'guessed', build });
    assert.match(reply, /"code":"unauthorized"/);
    assert.match(reply, /The token is wrong/);
  });

  it('refuses a first line that is no handshake', async () => {
    assert.match(await greet('GET / HTTP/1.1'), /"code":"badRequest"/);
    assert.match(await greet(`{"role":"cli","token":"${'x'.repeat(70_000)}"}`), /"ok":false/);
  });

  it('refuses a malformed frame with a sentence, and others are not touched', async () => {
    for (const frame of [
      'Content-Length: -5\r\n\r\n{}',
      'Content-Length: 4000000000\r\n\r\n{}',
      `${'junk'.repeat(2000)}`,
      'Content-Length: 7\r\n\r\nnotjson',
    ]) {
      const socket = await greeted();
      socket.write(frame);
      assert.match(await readToEnd(socket), /"code":"badRequest"/, frame.slice(0, 40));
    }
    assert.equal((await connection.call('health/get', {})).state, 'healthy');
  });

  it('answers bad parameters and unknown names with what is wrong', async () => {
    await connection.call('project/add', { path: backend.project, trusted: false });
    await assert.rejects(connection.call('project/add', { path: '/no/such/folder' }), /does not exist/);
    await assert.rejects(connection.call('project/add', { path: 'relative' }), /absolute/);
    await assert.rejects(connection.call('agent/list', { project: 'nope' }), /There is no project "nope". Known: project\./);
    await assert.rejects(connection.call('agent/add', { project: 'project', name: 'x', provider: 'acp' }), /needs the command/);
  });

  it('starts nothing in a project that is not trusted', async () => {
    const agent = await connection.call('agent/add', { project: 'project', name: 'a', provider: 'demo' });
    await assert.rejects(connection.call('agent/prompt', { agent: agent.id, text: 'hello' }), /not trusted/);
    await connection.call('agent/add', { project: 'project', name: 'b', provider: 'demo' });
    await assert.rejects(connection.call('agent/start', { agent: agent.id.slice(0, 8) }), /fits 2 agents: project\/a .*project\/b/);
  });

  it('refuses a prompt that is too large, and keeps one that is as large as it may be', async () => {
    await connection.call('project/trust', { project: 'project', trusted: true });
    await assert.rejects(connection.call('agent/prompt', { agent: 'a', text: 'x'.repeat(5 * 1024 * 1024) }), /5\.0 MiB; at most 1 MiB/);
    await connection.call('agent/pause', { agent: 'a' });
    const { sessionId } = await connection.call('agent/prompt', { agent: 'a', text: 'x'.repeat(1024 * 1024) });
    const { items } = await connection.call('session/items', { session: sessionId });
    assert.equal(items[0]?.kind === 'prompt' && items[0].text.length, 1024 * 1024);
  });

  it('says which command was tried when a program is missing, leaves nothing running, and keeps the prompt', async () => {
    const agent = await connection.call('agent/add', {
      project: 'project',
      name: 'gone',
      provider: 'acp',
      command: ['no-such-agent', '--acp'],
    });
    const { sessionId } = await connection.call('agent/prompt', { agent: agent.id, text: 'hello' });
    const followed = await Followed.session(connection, sessionId);
    await followed.untilTurnEnds();
    const [prompt, end] = followed.ordered();
    assert.equal(prompt?.kind === 'prompt' && prompt.text, 'hello');
    assert.match(end?.kind === 'turnEnd' ? (end.failure?.message ?? '') : '', /no-such-agent --acp/);
    await until(() => backend.run(agent.id) === undefined);
  });

  it('takes a prompt that is sent twice under one id once', async () => {
    await connection.call('agent/pause', { agent: 'b' });
    const first = await connection.call('agent/prompt', { agent: 'b', text: 'hello' });
    const again = await connection.call('agent/prompt', { agent: 'b', text: 'hello', promptId: first.promptId });
    assert.equal(again.sessionId, first.sessionId);
    const { agents } = await connection.call('agent/list', {});
    assert.equal(agents.find(({ name }) => name === 'b')?.queuedPrompts, 1);
  });

  it('asks an older caller to reload, and hands over to a newer one', async () => {
    const owner = backend.owner();
    const token = (await readFile(join(backend.dataDir, 'run', 'token'), 'utf8')).trim();
    const older = await greet({ role: 'extension', token, build: { ...owner.build, buildTime: owner.build.buildTime - 1 } });
    assert.match(older, /"code":"outdated".*Reload the window/);
    const newer = await greet({ role: 'extension', token, build: { ...owner.build, buildTime: owner.build.buildTime + 1 } });
    assert.match(newer, /"handingOver":true/);
    await until(() => !isSameProcess(owner));
    connection = await backend.connect();
    assert.notEqual((await connection.call('health/get', {})).pid, owner.pid);
  });

  async function greeted(): Promise<Socket> {
    const { socketPath, build } = backend.owner();
    const token = (await readFile(join(backend.dataDir, 'run', 'token'), 'utf8')).trim();
    const socket = openSocket(socketPath);
    socket.write(`${JSON.stringify({ role: 'cli', token, build })}\n`);
    await once(socket, 'data');
    return socket;
  }

  async function greet(hello: unknown): Promise<string> {
    const socket = openSocket(backend.owner().socketPath);
    socket.write(`${typeof hello === 'string' ? hello : JSON.stringify(hello)}\n`);
    return readToEnd(socket);
  }
});

describe('a data directory', () => {
  it('that is a file, or inside one, is refused with its path', async () => {
    const backend = await LiveBackend.create();
    await writeFile(backend.dataDir, '');
    await assert.rejects(backend.connect(), /cannot be used.*Choose another with AGOR_DATA_DIR/);
    await removeRoot(backend);
  });

  it('of a newer version is refused by the name of both versions, and nothing in it is changed', async () => {
    const backend = await LiveBackend.create();
    await mkdir(backend.dataDir, { recursive: true });
    const file = new Database(join(backend.dataDir, 'sessions.db'));
    file.pragma('user_version = 999');
    file.exec('create table kept (x)');
    file.close();
    await assert.rejects(backend.connect(), /its schema is 999, this version knows \d+/);
    await removeRoot(backend);
  });

  it('whose database is gone is refused rather than begun anew', async () => {
    const backend = await LiveBackend.create();
    const connection = await backend.connect();
    await connection.call('project/add', { path: backend.project });
    const owner = backend.owner();
    await connection.call('backend/stop', {});
    await until(() => !isSameProcess(owner));
    await writeFile(join(backend.dataDir, 'sessions.db'), '');
    await assert.rejects(backend.connect(), /is gone or empty, but it held data/);
    await removeRoot(backend);
  });
});

function readToEnd(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.once('close', () => resolve(text));
    socket.on('error', () => {});
  });
}

async function removeRoot(backend: LiveBackend): Promise<void> {
  const { rm } = await import('node:fs/promises');
  await rm(backend.root, { recursive: true, force: true });
}
