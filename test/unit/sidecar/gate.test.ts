import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Gate, outboxBound, shouldBeOpen } from '../../../server/sidecar/gate.ts';

const calm = { pendingCount: 0, bytes: 0, isStalled: false };

for (const [name, isOpen, pressure, expected] of [
  ['little waits', true, { bytes: 10 }, true],
  ['the bound of bytes is reached', true, { bytes: 100 }, false],
  ['the bound of events is reached', true, { pendingCount: 10 }, false],
  ['it is closed and half the bytes still wait', false, { bytes: 60 }, false],
  ['it is closed and half the events still wait', false, { pendingCount: 5 }, false],
  ['it is closed and less than half of both waits', false, { bytes: 40, pendingCount: 4 }, true],
  ['the disk takes nothing', true, { isStalled: true }, false],
] as const) {
  test(`when ${name}, the program ${expected ? 'goes on' : 'is held back'}`, () =>
    assert.equal(shouldBeOpen(isOpen, { ...calm, ...pressure }, { events: 10, bytes: 100 }), expected));
}

test('whoever reads the program is told of each change once, and at the end it stays open', () => {
  const gate = new Gate({ events: 10, bytes: 100 });
  const seen: boolean[] = [];
  gate.onChange(() => seen.push(gate.isOpen));
  gate.follow({ ...calm, bytes: 200 });
  gate.follow({ ...calm, bytes: 300 });
  gate.openForGood();
  gate.follow({ ...calm, bytes: 300 });
  assert.deepEqual(seen, [false, true]);
});

test('an outbox of 5,000 events holds the program back', () => {
  const gate = new Gate();
  gate.follow({ ...calm, pendingCount: outboxBound.events - 1 });
  assert.equal(gate.isOpen, true);
  gate.follow({ ...calm, pendingCount: 5_000 });
  assert.equal(gate.isOpen, false);
});
