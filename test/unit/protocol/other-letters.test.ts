import assert from 'node:assert/strict';
import { test } from 'node:test';
import { otherLetters } from '../../../server/protocol/other-letters.ts';

test('letters that are not plain Latin are named once each, and what is not seen is left to where it stands', () => {
  assert.deepEqual(otherLetters('nрm tеst р', null, 'é\u200b\u3164'), ['р U+0440', 'е U+0435', 'é U+00E9']);
  assert.deepEqual(otherLetters('npm test --flag=~/x'), []);
  assert.equal(otherLetters(String.fromCodePoint(...Array.from({ length: 30 }, (_, index) => 0x4e00 + index))).at(-1), 'and 10 more');
});
