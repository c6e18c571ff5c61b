import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { lastLines } from '../../../server/base/last-lines.ts';

const folder = mkdtempSync(join(tmpdir(), 'agor-lines-'));
const path = join(folder, 'log');
after(() => rmSync(folder, { recursive: true, force: true }));

for (const [name, text, count, expected] of [
  ['fewer than there are', 'a\nb\nc\n', 2, ['b', 'c']],
  ['more than there are', 'a\nb', 10, ['a', 'b']],
  ['of an empty file', '', 10, []],
  ['of one with only line ends', '\n\n', 10, []],
] as const) {
  test(`the last lines: ${name}`, () => {
    writeFileSync(path, text);
    assert.deepEqual(lastLines(path, count), expected);
  });
}

test('a file that is not there has none', () => assert.deepEqual(lastLines(join(folder, 'nowhere'), 5), []));

test('of a large file only the end is read, in whole lines', () => {
  writeFileSync(path, `${'x'.repeat(2_000_000)}\n${'é'.repeat(600_000)}\nend\n`);
  assert.deepEqual(lastLines(path, 3), ['end']);
});
