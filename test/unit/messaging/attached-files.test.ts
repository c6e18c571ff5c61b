import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attachedFiles, plainName, textOf } from '../../../server/messaging/attached-files.ts';
import { limits } from '../../../server/protocol/errors.ts';

const base64 = Buffer.from('hello').toString('base64');

for (const [given, name] of [
  ['notes.txt', 'notes.txt'],
  ['/etc/passwd', 'passwd'],
  ['../../.ssh/id_rsa', 'id_rsa'],
  ['C:\\windows\\win.ini', 'win.ini'],
  ['.bashrc', 'bashrc'],
  ['...', 'attachment'],
  ['..', 'attachment'],
  ['/', 'attachment'],
  ['a\0b\u001b[2J.txt', 'ab[2J.txt'],
  ['cod\u202etxt.exe', 'codtxt.exe'],
  ['  a .txt ', 'a .txt'],
  ['a:b|c?.txt', 'abc.txt'],
] as const) {
  test(`the name ${JSON.stringify(given)} becomes ${name}`, () => assert.equal(plainName(given), name));
}

test('a long name keeps its ending', () => {
  const name = plainName(`${'é'.repeat(200)}.json`);
  assert.ok(Buffer.byteLength(name) <= 120);
  assert.match(name, /^é+\.json$/);
});

test('two files of one name lie beside each other', () => {
  const files = attachedFiles(['a.txt', 'A.txt', 'x/a.txt'].map((name) => ({ name, base64 })));
  assert.deepEqual(
    files.map(({ name }) => name),
    ['a.txt', 'A-2.txt', 'a-3.txt'],
  );
});

test('a file has its size and hash, and its text where it is text', () => {
  const [file] = attachedFiles([{ name: 'a.txt', base64 }]);
  assert.ok(file);
  assert.deepEqual([file.bytes, textOf(file)], [5, 'hello']);
  assert.equal(file.sha256, '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824');
  assert.equal(textOf({ ...file, base64: Buffer.from([0xff, 0xfe, 0x80]).toString('base64') }), undefined);
});

for (const given of ['*', 'aGVsbG8', 'aGVs bG8=', 'aGVsbG8=\n', 'aGVsbG9=', 'data:text/plain;base64,aGVsbG8=']) {
  test(`${JSON.stringify(given)} is no base64`, () => {
    assert.throws(() => attachedFiles([{ name: 'a.txt', base64: given }]), { code: 'badRequest', message: /"a\.txt" is no base64/ });
  });
}

test('a file of the largest size is taken, and one byte more is refused with the limit', () => {
  const bytes = (count: number) => [{ name: 'a.bin', base64: Buffer.alloc(count).toString('base64') }];
  assert.equal(attachedFiles(bytes(limits.attachmentBytes))[0]?.bytes, limits.attachmentBytes);
  for (const count of [limits.attachmentBytes + 1, limits.attachmentBytes * 3])
    assert.throws(() => attachedFiles(bytes(count)), { code: 'tooLarge', message: /524288 bytes are possible/ });
});
