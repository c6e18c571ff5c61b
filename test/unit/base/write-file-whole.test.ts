import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { writeFileWhole } from '../../../server/base/write-file-whole.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'agor-whole-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a file is replaced, readable by its owner only unless told, and nothing is left beside it', () => {
  const path = join(folder, 'a');
  writeFileWhole(path, 'one');
  writeFileWhole(path, 'two');
  assert.equal(readFileSync(path, 'utf8'), 'two');
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(folder), ['a']);
});

test('a link planted at the name, or at a foreseeable one beside it, is not followed', () => {
  const victim = join(folder, 'victim');
  writeFileSync(victim, 'kept');
  const path = join(folder, 'a');
  symlinkSync(victim, path);
  symlinkSync(victim, `${path}.${process.pid}.tmp`);
  writeFileWhole(path, 'mine');
  assert.equal(readFileSync(victim, 'utf8'), 'kept');
  assert.equal(readFileSync(path, 'utf8'), 'mine');
});

test('what cannot be put in place leaves nothing behind', () => {
  const path = join(folder, 'a');
  mkdirSync(join(path, 'full'), { recursive: true });
  assert.throws(() => writeFileWhole(path, 'x'));
  assert.deepEqual(readdirSync(folder), ['a']);
});
