import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SessionWatches } from '../../../../extension/panels/session-watches.ts';

test('a watch ends with the last panel that has it', () => {
  const watches = new SessionWatches<string>();
  watches.add('s', 'left');
  watches.add('s', 'right');
  watches.add('s', 'right');
  assert.deepEqual(watches.watchersOf('s'), ['left', 'right']);
  assert.equal(watches.remove('s', 'left'), false);
  assert.equal(watches.remove('s', 'left'), false);
  assert.equal(watches.remove('s', 'right'), true);
  assert.equal(watches.remove('s', 'right'), false);
});

test('a panel that closes lets go of all it watched, and names what nobody watches now', () => {
  const watches = new SessionWatches<string>();
  watches.add('shared', 'left');
  watches.add('shared', 'right');
  watches.add('own', 'left');
  assert.deepEqual(watches.removeWatcher('left'), ['own']);
  assert.deepEqual(watches.watchersOf('shared'), ['right']);
});

test('a new connection starts without watches', () => {
  const watches = new SessionWatches<string>();
  watches.add('s', 'left');
  watches.clear();
  assert.deepEqual(watches.watchersOf('s'), []);
});
