import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { wholeBytes, wholeLines } from '../../../server/base/whole-lines.ts';

const folder = mkdtempSync(join(tmpdir(), 'agor-lines-'));
const path = join(folder, 'log');
after(() => rmSync(folder, { recursive: true, force: true }));

test('a line that has not ended is left for later, with the place where it begins', () => {
  writeFileSync(path, 'é\nb\nhalf');
  assert.deepEqual(
    [...wholeLines(path)],
    [
      { text: 'é', endBytes: 3 },
      { text: 'b', endBytes: 5 },
    ],
  );
  assert.equal(wholeBytes(path), 5);
  assert.deepEqual([...wholeLines(path, 5)], []);
  writeFileSync(path, 'é\nb\nhalf and half\n');
  assert.deepEqual([...wholeLines(path, 5)], [{ text: 'half and half', endBytes: 19 }]);
});

test('lines that are longer than what is read at once come whole', () => {
  const lines = ['x'.repeat(200_000), 'é'.repeat(50_000), ''];
  writeFileSync(path, `${lines.join('\n')}\n${'y'.repeat(100_000)}`);
  assert.deepEqual(
    [...wholeLines(path)].map(({ text }) => text),
    lines,
  );
  assert.equal(wholeBytes(path), 300_003);
});

test('a file that is not there has no lines, and one without a line end none that ended', () => {
  assert.deepEqual([...wholeLines(join(folder, 'nowhere'))], []);
  assert.equal(wholeBytes(join(folder, 'nowhere')), 0);
  writeFileSync(path, 'x');
  assert.equal(wholeBytes(path), 0);
});
