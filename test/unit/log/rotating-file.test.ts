import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { RotatingFile, type RotationLimits } from '../../../server/log/rotating-file.ts';

const limits: RotationLimits = { maxBytes: 10, maxAgeMs: 1_000, keptFiles: 2, keptMs: 60_000 };

let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'agor-rotating-'));
  path = join(dir, 'sidecar.log');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function files(): Record<string, string> {
  return Object.fromEntries(
    readdirSync(dir)
      .sort()
      .map((name) => [name, readFileSync(join(dir, name), 'utf8')]),
  );
}

test('a file that is full is put away under the next number, and only so many are kept', () => {
  const file = new RotatingFile(path, limits);
  for (const line of ['one\n', 'two\n', 'three\n', 'four\n', 'five\n', 'sixsix\n', 'seven\n']) assert.equal(file.write(line), true);
  file.close();
  assert.deepEqual(files(), { 'sidecar.3.log': 'four\nfive\n', 'sidecar.4.log': 'sixsix\n', 'sidecar.log': 'seven\n' });
});

test('a line that alone is over the bound is written all the same', () => {
  const file = new RotatingFile(path, limits);
  assert.equal(file.write(`${'x'.repeat(50)}\n`), true);
  assert.equal(file.write('y\n'), true);
  file.close();
  assert.deepEqual(Object.keys(files()), ['sidecar.1.log', 'sidecar.log']);
});

test('a file that is old is put away when the next line comes, and numbers go on where they were', () => {
  appendFileSync(join(dir, 'sidecar.7.log'), 'earlier\n');
  let now = Date.now();
  const file = new RotatingFile(path, limits, () => now);
  file.write('a\n');
  now += 2_000;
  file.write('b\n');
  file.close();
  assert.deepEqual(files(), { 'sidecar.7.log': 'earlier\n', 'sidecar.8.log': 'a\n', 'sidecar.log': 'b\n' });
});

test('what is too old goes, except the newest, whose number must not come again', () => {
  for (const number of [1, 2, 3]) {
    appendFileSync(join(dir, `sidecar.${number}.log`), 'old\n');
    utimesSync(join(dir, `sidecar.${number}.log`), 1, 1);
  }
  appendFileSync(path, 'old as well\n');
  utimesSync(path, 1, 1);
  const file = new RotatingFile(path, limits);
  file.write('new\n');
  file.close();
  assert.deepEqual(Object.keys(files()), ['sidecar.4.log', 'sidecar.log']);
});

test('other files of the folder are left alone', () => {
  for (const name of ['sidecar.x.log', 'sidecar.1.log.bak', 'other.1.log', 'sidecar.1.txt']) appendFileSync(join(dir, name), 'mine\n');
  const file = new RotatingFile(path, { ...limits, keptFiles: 1 });
  for (let index = 0; index < 5; index += 1) file.write('0123456789\n');
  file.close();
  assert.deepEqual(Object.keys(files()), [
    'other.1.log',
    'sidecar.1.log.bak',
    'sidecar.1.txt',
    'sidecar.4.log',
    'sidecar.log',
    'sidecar.x.log',
  ]);
});

test('what an earlier process left in the middle of a line does not swallow the next one', () => {
  appendFileSync(path, '{"half"');
  const file = new RotatingFile(path, { ...limits, maxBytes: 1_000 });
  file.write('whole\n');
  file.write('again\n');
  file.close();
  assert.equal(readFileSync(path, 'utf8'), '{"half"\nwhole\nagain\n');
});

test('without its folder it says so and throws nothing, and goes on when the folder is there', () => {
  const nowhere = join(dir, 'later', 'sidecar.log');
  const file = new RotatingFile(nowhere, limits);
  assert.equal(file.write('lost\n'), false);
  mkdirSync(join(dir, 'later'));
  assert.equal(file.write('kept\n'), true);
  file.close();
  assert.equal(readFileSync(nowhere, 'utf8'), 'kept\n');
});

test('a disk that takes nothing costs the line and nothing else', () => {
  // Where the system has no such device, a folder refuses as well.
  const file = new RotatingFile(existsSync('/dev/full') ? '/dev/full' : dir, limits);
  assert.equal(file.write('lost\n'), false);
  assert.equal(file.write('lost as well\n'), false);
  file.close();
});

test('the file is for its owner alone', () => {
  const umask = process.umask(0);
  try {
    const file = new RotatingFile(path, limits);
    file.write('a\n');
    file.close();
  } finally {
    process.umask(umask);
  }
  assert.equal(statSync(path).mode & 0o777, 0o600);
});
