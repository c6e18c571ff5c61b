import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { type DataPaths, dataPaths } from '../../../server/base/data-paths.ts';
import { processIdentity } from '../../../server/base/process-identity.ts';
import { connectToBackend } from '../../../server/launch/connect.ts';

const build = { version: '0.0.0', gitSha: 'dev', buildTime: 0, nodeVersion: process.version };

let root: string;
let paths: DataPaths;
let children: ChildProcess[];
let servers: Server[];
let sockets: Socket[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'agor-connect-'));
  paths = dataPaths(join(root, 'data'));
  mkdirSync(paths.run, { recursive: true });
  writeFileSync(paths.token, 'right');
  children = [];
  servers = [];
  sockets = [];
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  for (const socket of sockets) socket.destroy();
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  rmSync(root, { recursive: true, force: true });
});

/** A backend that answers each caller's first line with what `answer` says, or hangs up. */
async function backend(answer: (hello: { token: string; role: string }) => object | undefined, owner = process.pid): Promise<void> {
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    socket.once('data', (line) => {
      const reply = answer(JSON.parse(String(line)));
      if (reply) socket.write(`${JSON.stringify(reply)}\nContent-Length: 2\r\n\r\n{}`);
      else socket.destroy();
    });
  }).listen(paths.socket);
  servers.push(server);
  await once(server, 'listening');
  own(owner);
}

function own(pid: number): void {
  const record = { ...processIdentity(pid), build, socketPath: paths.socket, startedAt: 1 };
  writeFileSync(paths.ownerRecord, JSON.stringify(record));
}

function connect(options: { signal?: AbortSignal; onProgress?: (text: string) => void } = {}): Promise<Socket> {
  // Nothing can be started from there.
  return connectToBackend({ dataDir: paths.dataDir, role: 'cli', distDir: join(root, 'no-dist'), ...options });
}

const welcome = () => ({ ok: true, pid: process.pid, build });

describe('attaching', () => {
  it('greets with the token and role, and hands over a socket of which nothing was lost', async () => {
    let said: unknown;
    await backend((hello) => {
      said = hello;
      return welcome();
    });
    const socket = await connect();
    assert.deepEqual(said, { role: 'cli', token: 'right', build });
    assert.equal(socket.isPaused(), true);
    const arrived = once(socket, 'data');
    socket.resume();
    assert.equal(String((await arrived)[0]), 'Content-Length: 2\r\n\r\n{}');
    socket.destroy();
  });

  it('tries again with the new token when the backend changed meanwhile', async () => {
    let tries = 0;
    await backend(({ token }) => {
      tries += 1;
      writeFileSync(paths.token, 'new');
      return token === 'new' ? welcome() : { ok: false, code: 'unauthorized', message: 'The token is wrong.', handingOver: false };
    });
    (await connect()).destroy();
    assert.equal(tries, 2);
  });

  for (const code of ['unauthorized', 'outdated'] as const) {
    it(`gives up when it is refused as ${code}, with the backend’s words`, async () => {
      await backend(() => ({ ok: false, code, message: 'Reload the window.', handingOver: false }));
      await assert.rejects(connect(), { name: 'AgorError', code, message: 'Reload the window.' });
    });
  }

  it('to a backend that just ends waits for the next one, and does not kill it', async () => {
    const dying = spawn(process.execPath, ['-e', 'setInterval(() => {}, 60_000)'], { stdio: 'ignore' });
    children.push(dying);
    await once(dying, 'spawn');
    assert.ok(dying.pid);
    let tries = 0;
    await backend(() => {
      tries += 1;
      return tries < 3 ? undefined : welcome();
    }, dying.pid);
    (await connect()).destroy();
    assert.deepEqual([tries, dying.signalCode], [3, null]);
  });
});

describe('giving up', () => {
  it('while a backend does not answer destroys what was opened', async () => {
    const controller = new AbortController();
    await backend(() => {
      controller.abort();
      return { ok: 'not yet' };
    });
    const hangsUp = new Promise<void>((resolve) => servers[0]?.once('connection', (socket) => socket.once('close', () => resolve())));
    await assert.rejects(connect({ signal: controller.signal }), { code: 'cancelled' });
    await hangsUp;
  });

  it('before it began opens nothing', async () => {
    await backend(welcome);
    await assert.rejects(connect({ signal: AbortSignal.abort() }), { code: 'cancelled' });
    assert.deepEqual(sockets, []);
  });

  it('just when the greeting was good leaves no connection behind', async () => {
    const controller = new AbortController();
    await backend(() => {
      setImmediate(() => controller.abort());
      return welcome();
    });
    const socket = await connect({ signal: controller.signal }).catch((error: unknown) => error);
    if (socket instanceof Error) assert.match(String(socket), /given up/);
    else sockets.push(socket as Socket);
  });
});

describe('starting', () => {
  it('fails with what to do when there is nothing to start', async () => {
    const progress: string[] = [];
    await assert.rejects(connect({ onProgress: (text) => void progress.push(text) }), {
      code: 'unavailable',
      message: /program is missing.*Install Agent Orchestrator again/,
    });
    assert.deepEqual(progress, ['Starting the backend']);
  });

  it('is tried when an owner is on record that is long gone', async () => {
    own(process.pid);
    await assert.rejects(connect(), { code: 'unavailable', message: /program is missing/ });
    writeFileSync(paths.ownerRecord, '{');
    await assert.rejects(connect(), { code: 'unavailable', message: /program is missing/ });
  });

  it('fails with a sentence when the data directory is a file, or its folders cannot be used', async () => {
    rmSync(paths.run, { recursive: true });
    writeFileSync(paths.run, '');
    await assert.rejects(connect(), { code: 'storage', message: /Choose another with AGOR_DATA_DIR/ });
  });
});
