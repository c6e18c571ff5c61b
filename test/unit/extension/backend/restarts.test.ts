import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Restarts } from '../../../../extension/backend/restarts.ts';

test('a person ends the wait for a person and starts the count anew', async () => {
  const restarts = new Restarts();
  for (const at of [0, 1, 2]) assert.equal(restarts.next(at).kind, 'restart');
  assert.equal(restarts.next(3).kind, 'giveUp');
  const waiting = restarts.waitForPerson();
  restarts.forgive();
  await waiting;
  assert.deepEqual(restarts.next(4), { kind: 'restart', delayMs: 1_000 });
});

test('a person cuts a delay short', async () => {
  const restarts = new Restarts();
  const waiting = restarts.wait(60_000);
  restarts.forgive();
  await waiting;
});
