import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Disposables } from '../../../server/base/disposables.ts';

test('things are closed one after the other, the last one first', async () => {
  const order: string[] = [];
  const things = new Disposables();
  things.add(() => void order.push('first'));
  things.add(async () => {
    await new Promise((resolve) => setImmediate(resolve));
    order.push('second');
  });
  await things.close();
  await things.close();
  assert.deepEqual(order, ['second', 'first']);
});

test('one that fails does not keep the others open, and is told', async () => {
  const order: string[] = [];
  const things = new Disposables();
  things.add(() => void order.push('closed'));
  things.add(() => Promise.reject(new Error('the one')));
  things.add(() => {
    throw new Error('the last');
  });
  await assert.rejects(things.close(), /the last/);
  assert.deepEqual(order, ['closed']);
});

test('what comes after the end is closed at once', async () => {
  const things = new Disposables();
  await things.close();
  let isClosed = false;
  things.add(() => {
    isClosed = true;
  });
  assert.equal(isClosed, true);
});
