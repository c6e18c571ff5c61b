import assert from 'node:assert/strict';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { createMessageConnection, type MessageConnection, SocketMessageReader, SocketMessageWriter } from 'vscode-jsonrpc/node';
import { Emitter } from '../../../server/base/emitter.ts';
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
let windows: number;
let answer: (method: string) => unknown;
const opened: { dispose(): void }[] = [];

beforeEach(async () => {
  calls = [];
  // Of this door only: the one before may still hear of its last caller's end.
  const left: Caller[] = [];
  closed = left;
  windows = 0;
  answer = () => ({});
  door = new ClientDoor({
    dispatch: async (caller, method, params) => {
      calls.push({ caller, method, params });
      return answer(method);
    },
    onClosed: (caller) => void left.push(caller),
    onChanged: () => {},
    onWindow: () => {
      windows += 1;
    },
    language: { diagnose: () => [], complete: () => [], hover: () => null, lenses: () => [], changed: new Emitter() },
    log: () => {},
  });
  pair = await socketPair();
});
afterEach(async () => {
  for (const { dispose } of opened.splice(0)) dispose();
  await pair.close();
});

function client(socket = pair.far): MessageConnection {
  const rpc = createMessageConnection(new SocketMessageReader(socket), new SocketMessageWriter(socket));
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

  for (const [what, next] of [
    ['another bad one', 'nor this'],
    ['a good one', '{"jsonrpc":"2.0","id":1,"method":"backend/ping","params":{}}'],
  ] as const) {
    it(`with a bad frame and ${what} behind it is told, and not cut off before it has read that`, async () => {
      door.open(pair.near, hello);
      pair.far.allowHalfOpen = true;
      pair.far.write(`${framed('no JSON')}${framed(next)}`);
      const [bytes] = await once(pair.far, 'data');
      assert.equal(String(bytes).split('"code":"badRequest"').length, 2);
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(pair.near.destroyed, false);
      pair.far.end();
    });
  }

  it('by going away while it is being answered does no harm', async () => {
    const [asked, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<object>()];
    answer = () => {
      asked.resolve();
      return answered.promise;
    };
    door.open(pair.near, hello);
    pair.far.write(framed('{"jsonrpc":"2.0","id":1,"method":"backend/ping","params":{}}'));
    await asked.promise;
    pair.far.destroy();
    await once(pair.near, 'close');
    answered.resolve({});
    // Whatever is thrown where nobody catches it is thrown within these turns of the loop, and fails the test.
    for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
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

describe('a window', () => {
  const others: SocketPair[] = [];
  afterEach(async () => {
    for (const other of others.splice(0)) await other.close();
  });

  /** One that answers `secret/read`, once it has said that it is ready. */
  async function openWindow(answer: () => unknown, role: ClientHello['role'] = 'extension'): Promise<SocketPair> {
    const other = await socketPair();
    others.push(other);
    door.open(other.near, { ...hello, role });
    const rpc = client(other.far);
    rpc.onRequest('secret/read', answer);
    await rpc.sendRequest('initialize', { processId: null, rootUri: null, capabilities: {} });
    await rpc.sendNotification('initialized', {});
    await rpc.sendRequest('backend/ping', {});
    return other;
  }

  const ask = () => door.askWindows('secret/read', { name: 'anthropic' }, ({ value }) => value !== null);

  it('is asked, and the first that has the answer wins over those that have none or never answer', async () => {
    await openWindow(() => ({ value: null }));
    await openWindow(() => new Promise(() => {}));
    await openWindow(() => ({ value: 'v' }));
    assert.equal(windows, 3);
    assert.deepEqual(await ask(), { value: 'v' });
  });

  it('that is not there, refuses, answers nonsense or has nothing gives no answer', async () => {
    assert.equal(await ask(), undefined);
    await openWindow(() => ({ value: null }));
    await openWindow(() => ({ value: 7 }));
    await openWindow(() => {
      throw new Error('the keyring is locked');
    });
    assert.equal(await ask(), undefined);
  });

  it('that goes away while it is asked holds nobody up', async () => {
    const asked = Promise.withResolvers<void>();
    const other = await openWindow(() => {
      asked.resolve();
      return new Promise(() => {});
    });
    const answer = ask();
    await asked.promise;
    other.far.destroy();
    assert.equal(await answer, undefined);
    assert.equal(await ask(), undefined);
  });

  it('is asked only when it is one: a command never is, nor who has not said that it is ready', async () => {
    await openWindow(() => ({ value: 'of a command' }), 'cli');
    door.open(pair.near, { ...hello, role: 'extension' });
    client().onRequest('secret/read', () => ({ value: 'too early' }));
    assert.deepEqual([await ask(), windows], [undefined, 0]);
  });
});
