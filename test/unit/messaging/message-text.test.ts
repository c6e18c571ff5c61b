import assert from 'node:assert/strict';
import { test } from 'node:test';
import { excerptOf, messageText } from '../../../server/messaging/message-text.ts';

const [esc, bell, c1, zeroWidth, rightToLeft] = ['\u001b', '\u0007', '\u009b', '\u200b', '\u202e'];

for (const [name, given, kept] of [
  ['a plain text', 'hello\n\tworld', 'hello\n\tworld'],
  ['line ends of two characters', 'a\r\nb', 'a\nb'],
  ['a lone carriage return, which hides what was before it', 'safe\rrm', 'safe␍rm'],
  ['escape sequences', `${esc}[2J${bell}`, '␛[2J␇'],
  ['the controls of the eighth bit', `a${c1}31m`, 'a\\x9b31m'],
  ['a deletion', 'a\u007f', 'a␡'],
  ['a nul', 'a\0b', 'a␀b'],
  ['half a character', 'a\ud83d', 'a\ufffd'],
  ['marks of direction and of no width, which the screening names', `a${rightToLeft}b${zeroWidth}c`, `a${rightToLeft}b${zeroWidth}c`],
] as const) {
  test(`${name} is kept as it is meant to be read`, () => assert.equal(messageText(given), kept));
}

for (const given of ['', '  ', '\n\t', '\0\u001b', zeroWidth, `${rightToLeft} ${zeroWidth}`, '\ud83d', '\u2800', '\u3164', '\u{e0041}']) {
  test(`${JSON.stringify(given)} says nothing, and is refused`, () => {
    assert.throws(() => messageText(given), { code: 'badRequest', message: 'The message is empty. Write at least a word.' });
  });
}

test('a text of 64 KiB is possible, and one byte more is not, by bytes and not by characters', () => {
  assert.equal(messageText('a'.repeat(65_536)).length, 65_536);
  const refused = { code: 'tooLarge', message: /has 65538 bytes; 65536 are possible\. Attach the rest as a file/ };
  assert.throws(() => messageText('é'.repeat(32_769)), refused);
  assert.throws(() => messageText('a'.repeat(1024 * 1024)), { code: 'tooLarge' });
});

test('a control that becomes its picture counts as that', () => {
  assert.throws(() => messageText(`a${'\0'.repeat(30_000)}`), { code: 'tooLarge' });
});

test('an excerpt is one short line', () => {
  assert.equal(excerptOf(' a\n\n b '), 'a b');
  assert.equal([...excerptOf('😀'.repeat(200))].length, 120);
});
