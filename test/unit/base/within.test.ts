import assert from 'node:assert/strict';
import { test } from 'node:test';
import { within } from '../../../server/base/within.ts';

test('what is fulfilled in time is, what is not is given up, and a refusal is passed on', async () => {
  assert.equal(await within(Promise.resolve('a value'), 10_000), true);
  assert.equal(await within(new Promise(() => {}), 1), false);
  await assert.rejects(within(Promise.reject(new Error('no')), 10_000), /no/);
});

test('a refusal that comes after the time is nobody’s problem', async () => {
  const { promise, reject } = Promise.withResolvers<void>();
  assert.equal(await within(promise, 1), false);
  reject(new Error('late'));
});
