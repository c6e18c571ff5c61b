import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HeldChanges } from '../../../server/sidecar/held-changes.ts';

const change = (programPid: number | null) => ({ programPid, programVersion: null, detail: '' });

test('each change waits for the events before it, keeps its place, and is given once', () => {
  const changes = new HeldChanges();
  assert.equal(changes.barrierSeq, Number.POSITIVE_INFINITY);
  changes.hold(change(null), 5);
  changes.hold(change(42), 7);
  assert.equal(changes.barrierSeq, 5);
  assert.deepEqual(changes.takeDue(4), []);
  assert.deepEqual(changes.takeDue(5), [change(null)]);
  assert.equal(changes.barrierSeq, 7);
  assert.deepEqual(changes.takeDue(9), [change(42)]);
  assert.deepEqual(changes.takeDue(9), []);
});
