import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, connect as openSocket, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createMessageConnection, SocketMessageReader, SocketMessageWriter } from 'vscode-jsonrpc/node';
import { AssistantConnection } from '../../../../extension/assistant/assistant-connection.ts';

/** A backend that answers pings, over real sockets that `connect` opens. */
async function subject() {
  const folder = mkdtempSync(join(tmpdir(), 'agor-assistant-'));
  const accepted: Socket[] = [];
  const opened: Socket[] = [];
  const server = createServer((socket) => {
    accepted.push(socket);
    const rpc = createMessageConnection(new SocketMessageReader(socket), new SocketMessageWriter(socket));
    rpc.onRequest('backend/ping', () => ({}));
    rpc.onError(() => {});
    rpc.listen();
  });
  const path = join(folder, 'socket');
  await new Promise<void>((resolve) => server.listen(path, resolve));
  const state = { opened: 0, fails: false };
  const connect = async () => {
    if (state.fails) throw new Error('The backend cannot be reached.');
    state.opened += 1;
    const socket = openSocket(path);
    opened.push(socket);
    await new Promise((resolve) => socket.once('connect', resolve));
    return socket.pause();
  };
  const connection = new AssistantConnection({ connect, log: { debug: () => {} } });
  const close = async () => {
    connection.dispose();
    for (const socket of accepted) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  };
  return { connection, state, opened, accepted, close };
}

test('nothing is opened before the first call, and calls share what it opened', async () => {
  const { connection, state, close } = await subject();
  assert.equal(state.opened, 0);
  await Promise.all([connection.call('backend/ping', {}), connection.call('backend/ping', {})]);
  assert.equal(state.opened, 1);
  await close();
});

test('a call after the connection was lost opens another one', async () => {
  const { connection, state, opened, accepted, close } = await subject();
  await connection.call('backend/ping', {});
  const [socket] = opened;
  const lost = new Promise((resolve) => socket?.once('close', resolve));
  accepted[0]?.destroy();
  await lost;
  await connection.call('backend/ping', {});
  assert.equal(state.opened, 2);
  await close();
});

test('a backend that cannot be reached is told, and tried again by the next call', async () => {
  const { connection, state, close } = await subject();
  state.fails = true;
  await assert.rejects(connection.call('backend/ping', {}), /cannot be reached/);
  state.fails = false;
  await connection.call('backend/ping', {});
  await close();
});
