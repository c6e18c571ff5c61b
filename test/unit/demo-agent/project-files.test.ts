import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { listProject, pathInside, readText, writeIfUnchanged } from '../../../server/demo-agent/project-files.ts';

let base: string;
let root: string;
beforeEach(() => {
  base = mkdtempSync(path.join(os.tmpdir(), 'agor-demo-'));
  root = path.join(base, 'project');
  mkdirSync(path.join(root, 'sub'), { recursive: true });
  writeFileSync(path.join(base, 'secret.txt'), 'secret');
  writeFileSync(path.join(root, 'a.txt'), 'a');
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

describe('the demo agent reads', () => {
  it('the folder, folders first, and no more than two hundred names', () => {
    assert.deepEqual(listProject(root), {
      entries: [
        { name: 'sub', isFolder: true },
        { name: 'a.txt', isFolder: false },
      ],
      isCut: false,
    });
    for (let index = 0; index < 250; index++) writeFileSync(path.join(root, `${index}.txt`), '');
    const listing = listProject(root);
    assert.deepEqual([listing.entries.length, listing.isCut], [200, true]);
  });

  it('a plain text file, and of a large one the beginning', () => {
    assert.deepEqual(readText(root, 'a.txt'), { text: 'a', isCut: false });
    writeFileSync(path.join(root, 'large.txt'), 'x'.repeat(1_000_000));
    const large = readText(root, 'large.txt');
    assert.deepEqual([large?.text.length, large?.isCut], [65_536, true]);
  });

  it('nothing that is missing, a folder, a link, binary, a pipe, or outside', () => {
    symlinkSync(path.join(base, 'secret.txt'), path.join(root, 'link.txt'));
    symlinkSync(base, path.join(root, 'up'));
    writeFileSync(path.join(root, 'binary'), Buffer.from([1, 0, 2]));
    execFileSync('mkfifo', [path.join(root, 'pipe')]);
    for (const name of ['none', 'sub', 'link.txt', 'binary', 'pipe', '../secret.txt', 'up/secret.txt', '', '.', '/etc/hostname']) {
      assert.equal(readText(root, name), null, name);
    }
  });
});

describe('the demo agent writes', () => {
  const text = (name: string) => readFileSync(path.join(root, name), 'utf8');

  it('what was shown, and nothing when the file is another one by now', () => {
    assert.ok(writeIfUnchanged(root, 'a.txt', 'a', 'b'));
    assert.equal(text('a.txt'), 'b');
    assert.ok(!writeIfUnchanged(root, 'a.txt', 'a', 'c'));
    assert.ok(!writeIfUnchanged(root, 'a.txt', null, 'c'));
    assert.ok(!writeIfUnchanged(root, 'missing.txt', 'a', 'c'));
    assert.equal(text('a.txt'), 'b');
    assert.ok(writeIfUnchanged(root, 'new.txt', null, 'n'));
    assert.equal(text('new.txt'), 'n');
  });

  it('neither outside of the project nor through a link', () => {
    symlinkSync(path.join(base, 'secret.txt'), path.join(root, 'link.txt'));
    symlinkSync(path.join(base, 'nowhere'), path.join(root, 'dangling.txt'));
    assert.ok(!writeIfUnchanged(root, '../new.txt', null, 'x'));
    assert.ok(!writeIfUnchanged(root, 'link.txt', 'secret', 'x'));
    assert.ok(!writeIfUnchanged(root, 'dangling.txt', null, 'x'));
    assert.equal(readFileSync(path.join(base, 'secret.txt'), 'utf8'), 'secret');
  });
});

describe('a path of the project', () => {
  it('is absolute, and null when it leads out', () => {
    assert.equal(pathInside(root, 'sub/x'), path.join(root, 'sub', 'x'));
    assert.equal(pathInside(root, '..'), null);
    assert.equal(pathInside(root, 'none/x'), null);
    assert.equal(pathInside(path.join(base, 'gone'), 'x'), null);
  });
});
