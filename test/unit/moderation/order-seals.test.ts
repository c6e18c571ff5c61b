import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import { OrderSeals } from '../../../server/moderation/order-seals.ts';
import type { AgentId, MessageId } from '../../../server/protocol/ids.ts';
import { sampleLetter } from '../../support/sample-letter.ts';

const fields = ['message', 'person', 'builder', null, 'Publish it.', 17] as const;

let dir: string;
let keyPath: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'agor-seals-'));
  keyPath = join(dir, 'orders.key');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test('the key is made once, for its owner alone, and stays the same', () => {
  const signature = OrderSeals.open(keyPath).sign(fields);
  const { mode, size } = statSync(keyPath);
  assert.equal(size, 32);
  if (process.platform !== 'win32') assert.equal(mode & 0o777, 0o600);
  assert.ok(OrderSeals.open(keyPath).isSigned(fields, signature));
});

test('a signature fits exactly what was signed, and only under the same key', () => {
  const seals = OrderSeals.open(keyPath);
  const signature = seals.sign(fields);
  assert.ok(seals.isSigned(fields, signature));
  const altered = [
    ['message', 'person', 'builder', null, 'Publish it!', 17],
    ['message', 'person', 'builder', 'null', 'Publish it.', 17],
    fields.slice(1),
  ];
  for (const other of altered) assert.ok(!seals.isSigned(other, signature));
  for (const forged of ['', '0'.repeat(64), signature.slice(1), signature.toUpperCase()]) assert.ok(!seals.isSigned(fields, forged));
  assert.ok(!OrderSeals.open(join(dir, 'other.key')).isSigned(fields, signature));
});

test('where a field ends is part of what is signed', () => {
  const seals = OrderSeals.open(keyPath);
  assert.notEqual(seals.sign(['ab', 'c']), seals.sign(['a', 'bc']));
});

test('each agent has a seal of its own, which is no part of a signature or of another seal', () => {
  const seals = OrderSeals.open(keyPath);
  const agents = Array.from({ length: 50 }, () => newId<AgentId>());
  const made = agents.map((agent) => seals.sealFor(agent));
  assert.equal(new Set(made).size, agents.length);
  for (const seal of made) assert.match(seal, /^[A-HJ-NP-Z2-9]{12}$/);
  assert.deepEqual(
    agents.map((agent) => OrderSeals.open(keyPath).sealFor(agent)),
    made,
  );
});

test('a key that others could read, or that is damaged, is refused with the remedy', () => {
  writeFileSync(keyPath, 'short', { mode: 0o600 });
  assert.throws(() => OrderSeals.open(keyPath), { code: 'storage', message: /holds 5 bytes instead of 32\. Remove it/ });
  assert.equal(readFileSync(keyPath, 'utf8'), 'short');
  if (process.platform === 'win32') return;
  writeFileSync(keyPath, Buffer.alloc(32));
  chmodSync(keyPath, 0o644);
  assert.throws(() => OrderSeals.open(keyPath), { code: 'storage', message: /no file that only you can read/ });
});

test('an envelope holds the mark of its message and reader, and no other', () => {
  const seals = OrderSeals.open(keyPath);
  const [id, reader, other] = [newId<MessageId>(), newId<AgentId>(), newId<AgentId>()];
  const envelope = seals.envelope({ ...sampleLetter, id, seal: seals.sealFor(reader) });
  assert.ok(envelope.includes(seals.markOf(id, reader)));
  for (const mark of [seals.markOf(id, other), seals.markOf(newId<MessageId>(), reader)]) assert.ok(!envelope.includes(mark));
});
