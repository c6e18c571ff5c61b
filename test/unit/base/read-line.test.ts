import assert from 'node:assert/strict';
import { once } from 'node:events';
import { afterEach, beforeEach, test } from 'node:test';
import { NoLineInTime, readLine } from '../../../server/base/read-line.ts';
import { type SocketPair, socketPair } from '../../support/socket-pair.ts';

const bounds = { timeoutMs: 60_000, maxBytes: 100 };

let pair: SocketPair;
beforeEach(async () => {
  pair = await socketPair();
});
afterEach(() => pair.close());

test('the first line is read, and what came with it stays in the stream', async () => {
  const line = readLine(pair.near, bounds);
  pair.far.write('hello é\nrest of');
  assert.equal(await line, 'hello é');
  assert.equal(pair.near.isPaused(), true);
  pair.far.end(' the stream\n');
  let text = '';
  for await (const chunk of pair.near) text += chunk;
  assert.equal(text, 'rest of the stream\n');
});

test('a line may come in parts, cut inside a character too, and be empty', async () => {
  const line = readLine(pair.near, bounds);
  for (const byte of Buffer.from('é!\n')) {
    pair.far.write(Buffer.from([byte]));
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(await line, 'é!');
  const next = readLine(pair.near, bounds);
  pair.far.write('\n');
  assert.equal(await next, '');
});

for (const [name, text] of [
  ['that does not end', 'x'.repeat(101)],
  ['that ends too late', `${'x'.repeat(101)}\n`],
] as const) {
  test(`a line ${name} is refused`, async () => {
    const line = readLine(pair.near, bounds);
    pair.far.write(text);
    await assert.rejects(line, /over 100 bytes/);
  });
}

test('a line of exactly the bound is taken', async () => {
  const line = readLine(pair.near, bounds);
  pair.far.write(`${'x'.repeat(100)}\n`);
  assert.equal((await line).length, 100);
});

test('a connection that closes first is told apart from one that says nothing', async () => {
  const silent = readLine(pair.near, { ...bounds, timeoutMs: 1 });
  await assert.rejects(silent, NoLineInTime);
  const closed = readLine(pair.near, bounds);
  pair.far.end('half a line');
  await assert.rejects(closed, (error) => error instanceof Error && !(error instanceof NoLineInTime));
});

test('nothing of it is left on the socket', async () => {
  const names = ['data', 'close', 'error'] as const;
  const before = names.map((name) => pair.near.listenerCount(name));
  const line = readLine(pair.near, bounds);
  pair.far.write('a\n');
  await line;
  assert.deepEqual(
    names.map((name) => pair.near.listenerCount(name)),
    before,
  );
  pair.far.destroy();
  pair.near.resume();
  await once(pair.near, 'close');
});
