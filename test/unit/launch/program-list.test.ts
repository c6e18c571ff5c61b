import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { foreignPrograms, programListName } from '../../../server/launch/program-list.ts';

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'agor-programs-'));
  for (const name of ['backend.js', 'sidecar.js']) writeFileSync(join(dir, name), name);
  const programs = Object.fromEntries(['backend.js', 'sidecar.js'].map((name) => [name, hash('sha256', name)]));
  writeFileSync(join(dir, programListName), JSON.stringify({ buildTime: 7, programs }));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

for (const [name, change, expected] of [
  ['that are of one build', () => {}, []],
  ['without a list', () => rmSync(join(dir, programListName)), []],
  ['of which one is stale', () => writeFileSync(join(dir, 'sidecar.js'), 'of yesterday'), ['sidecar.js is not of this build']],
  ['of which one is gone', () => rmSync(join(dir, 'sidecar.js')), ['sidecar.js is missing']],
  ['whose list was cut short', () => writeFileSync(join(dir, programListName), '{"buildTime'), ['programs.json cannot be read']],
] as const) {
  test(`of programs ${name}, ${expected.length === 0 ? 'nothing is wrong' : expected[0]}`, () => {
    change();
    assert.deepEqual(foreignPrograms(dir, 7), expected);
  });
}

test('a list of another build is told', () => {
  assert.deepEqual(foreignPrograms(dir, 8), ['programs.json is of another build']);
});
