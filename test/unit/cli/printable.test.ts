import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exact, oneLine, printable, settledLength } from '../../../server/cli/printable.ts';

const esc = '\u001b';

describe('text from agents on a terminal', () => {
  const stripped: [name: string, text: string, expected: string][] = [
    ['colours go', `${esc}[31mred${esc}[0m`, 'red'],
    ['cursor movements go', `a${esc}[2J${esc}[1;1Hb`, 'ab'],
    ['window titles go', `${esc}]0;evil\u0007x`, 'x'],
    ['clipboard writes go', `${esc}]52;c;ZXZpbA==\u0007x`, 'x'],
    ['a lone escape goes', `a${esc}`, 'a'],
    ['one-byte control sequences lose their beginning', '\u009b31mx', 'x'],
    ['a carriage return does not overwrite the line', 'good\rbad', 'goodbad'],
    ['backspaces go', 'a\b\bb', 'ab'],
    ['tabs and line ends stay', 'a\tb\nc', 'a\tb\nc'],
    ['other scripts stay', 'שלום 你好 é 👩‍👩‍👧', 'שלום 你好 é 👩‍👩‍👧'],
  ];
  for (const [name, text, expected] of stripped) it(name, () => assert.equal(printable(text), expected));

  it('is cut to one line of a given length', () => {
    assert.equal(oneLine('a\n  b\r\nc'), 'a b c');
    assert.equal(oneLine('abcdef', 4), 'abc…');
    assert.equal(oneLine('👍👍👍👍', 3), '👍👍…');
  });
});

describe('text that a person decides on', () => {
  const shown: [name: string, text: string, expected: string][] = [
    ['right-to-left overrides show', 'rm \u202etxt.exe', 'rm \\u{202e}txt.exe'],
    ['zero-width spaces show', 'a\u200bb', 'a\\u{200b}b'],
    ['escape sequences show', `${esc}[8mhidden`, '\\u{1b}[8mhidden'],
    ['carriage returns show', 'echo ok\rrm -rf /', 'echo ok\\u{d}rm -rf /'],
    ['no-break spaces show', 'a\u00a0b', 'a\\u{a0}b'],
    ['hangul fillers show', 'a\u3164b', 'a\\u{3164}b'],
    ['tag characters show', `a${String.fromCodePoint(0xe0041)}b`, 'a\\u{e0041}b'],
    ['variation selectors show', 'a\ufe0fb', 'a\\u{fe0f}b'],
    ['lone surrogates show', 'a\ud800b', 'a\\u{d800}b'],
    ['what is visible stays', 'git commit -m "é 你好 👍"\n\tx', 'git commit -m "é 你好 👍"\n\tx'],
  ];
  for (const [name, text, expected] of shown) it(name, () => assert.equal(exact(text), expected));
});

describe('how much of a growing text may be shown', () => {
  const cases: [name: string, text: string, expected: number][] = [
    ['all of plain text', 'hello', 5],
    ['not the start of an escape sequence', `ab${esc}[3`, 2],
    ['a whole escape sequence', `ab${esc}[31m`, 7],
    ['not half a surrogate pair', 'ab\ud83d', 2],
    ['an escape that never becomes a sequence, in the end', `${esc}]${'x'.repeat(300)}`, 302],
  ];
  for (const [name, text, expected] of cases) it(name, () => assert.equal(settledLength(text), expected));
});
