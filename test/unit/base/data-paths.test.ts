import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { test } from 'node:test';
import { dataPaths, socketPath } from '../../../server/base/data-paths.ts';

const longDir = `/${'long'.repeat(30)}`;

test('the socket lies in the data directory while its path is short enough for one', () => {
  assert.equal(dataPaths('/data').socket, '/data/run/backend.sock');
  const longest = `/${'x'.repeat(103 - '//run/backend.sock'.length)}`;
  assert.equal(Buffer.byteLength(dataPaths(longest).socket), 103);
  assert.notEqual(dataPaths(`${longest}x`).socket, join(`${longest}x`, 'run', 'backend.sock'));
});

test('bytes count, not characters', () => {
  assert.ok(!dataPaths(`/${'ü'.repeat(50)}`).socket.includes('ü'));
});

for (const [name, given, expected] of [
  ['the folder for such things', '/run/user/1', '/run/user/1'],
  ['the one for temporary files, when there is none', undefined, tmpdir()],
  ['the one for temporary files, when it is empty', '', tmpdir()],
] as const) {
  test(`a long data directory has its socket in a folder of its own in ${name}`, (context) => {
    const before = process.env.XDG_RUNTIME_DIR;
    context.after(() => setRuntimeDir(before));
    setRuntimeDir(given);
    const { socket } = dataPaths(longDir);
    assert.match(socket.slice(expected.length), /^\/agor-[0-9a-f]{16}\/backend\.sock$/);
    assert.ok(socket.startsWith(expected) && isAbsolute(socket));
    assert.equal(dataPaths(longDir).socket, socket);
    assert.notEqual(dataPaths(`${longDir}2`).socket, socket);
  });
}

function setRuntimeDir(value: string | undefined): void {
  if (value === undefined) delete process.env.XDG_RUNTIME_DIR;
  else process.env.XDG_RUNTIME_DIR = value;
}

test('Windows has a named pipe instead, one for each owner, however its path is spelled', () => {
  const pipe = socketPath('C:\\Data\\run\\backend.sock', 'C:\\Data', 'win32');
  assert.match(pipe, /^\\\\\.\\pipe\\agor-[0-9a-f]{16}$/);
  assert.equal(socketPath('c:\\data\\run\\backend.sock', 'c:\\data', 'win32'), pipe);
  assert.notEqual(socketPath('C:\\Other\\run\\backend.sock', 'C:\\Other', 'win32'), pipe);
});

test('on macOS the path of a socket has as few bytes as anywhere', () => {
  assert.equal(socketPath('/data/run/backend.sock', '/data', 'darwin'), '/data/run/backend.sock');
  assert.notEqual(socketPath(`/${'x'.repeat(103)}`, '/data', 'darwin'), `/${'x'.repeat(103)}`);
});
