import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { listenOnOwnSocket } from '../../../../server/sidecar/control/own-socket.ts';

let root: string;
let path: string;
const servers: Server[] = [];
const children: ChildProcess[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'agor-socket-'));
  path = join(root, 'door', 'control.sock');
});
afterEach(async () => {
  for (const server of servers.splice(0)) if (server.listening) await new Promise((resolve) => server.close(resolve));
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

function newServer(): Server {
  const server = createServer();
  servers.push(server);
  return server;
}

/** Listens in a process of its own. */
async function otherListener(): Promise<ChildProcess> {
  mkdirSync(join(root, 'door'), { mode: 0o700 });
  const code = `require('node:net').createServer().listen(${JSON.stringify(path)}, () => console.log('listening'))`;
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  await once(child.stdout, 'data');
  return child;
}

test('the socket and its folder are for their owner alone, and the socket goes with its server', async () => {
  const umask = process.umask(0);
  try {
    await listenOnOwnSocket(newServer(), path);
  } finally {
    process.umask(umask);
  }
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(statSync(join(root, 'door')).mode & 0o777, 0o700);
  await new Promise((resolve) => servers[0]?.close(resolve));
  assert.throws(() => statSync(path), { code: 'ENOENT' });
});

test('what a process that was killed left behind is taken over', async () => {
  const child = await otherListener();
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.ok(statSync(path).isSocket());
  await listenOnOwnSocket(newServer(), path);
});

test('a socket that somebody listens on is left to them, even when they are stopped', async () => {
  const child = await otherListener();
  await assert.rejects(listenOnOwnSocket(newServer(), path), { code: 'conflict', message: /Another process listens/ });
  child.kill('SIGSTOP');
  await assert.rejects(listenOnOwnSocket(newServer(), path), { code: 'conflict' });
  assert.ok(statSync(path).isSocket());
});

test('what is no socket is not removed', async () => {
  mkdirSync(join(root, 'door'), { mode: 0o700 });
  writeFileSync(path, 'precious');
  await assert.rejects(listenOnOwnSocket(newServer(), path), { code: 'storage', message: /is in the way/ });
  assert.equal(statSync(path).size, 8);
});
