import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DesktopProgram, desktopPrograms, plainWords } from '../../../server/notices/desktop-programs.ts';

const hostile = [
  '--hint=string:x:y',
  '-e do shell script "rm -rf ~"',
  '<b onclick="x">&amp;</b>',
  '\\074img src=x\\076',
  "'; touch /tmp/x; '",
  '"); $(touch /tmp/x) `touch /tmp/x`',
  "']]>',{'urgency': <byte 2>},'",
  '\\',
];

test('each system has its programs, and one that nobody knows has none', () => {
  const files = (platform: NodeJS.Platform) => desktopPrograms(platform, { SystemRoot: '/windows' }).map(({ file }) => file);
  assert.deepEqual(files('linux'), ['notify-send', 'gdbus']);
  assert.deepEqual(files('darwin'), ['/usr/bin/osascript']);
  assert.deepEqual(files('win32'), ['/windows/System32/WindowsPowerShell/v1.0/powershell.exe']);
  assert.deepEqual(files('sunos'), []);
});

for (const text of hostile) {
  test(`notify-send cannot take ${text} for an option, for markup, or for an escape of it`, () => {
    const args = argsOf('linux', 'notify-send', text);
    const at = args.indexOf('--');
    assert.deepEqual([args.length - at, args[at + 1]], [3, text]);
    assert.doesNotMatch(unescaped(args[at + 2] ?? ''), /[<>]/);
  });

  test(`gdbus gets ${text} as one string that ends at its end`, () => {
    const args = argsOf('linux', 'gdbus', text);
    const [title, body] = args.slice(-5);
    assert.equal(readVariantText(title ?? ''), text);
    assert.doesNotMatch(readVariantText(body ?? ''), /[<>]/);
  });

  test(`osascript gets ${text} as an argument of a script that is always the same`, () => {
    const args = argsOf('darwin', '/usr/bin/osascript', text);
    assert.deepEqual(args.slice(-3), ['agor', text, text]);
    assert.deepEqual(args.slice(0, -2), argsOf('darwin', '/usr/bin/osascript', 'other').slice(0, -2));
  });

  test(`PowerShell gets ${text} in the environment of a script that is always the same`, () => {
    const [program] = desktopPrograms('win32', {});
    assert.deepEqual(program?.environment({ title: text, text }), { AGOR_NOTICE_TITLE: text, AGOR_NOTICE_TEXT: text });
    assert.deepEqual(program?.args({ title: text, text }), program?.args({ title: '', text: '' }));
  });
}

test('the script of PowerShell makes texts of what it is given, and no markup', () => {
  const [program] = desktopPrograms('win32', {});
  const script = Buffer.from(program?.args({ title: '', text: '' }).at(-1) ?? '', 'base64').toString('utf16le');
  assert.match(script, /CreateTextNode\(\$env:AGOR_NOTICE_TITLE\)/);
  assert.doesNotMatch(script, /LoadXml|Invoke-Expression/i);
});

test('controls, and what turns text round, are taken out; a title is never empty and nothing is endless', () => {
  const { title, text } = plainWords({ title: 'a\u0000b\u001b[31m\nc\u202e', text: 'one\ntwo\u2028three\u0007' });
  assert.deepEqual([title, text], ['a b [31m c', 'one\ntwo three']);
  assert.equal(plainWords({ title: '\u200b\ud800', text: '' }).title, 'Agor');
  const long = plainWords({ title: '😀'.repeat(1_000), text: '😀'.repeat(1_000) });
  assert.deepEqual([[...long.title].length, [...long.text].length, long.text.isWellFormed()], [120, 400, true]);
});

function argsOf(platform: NodeJS.Platform, file: string, text: string): string[] {
  const isWanted = (program: DesktopProgram) => program.file === file;
  return desktopPrograms(platform, {}).find(isWanted)?.args({ title: text, text }) ?? [];
}

/** As notify-send reads escapes in its body. */
function unescaped(text: string): string {
  return text.replace(/\\(?:([0-7]{1,3})|(.))/gs, (_, octal, char) => (octal ? String.fromCharCode(Number.parseInt(octal, 8)) : char));
}

/** As GVariant reads a string in single quotes; the quote that ends it is the last character. */
function readVariantText(text: string): string {
  const inner = /^'((?:[^'\\]|\\.)*)'$/s.exec(text)?.[1];
  assert.ok(inner !== undefined, text);
  return inner.replace(/\\(.)/gs, (_, char) => (char === 'n' ? '\n' : char));
}
