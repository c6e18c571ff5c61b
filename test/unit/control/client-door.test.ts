import assert from 'node:assert/strict';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { createMessageConnection, type MessageConnection, SocketMessageReader, SocketMessageWriter } from 'vscode-jsonrpc/node';
import { ClientDoor } from '../../../server/control/client-door.ts';
import type { Caller } from '../../../server/dispatch.ts';
import { AgorError, rpcErrorCode } from '../../../server/protocol/errors.ts';
import type { ClientHello } from '../../../server/protocol/handshake.ts';
import type { LogLevel } from '../../../server/protocol/requests.ts';
import { readToEnd, type SocketPair, socketPair } from '../../support/socket-pair.ts';

const hello: ClientHello = { role: 'cli', token: 't', build: { version: '1', gitSha: 's', buildTime: 1, nodeVersion: 'v24' } };
const written = { level: 'info' satisfies LogLevel, message: 'hello' } as const;

let door: ClientDoor;
let pair: SocketPair;
let calls: { caller: Caller; method: string; params: unknown }[];
let closed: Caller[];
let answer: (method: string) => unknown;
const opened: { dispose(): void }[] = [];

beforeEach(async () => {
  calls = [];
  // Of this door only: the one before may still hear of its last caller's end.
  const left: Caller[] = [];
  closed = left;
  answer = () => ({});
  door = new ClientDoor({
    dispatch: async (caller, method, params) => {
      calls.push({ caller, method, params });
      return answer(method);
    },
    onClosed: (caller) => void left.push(caller),
    onChanged: () => {},
    log: () => {},
  });
  pair = await socketPair();
});
afterEach(async () => {
  for (const { dispose } of opened.splice(0)) dispose();
  await pair.close();
});

function client(): MessageConnection {
  const rpc = createMessageConnection(new SocketMessageReader(pair.far), new SocketMessageWriter(pair.far));
  rpc.listen();
  opened.push(rpc);
  return rpc;
}

function framed(text: string): string {
  return `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}

describe('a caller', () => {
  it('is what its greeting said, whatever its requests say, and has one place for its session changes', async () => {
    door.open(pair.near, hello);
    const rpc = client();
    await rpc.sendRequest('health/get', { kind: 'extension', caller: { kind: 'agent' } });
    await rpc.sendRequest('backend/ping', {});
    assert.deepEqual(
      calls.map(({ caller, method }) => [caller.kind, method]),
      [
        ['cli', 'health/get'],
        ['cli', 'backend/ping'],
      ],
    );
    assert.equal(calls[0]?.caller.watcher, calls[1]?.caller.watcher);
  });

  it('gets what a person can act on with its code', async () => {
    answer = () => {
      throw new AgorError('notFound', 'There is no project "x".');
    };
    door.open(pair.near, hello);
    await assert.rejects(client().sendRequest('project/list', {}), {
      code: rpcErrorCode,
      message: 'There is no project "x".',
      data: { code: 'notFound' },
    });
  });

  it('that asks for what no door offers is answered all the same', async () => {
    door.open(pair.near, hello);
    await assert.rejects(client().sendRequest('no/such', {}), /Unhandled method/);
    assert.deepEqual(calls, []);
  });

  it('is told of what happens, and no longer when it is gone', async () => {
    door.open(pair.near, hello);
    const rpc = client();
    const told = new Promise((resolve) => rpc.onNotification('log/written', resolve));
    await rpc.sendRequest('backend/ping', {});
    door.broadcast('log/written', written);
    assert.deepEqual(await told, written);
    pair.far.destroy();
    await once(pair.near, 'close');
    assert.deepEqual([door.count, closed.length], [0, 1]);
    door.broadcast('log/written', written);
  });
});

describe('a caller that misbehaves', () => {
  it('with a bad frame is told, leaves the count at once, and never makes telling the others fail', async () => {
    door.open(pair.near, hello);
    assert.equal(door.count, 1);
    pair.far.write('Content-Length: -1\r\n\r\n{}');
    const [bytes] = await once(pair.far, 'data');
    assert.match(String(bytes), /"code":"badRequest"/);
    assert.deepEqual([door.count, closed.length], [0, 1]);
    door.broadcast('log/written', written);
  });

  it('with a bad frame that does not hang up is hung up on', async () => {
    door.open(pair.near, hello);
    pair.far.on('data', () => {});
    pair.far.allowHalfOpen = true;
    pair.far.write(framed('no JSON'));
    const junk = setInterval(() => pair.far.writable && pair.far.write('junk'), 20);
    await once(pair.near, 'close');
    clearInterval(junk);
    assert.equal(closed.length, 1);
  });

  it('by ending half-way through a frame leaves nothing behind', async () => {
    door.open(pair.near, hello);
    pair.far.end('Content-Length: 100\r\n\r\n{"jsonrpc"');
    await readToEnd(pair.far);
    assert.deepEqual([door.count, closed.length], [0, 1]);
    door.broadcast('log/written', written);
  });

  it('between its end and its socket’s end can still be told, without harm', async () => {
    door.open(pair.near, hello);
    await client().sendRequest('backend/ping', {});
    const { watcher } = calls[0]?.caller ?? {};
    pair.near.once('end', () => {
      for (let count = 0; count < 5; count += 1) door.broadcast('log/written', written);
    });
    pair.far.end();
    await once(pair.near, 'close');
    // Its watches may fire once more before they are taken away.
    // The content of the change plays no part.
    watcher?.({ sessionId: 's', feed: 'f', seq: 1, changes: [] } as never);
  });

  it('by taking nothing any more is cut off', async (context) => {
    let clock = 0;
    context.mock.method(performance, 'now', () => clock);
    door.open(pair.near, hello);
    pair.far.pause();
    const long = { ...written, message: 'x'.repeat(1024 * 1024) };
    for (let count = 0; count < 4; count += 1) door.broadcast('log/written', long);
    await new Promise((resolve) => setImmediate(resolve));
    clock += 9_000;
    door.broadcast('log/written', written);
    assert.equal(pair.near.destroyed, false);
    clock += 2_000;
    door.broadcast('log/written', written);
    assert.equal(pair.near.destroyed, true);
    await once(pair.near, 'close');
    assert.equal(door.count, 0);
  });

  it('by sending "exit" ends its own connection and nobody else’s', async () => {
    const other = await socketPair();
    door.open(pair.near, hello);
    door.open(other.near, hello);
    await client().sendNotification('exit');
    await once(pair.near, 'close');
    assert.equal(door.count, 1);
    await other.close();
  });
});
