import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Windows } from '../../../server/notices/windows.ts';
import type { NoticeId } from '../../../server/protocol/ids.ts';

const [first, second] = [{ name: 'first' }, { name: 'second' }];
// Any text will do to tell notices apart.
const notice = 'n' as NoticeId;

test('of two windows the one that is looked at shows a notice, once', () => {
  const windows = opened();
  windows.setFocus(first, true);
  windows.setFocus(second, false);
  assert.equal(windows.claim(second, { notice, count: 1 }), false);
  assert.equal(windows.claim(first, { notice, count: 1 }), true);
  assert.equal(windows.claim(first, { notice, count: 1 }), false);
});

test('when nobody looks, the window that was looked at last shows it', () => {
  const windows = opened();
  windows.setFocus(first, true);
  windows.setFocus(first, false);
  assert.equal(windows.isAnyFocused, false);
  assert.equal(windows.claim(second, { notice, count: 1 }), false);
  assert.equal(windows.claim(first, { notice, count: 1 }), true);
});

test('a window that is gone leaves it to the others', () => {
  const windows = opened();
  windows.setFocus(first, true);
  windows.gone(first);
  assert.equal(windows.claim(second, { notice, count: 1 }), true);
});

test('a notice that happens again is shown again', () => {
  const windows = opened();
  windows.setFocus(first, true);
  assert.deepEqual(
    [1, 2, 2].map((count) => windows.claim(first, { notice, count })),
    [true, true, false],
  );
});

test('a window says whether somebody looks at it, and of a command that is taken for granted', () => {
  const windows = opened();
  assert.deepEqual([windows.isLookedAt(first), windows.isLookedAt({})], [false, true]);
});

function opened(): Windows {
  const windows = new Windows();
  for (const window of [first, second]) windows.setFocus(window, false);
  return windows;
}
