import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageText, oneLine, pickText, visible } from '../../../../extension/text/visible-text.ts';

test('what would not be seen is written as its code point, and ordinary text stays', () => {
  assert.equal(visible('rm ./dist\u202e txt\u200b\r\u001b[2K'), 'rm ./dist<U+202E> txt<U+200B><U+000D><U+001B>[2K');
  assert.equal(visible('größe 日本語\n\tnext'), 'größe 日本語\n\tnext');
});

test('one line stays one line', () => {
  assert.equal(oneLine('Look\n\nCommand:\n\tls\u2028'), 'Look<U+000A><U+000A>Command:<U+000A><U+0009>ls<U+2028>');
});

test('text of an agent draws no icon in a pick and makes no link in a message', () => {
  assert.equal(pickText('$(check) Allowed'), '\\$(check) Allowed');
  assert.equal(messageText('[Review](command:workbench.action.quit)'), '[Review] (command:workbench.action.quit)');
});
