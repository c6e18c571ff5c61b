import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { isKeptToOwner, makeOwnFolder } from '../../../server/base/own-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'agor-own-'));
after(() => rmSync(root, { recursive: true, force: true }));

test('a folder is made for its owner alone, and one that is there is used', () => {
  const folder = join(root, 'new', 'deeper');
  makeOwnFolder(folder);
  makeOwnFolder(folder);
  assert.equal(statSync(folder).mode & 0o777, 0o700);
});

test('a link, a file, and a folder that others may write in are refused', () => {
  const target = join(root, 'target');
  mkdirSync(target);
  symlinkSync(target, join(root, 'link'));
  mkdirSync(join(root, 'open'));
  chmodSync(join(root, 'open'), 0o777);
  for (const name of ['link', 'open']) assert.throws(() => makeOwnFolder(join(root, name)), { code: 'storage' });
  writeFileSync(join(root, 'file'), '');
  assert.throws(() => makeOwnFolder(join(root, 'file')));
});

test('a folder is kept to its owner by user and mode, where the system has both', () => {
  assert.equal(isKeptToOwner({ uid: 7, mode: 0o40700 }, 7), true);
  assert.equal(isKeptToOwner({ uid: 8, mode: 0o40700 }, 7), false);
  assert.equal(isKeptToOwner({ uid: 7, mode: 0o40770 }, 7), false);
  assert.equal(isKeptToOwner({ uid: 0, mode: 0o40666 }, undefined), true);
});
