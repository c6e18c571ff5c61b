import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { SocketDoor } from '../../../server/control/socket-door.ts';
import { AgorError } from '../../../server/protocol/errors.ts';
import { type Hello, HelloReply, sidecarWireVersion } from '../../../server/protocol/handshake.ts';
import type { BuildInfo } from '../../../server/protocol/health.ts';
import { readToEnd } from '../../support/socket-pair.ts';
import { newRunRecord } from '../../support/worker-world.ts';

const build = { version: '1.0', gitSha: 'abc', buildTime: 100, nodeVersion: 'v24' };
const client = { role: 'cli', token: 'right', build } as const;
const { runId, agentId } = newRunRecord();
const sidecar = {
  ...{ role: 'sidecar', token: 'of the run', wireVersion: sidecarWireVersion, build: 'b', runId, agentId, pid: 7 },
  ...{ programPid: null, programVersion: null, sessionId: null, capabilities: null, turnId: null, promptId: null },
} as const;

let folder: string;
let path: string;
let door: SocketDoor;
let opened: { role: Hello['role']; socket: Socket; received: string }[];
let handedOver: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'agor-door-'));
  path = join(folder, 'run', 'backend.sock');
  opened = [];
  handedOver = 0;
  door = create(path);
  await door.listen();
});
afterEach(async () => {
  await door.close();
  rmSync(folder, { recursive: true, force: true });
});

function create(socketPath: string, own: BuildInfo = build): SocketDoor {
  return new SocketDoor({
    socketPath,
    token: 'right',
    build: own,
    openClient: open,
    openSidecar: open,
    checkSidecar: ({ token }) => {
      if (token !== sidecar.token) throw new AgorError('unauthorized', 'This backend knows no such run.');
    },
    handOver: () => {
      handedOver += 1;
    },
    log: () => {},
  });
}

function open(socket: Socket, { role }: Hello): void {
  const entry = { role, socket, received: '' };
  opened.push(entry);
  socket.on('data', (chunk) => {
    entry.received += chunk;
  });
}

async function greet(hello: unknown): Promise<HelloReply> {
  const socket = connect(path);
  socket.write(typeof hello === 'string' ? hello : `${JSON.stringify(hello)}\n`);
  const [line] = await once(socket, 'data');
  const reply = HelloReply.parse(JSON.parse(String(line)));
  if (!reply.ok) assert.equal(await readToEnd(socket), '', 'a refused caller is cut off');
  socket.destroy();
  return reply;
}

describe('a greeting', () => {
  it('of a caller with the token and build is answered, and the socket handed on', async () => {
    assert.deepEqual(await greet(client), { ok: true, pid: process.pid, build });
    assert.deepEqual(await greet({ ...client, role: 'extension' }), { ok: true, pid: process.pid, build });
    assert.deepEqual(
      opened.map(({ role }) => role),
      ['cli', 'extension'],
    );
  });

  it('may be followed at once by the first frame, of which nothing is lost', async () => {
    const socket = connect(path);
    socket.write(`${JSON.stringify(client)}\nContent-Length: 2\r\n\r\n{}`);
    await once(socket, 'data');
    socket.end();
    await once(socket, 'close');
    assert.equal(opened[0]?.received, 'Content-Length: 2\r\n\r\n{}');
  });

  it('may arrive byte by byte', async () => {
    const socket = connect(path);
    for (const byte of `${JSON.stringify(client)}\n`) socket.write(byte);
    const [line] = await once(socket, 'data');
    assert.match(String(line), /"ok":true/);
    socket.destroy();
  });

  for (const [name, hello, code] of [
    ['with a wrong token', { ...client, token: 'wrong' }, 'unauthorized'],
    ['with no token', { ...client, token: '' }, 'unauthorized'],
    ['of an unknown kind of caller', { ...client, role: 'agent' }, 'badRequest'],
    ['that is no JSON', 'hello\n', 'badRequest'],
    ['that is JSON of another kind', '[1]\n', 'badRequest'],
    ['that does not end', 'x'.repeat(70_000), 'badRequest'],
    ['that is too long', `${JSON.stringify({ ...client, more: 'x'.repeat(70_000) })}\n`, 'badRequest'],
    ['of a sidecar of an unknown run', { ...sidecar, token: 'guessed' }, 'unauthorized'],
    ['of a sidecar of a version to come', { ...sidecar, wireVersion: sidecarWireVersion + 1 }, 'outdated'],
    ['of a sidecar of a version long past', { ...sidecar, wireVersion: sidecarWireVersion - 2 }, 'outdated'],
    ['of an older window', { ...client, role: 'extension', build: { ...build, buildTime: 99 } }, 'outdated'],
    ['of another build of the same moment', { ...client, build: { ...build, gitSha: 'def' } }, 'outdated'],
  ] as const) {
    it(`${name} is refused as ${code}`, async () => {
      const reply = await greet(hello);
      assert.ok(!reply.ok);
      assert.deepEqual([reply.code, reply.handingOver, handedOver, opened.length], [code, false, 0, 0]);
      assert.notEqual(reply.message, '');
    });
  }

  it('of a newer build makes this backend hand over', async () => {
    const reply = await greet({ ...client, build: { ...build, buildTime: 101 } });
    assert.deepEqual([!reply.ok && reply.handingOver, handedOver], [true, 1]);
  });

  it('of a newer build that takes this backend as it is makes it hand over to nobody', async () => {
    const reply = await greet({ ...client, stays: true, build: { ...build, buildTime: 101 } });
    assert.deepEqual([!reply.ok && reply.code, handedOver], ['outdated', 0]);
  });

  it('while this backend makes way is cut off, so that it finds the next one', async () => {
    await greet({ ...client, build: { ...build, buildTime: 101 } });
    const socket = connect(path);
    socket.on('error', () => {});
    socket.write(`${JSON.stringify(client)}\n`);
    assert.equal(await readToEnd(socket), '');
    assert.equal(opened.length, 0);
  });

  for (const buildTime of [99, 101]) {
    it(`of a build of ${buildTime < 100 ? 'before' : 'after'} with the same contract is answered where it asks nobody to go`, async () => {
      await door.close();
      door = create(path, { ...build, contract: 'a' });
      await door.listen();
      assert.equal((await greet({ ...client, stays: true, build: { ...build, buildTime, contract: 'a' } })).ok, true);
      assert.equal((await greet({ ...client, stays: true, build: { ...build, buildTime, contract: 'b' } })).ok, false);
      assert.equal(handedOver, 0);
    });
  }

  it('of a newer build with a wrong token does not', async () => {
    const reply = await greet({ ...client, token: 'wrong', build: { ...build, buildTime: 101 } });
    assert.deepEqual([reply.ok, handedOver], [false, 0]);
  });

  for (const wireVersion of [sidecarWireVersion, sidecarWireVersion - 1]) {
    it(`of a sidecar of version ${wireVersion} is answered`, async () => {
      assert.equal((await greet({ ...sidecar, wireVersion })).ok, true);
      assert.equal(opened[0]?.role, 'sidecar');
    });
  }

  it('that is cut short harms nobody', async () => {
    const socket = connect(path);
    await once(socket, 'connect');
    socket.end('{"role"');
    await readToEnd(socket);
    assert.equal((await greet(client)).ok, true);
  });
});

describe('the socket', () => {
  it('is the person’s alone, and so is its folder', () => {
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(statSync(join(folder, 'run')).mode & 0o777, 0o700);
  });

  it('takes the place of what a dead backend left there', async () => {
    const left = join(folder, 'run', 'left.sock');
    writeFileSync(left, '');
    const next = create(left);
    await next.listen();
    await next.close();
  });

  it('leaves the mask for new files as it was', async () => {
    const before = process.umask();
    const next = create(join(folder, 'run', 'other.sock'));
    const listening = next.listen();
    assert.equal(process.umask(), before);
    await listening;
    await next.close();
  });

  it('is not made in a shared folder that others may write', async () => {
    const shared = join(folder, 'agor-1234');
    mkdirSync(shared);
    chmodSync(shared, 0o777);
    await assert.rejects(create(join(shared, 'backend.sock')).listen(), { code: 'storage', message: /others may write in it/ });
  });

  it('is gone when the door is closed, and callers that do not hang up are cut off', async () => {
    const socket = connect({ path, allowHalfOpen: true });
    socket.on('error', () => {});
    socket.write(`${JSON.stringify(client)}\n`);
    await once(socket, 'data');
    await door.close();
    assert.throws(() => statSync(path), { code: 'ENOENT' });
    socket.destroy();
    door = create(path);
    await door.listen();
  });
});
