import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { ToastPlaces } from '../../../../extension/notices/toast-places.ts';

test('five messages have a place, and a sixth when one of them is gone', () => {
  const places = new ToastPlaces();
  const leaves = Array.from({ length: 5 }, () => places.take());
  assert.equal(places.take(), undefined);
  leaves[0]?.();
  leaves[0]?.();
  assert.ok(places.take());
  assert.equal(places.take(), undefined);
  places.dispose();
});

test('a message that VS Code has put aside without a word gives its place back', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const places = new ToastPlaces();
  for (let index = 0; index < 5; index++) places.take();
  mock.timers.tick(60_000);
  assert.ok(places.take());
  mock.timers.reset();
  places.dispose();
});
