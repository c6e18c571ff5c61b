import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HeldAnswers } from '../../../server/handover/held-answers.ts';

function world() {
  let written = 0;
  const held = new HeldAnswers(() => written);
  const told: string[] = [];
  const call = (name: string, work: () => void) =>
    void held
      .after(async () => work())
      .then(
        () => told.push(name),
        () => told.push(`${name} refused`),
      );
  const write = () => {
    written += 1;
  };
  return { held, told, call, write };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('what wrote nothing, or was refused, is answered at once', async () => {
  const { held, told, call } = world();
  held.hold();
  call('read', () => {});
  call('write', () => {
    throw new Error('full');
  });
  await settled();
  assert.deepEqual(told, ['read', 'write refused']);
});

test('what wrote something is answered once it may be', async () => {
  const { held, told, call, write } = world();
  held.hold();
  call('write', write);
  await settled();
  assert.deepEqual(told, []);
  held.release();
  await settled();
  assert.deepEqual(told, ['write']);
  call('later', write);
  await settled();
  assert.deepEqual(told, ['write', 'later']);
});
