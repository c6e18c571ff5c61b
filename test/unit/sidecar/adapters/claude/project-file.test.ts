/** What is read to show an edit, and what is not. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { readProjectText } from '../../../../../server/sidecar/adapters/claude/project-file.ts';

test('the text of a file of the project is read, and no other', async (t) => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'agor-file-'));
  t.after(() => rm(folder, { recursive: true }));
  const project = path.join(folder, 'project');
  await mkdir(path.join(project, 'src'), { recursive: true });
  await writeFile(path.join(project, 'a.txt'), 'tea');
  await writeFile(path.join(folder, 'secret'), 'key');
  await symlink(path.join(folder, 'secret'), path.join(project, 'link'));
  await writeFile(path.join(project, 'big'), 'x'.repeat(600 * 1024));
  assert.equal(readProjectText(project, path.join(project, 'a.txt')), 'tea');
  assert.equal(readProjectText(project, 'a.txt'), 'tea');
  assert.equal(readProjectText(project, 'none.txt'), null);
  assert.equal(readProjectText(project, 'link'), '');
  assert.equal(readProjectText(project, '../secret'), '');
  assert.equal(readProjectText(project, 'src'), '');
  assert.equal(readProjectText(project, 'big'), '');
});
