import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countHidden, visibleParts, withoutTerminalCodes } from '../../../../webviews/shared/visible-text.ts';

/** The text as a person reads it. */
function read(text: string): string {
  return visibleParts(text)
    .map((part) => (part.kind === 'plain' ? part.text : `<${part.codePoint}>`))
    .join('');
}

test('ordinary text, in any script, stays as it is', () => {
  for (const text of ['npm test\n\t-- --run', 'größe 日本語 ñ 👍', '']) assert.equal(read(text), text);
});

test('characters that hide or turn text around are shown by their code', () => {
  const cases: [text: string, shown: string][] = [
    ['rm -rf ./dist\u202e txt', 'rm -rf ./dist<U+202E> txt'],
    ['a\u2066b\u2069', 'a<U+2066>b<U+2069>'],
    ['a\u200bb\ufeff', 'a<U+200B>b<U+FEFF>'],
    ['a\u00a0b\u3000c', 'a<U+00A0>b<U+3000>c'],
    ['a\u2028b', 'a<U+2028>b'],
    ['a\rb\u0007', 'a<U+000D>b<U+0007>'],
    ['a\u{e0041}b', 'a<U+E0041>b'],
    ['a\u3164b\u2800c', 'a<U+3164>b<U+2800>c'],
    ['a\ud800b', 'a<U+D800>b'],
  ];
  for (const [text, shown] of cases) assert.equal(read(text), shown);
});

test('the parts together are the whole text, and the hidden ones are counted', () => {
  const text = '\u202ea\u200b\u200bb';
  const parts = visibleParts(text);
  assert.equal(parts.map((part) => part.text).join(''), text);
  assert.equal(countHidden(parts), 3);
});

test('the codes of a terminal are taken out and its line ends are made plain', () => {
  assert.equal(withoutTerminalCodes('\u001b[1;31merror\u001b[0m a\r\nb'), 'error a\nb');
  assert.equal(withoutTerminalCodes('\u001b]8;;https://x.test\u0007link\u001b]8;;\u0007'), 'link');
  assert.equal(withoutTerminalCodes('\u001b]0;title\u001b\\x\u001bMy'), 'xy');
});
