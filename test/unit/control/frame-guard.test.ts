import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { type Message, StreamMessageReader } from 'vscode-jsonrpc/node';
import { FrameGuard } from '../../../server/control/frame-guard.ts';
import { limits } from '../../../server/protocol/errors.ts';

type Outcome = { messages: Message[]; failure: string | undefined };

function frame(body: string, header = `Content-Length: ${Buffer.byteLength(body)}`): string {
  return `${header}\r\n\r\n${body}`;
}

function ping(id: number): string {
  return frame(JSON.stringify({ jsonrpc: '2.0', id, method: 'backend/ping' }));
}

/** What comes out behind the guard and the reader, as the doors put them together. */
async function pass(chunks: readonly Buffer[]): Promise<Outcome> {
  const guard = new FrameGuard();
  const outcome: Outcome = { messages: [], failure: undefined };
  const fail = (error: Error) => {
    outcome.failure ??= error.message;
  };
  guard.on('error', fail);
  const reader = new StreamMessageReader(guard);
  reader.partialMessageTimeout = 0;
  reader.onError(fail);
  reader.listen((message) => void outcome.messages.push(message));
  for (const chunk of chunks) {
    if (outcome.failure !== undefined) break;
    await new Promise<void>((resolve) => guard.write(chunk, () => resolve()));
  }
  await new Promise((resolve) => setImmediate(resolve));
  reader.dispose();
  guard.destroy();
  return outcome;
}

describe('frames', () => {
  const text = ping(1) + frame('{"jsonrpc":"2.0","id":2,"method":"ü","params":["\u{1f600}"]}') + ping(3);

  for (const size of [1, 2, 3, 7, 64, 10_000]) {
    it(`come through whole when they arrive in parts of ${size} bytes`, async () => {
      const bytes = Buffer.from(text);
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) => bytes.subarray(n * size, (n + 1) * size));
      const { messages, failure } = await pass(chunks);
      assert.equal(failure, undefined);
      assert.deepEqual(
        messages.map((message) => 'id' in message && message.id),
        [1, 2, 3],
      );
    });
  }

  for (const [name, header] of [
    ['in any case', 'content-LENGTH: 60'],
    ['without a blank', 'Content-Length:60'],
    ['beside another header', 'Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: 60'],
    ['with zeros before it', 'Content-Length: 0060'],
  ] as const) {
    it(`may give their length ${name}`, async () => {
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'backend/ping' }).padEnd(60);
      const { messages, failure } = await pass([Buffer.from(frame(body, header))]);
      assert.deepEqual([messages.length, failure], [1, undefined]);
    });
  }

  for (const [name, bytes, said] of [
    ['a length below zero', 'Content-Length: -5\r\n\r\n{}', /no valid Content-Length/],
    ['a length that is no number', 'Content-Length: 2x\r\n\r\n{}', /no valid Content-Length/],
    ['a length in another notation', 'Content-Length: 0x10\r\n\r\n{}', /no valid Content-Length/],
    ['no length', 'Content-Type: a\r\n\r\n{}', /no valid Content-Length/],
    ['no header at all', '\r\n\r\n{}', /no valid Content-Length/],
    ['two lengths in one line', 'Content-Length: 78Content-Length: 2\r\n\r\n{}', /no valid Content-Length/],
    ['two lengths', 'Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}', /no valid Content-Length/],
    ['a body of nothing', 'Content-Length: 0\r\n\r\n', /no valid Content-Length/],
    ['a header without a colon', 'junk\r\nContent-Length: 2\r\n\r\n{}', /no valid Content-Length/],
    ['a header hidden behind half a line end', 'A: b\rContent-Length: 2\r\n\r\n{}', /no valid Content-Length/],
    ['a length over the limit', `Content-Length: ${limits.frameBytes + 1}\r\n\r\n`, /was announced; at most/],
    ['a length over all limits', 'Content-Length: 99999999999999999999\r\n\r\n', /no valid Content-Length/],
    ['a header that does not end', 'x'.repeat(5_000), /does not end within 4096 bytes/],
    ['a header that ends too late', `A: ${'x'.repeat(5_000)}\r\nContent-Length: 2\r\n\r\n{}`, /does not end within 4096 bytes/],
    ['a web browser', 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n', /no valid Content-Length/],
  ] as const) {
    it(`with ${name} are refused with a sentence`, async () => {
      const { messages, failure } = await pass([Buffer.from(bytes)]);
      assert.match(failure ?? '', said);
      assert.deepEqual(messages, []);
    });
  }
});

/** Repeatable chance. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function mutated(bytes: Buffer, next: () => number): Buffer {
  const at = () => Math.floor(next() * bytes.length);
  const kinds = [
    () => bytes.fill(Math.floor(next() * 256), at(), at() + 1),
    () => Buffer.concat([bytes.subarray(0, at()), bytes.subarray(at())]),
    () =>
      Buffer.concat([
        bytes.subarray(0, at()),
        Buffer.from(['\r', '\n', '\r\n', ':', '\r\n\r\n', '\0', '9', '-'][at() % 8] ?? ''),
        bytes.subarray(at()),
      ]),
    () => bytes.subarray(0, at()),
  ];
  const changed = kinds[Math.floor(next() * kinds.length)]?.() ?? bytes;
  return next() < 0.3 && changed.length > 1 ? mutated(Buffer.from(changed), next) : changed;
}

test('after ten thousand frames with faults, each connection still answers, waits for what was announced, or has failed with a sentence', async () => {
  const next = random(7);
  const tail = Buffer.from(Array.from({ length: 40 }, (_, id) => ping(100 + id)).join(''));
  let failed = 0;
  for (let round = 0; round < 10_000; round += 1) {
    const bytes = mutated(Buffer.from(ping(1)), next);
    const { messages, failure } = await pass([bytes, tail]);
    if (failure !== undefined) failed += 1;
    const isAlive = messages.some((message) => 'id' in message && message.id === 139);
    assert.ok(failure || isAlive || announced(bytes) > tail.length, `deaf after ${JSON.stringify(bytes.toString('latin1'))}`);
    if (failure !== undefined) assert.notEqual(failure, '');
  }
  assert.ok(failed > 1_000, 'the faults were faults');
});

/** The longest body that a header in these bytes may stand for. */
function announced(bytes: Buffer): number {
  return Math.max(0, ...[...bytes.toString('latin1').matchAll(/\d+/g)].map(([digits]) => Number(digits)));
}
