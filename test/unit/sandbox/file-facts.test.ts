/** The facts about real files that decide what an agent may see. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileFacts } from '../../../server/sandbox/file-facts.ts';

test('it tells what is there and throws at nothing', (t) => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'agor-facts-')));
  t.after(() => rmSync(folder, { recursive: true }));
  const at = (name: string) => join(folder, name);
  writeFileSync(at('file'), 'text');
  writeFileSync(at('large'), 'x'.repeat(100_000));
  mkdirSync(at('folder'));
  symlinkSync('file', at('link'));
  symlinkSync('circle', at('circle'));
  execFileSync('mkfifo', [at('pipe')]);
  const kinds = ['file', 'folder', 'link', 'pipe', 'circle', 'missing'].map((name) => fileFacts.kind(at(name)));
  assert.deepEqual(kinds, ['file', 'folder', 'file', 'other', null, null]);
  const texts = ['file', 'link', 'folder', 'pipe', 'circle', 'missing'].map((name) => fileFacts.text(at(name)));
  assert.deepEqual(texts, ['text', 'text', null, null, null, null]);
  assert.equal(fileFacts.text(at('large'))?.length, 65_536);
  assert.deepEqual([fileFacts.realPath(at('link')), fileFacts.realPath(at('missing'))], [at('file'), null]);
  assert.deepEqual([fileFacts.names(at('folder')), fileFacts.names(at('file')), fileFacts.names(at('missing'))], [[], [], []]);
  assert.deepEqual([fileFacts.canRead(at('file')), fileFacts.canRead(at('missing')), fileFacts.canRead('\0')], [true, false, false]);
});
