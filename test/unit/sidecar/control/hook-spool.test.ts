import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { spoolDir, takeSpooled } from '../../../../server/sidecar/control/hook-spool.ts';

let root: string;
let dir: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'agor-spool-'));
  dir = spoolDir(join(root, 'agent'));
  mkdirSync(dir, { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('reports are taken in the order of their names, once', () => {
  writeFileSync(join(dir, '2.json'), JSON.stringify({ hook: 'stop', error: 'b' }));
  writeFileSync(join(dir, '1.json'), JSON.stringify({ hook: 'start', error: 'a' }));
  assert.deepEqual(takeSpooled(dir), [
    { hook: 'start', error: 'a' },
    { hook: 'stop', error: 'b' },
  ]);
  assert.deepEqual(takeSpooled(dir), []);
  assert.deepEqual(readdirSync(dir), []);
});

test('without the folder there are none', () => assert.deepEqual(takeSpooled(join(root, 'nowhere')), []));

test('a pipe, a link, half a file and a list are no reports; nothing waits for them, and what a link points at stays', () => {
  const precious = join(root, 'precious.json');
  writeFileSync(precious, '{"hook":"x"}');
  execFileSync('mkfifo', [join(dir, 'pipe')]);
  symlinkSync(precious, join(dir, 'link'));
  writeFileSync(join(dir, 'half'), '{"hook":');
  writeFileSync(join(dir, 'list'), '[]');
  mkdirSync(join(dir, 'folder'));
  writeFileSync(join(dir, 'folder', 'kept'), '');
  assert.deepEqual(takeSpooled(dir), []);
  assert.ok(existsSync(precious));
  assert.deepEqual(readdirSync(dir), ['folder']);
});

test('a folder that is a link to another is not looked into', () => {
  const target = join(root, 'documents');
  mkdirSync(target);
  writeFileSync(join(target, 'letter.json'), '{}');
  rmSync(dir, { recursive: true });
  symlinkSync(target, dir);
  assert.deepEqual(takeSpooled(dir), []);
  assert.deepEqual(readdirSync(target), ['letter.json']);
});
