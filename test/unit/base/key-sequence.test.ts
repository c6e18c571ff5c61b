import assert from 'node:assert/strict';
import { test } from 'node:test';
import { validate, version } from 'uuid';
import { KeySequence } from '../../../server/base/key-sequence.ts';

test('every key is a UUIDv7 with its time, and none comes twice in a sequence or in two', () => {
  const [first, second] = [new KeySequence(), new KeySequence()];
  const keys = Array.from({ length: 50_000 }, (_, n) =>
    [first, second].map((sequence) => sequence.next(1_700_000_000_000 + (n >> 14))),
  ).flat();
  assert.equal(new Set(keys).size, keys.length);
  for (const key of [...keys.slice(0, 10), ...keys.slice(-10)]) {
    assert.ok(validate(key) && version(key) === 7, key);
    assert.ok(Number.parseInt(key.replace('-', '').slice(0, 12), 16) >= 1_700_000_000_000, key);
  }
});

test('keys of one sequence sort by when they were made, also within a millisecond', () => {
  const sequence = new KeySequence();
  const keys = Array.from({ length: 40_000 }, (_, n) => sequence.next(1_700_000_000_000 + Math.floor(n / 20_000)));
  assert.deepEqual(keys.toSorted(), keys);
});
