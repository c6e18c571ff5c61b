import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isClipped } from '../../../../webviews/shared/clipped.ts';

const cut = 'some text\n… 1200 more characters were left out.';

test('content that was cut is recognized, whichever of its texts it was', () => {
  assert.equal(isClipped({ type: 'text', text: cut }), true);
  assert.equal(isClipped({ type: 'diff', path: 'a', oldText: null, newText: cut }), true);
  assert.equal(isClipped({ type: 'diff', path: 'a', oldText: cut, newText: '' }), true);
});

test('whole content is not', () => {
  assert.equal(isClipped({ type: 'text', text: 'some text' }), false);
  assert.equal(isClipped({ type: 'diff', path: 'a', oldText: null, newText: `${cut}\nand on` }), false);
});
