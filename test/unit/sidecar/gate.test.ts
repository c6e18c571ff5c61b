import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Gate, shouldBeOpen } from '../../../server/sidecar/gate.ts';

for (const [name, isOpen, pressure, expected] of [
  ['little waits', true, { bytes: 10, isStalled: false }, true],
  ['the bound is reached', true, { bytes: 100, isStalled: false }, false],
  ['it is closed and half the bound still waits', false, { bytes: 60, isStalled: false }, false],
  ['it is closed and less than half the bound waits', false, { bytes: 40, isStalled: false }, true],
  ['the disk takes nothing', true, { bytes: 0, isStalled: true }, false],
] as const) {
  test(`when ${name}, the program ${expected ? 'goes on' : 'is held back'}`, () =>
    assert.equal(shouldBeOpen(isOpen, pressure, 100), expected));
}

test('whoever reads the program is told of each change once, and at the end it stays open', () => {
  const gate = new Gate({ boundBytes: 100 });
  const seen: boolean[] = [];
  gate.onChange(() => seen.push(gate.isOpen));
  gate.follow({ bytes: 200, isStalled: false });
  gate.follow({ bytes: 300, isStalled: false });
  gate.openForGood();
  gate.follow({ bytes: 300, isStalled: false });
  assert.deepEqual(seen, [false, true]);
});
