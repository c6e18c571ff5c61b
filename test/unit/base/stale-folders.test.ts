import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { removeStaleFolders } from '../../../server/base/stale-folders.ts';

test('what was left long ago under the prefix goes, what is in use or somebody else’s stays', (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'agor-stale-'));
  t.after(() => rmSync(dir, { recursive: true }));
  for (const name of ['ours-old', 'ours-new', 'other-old']) {
    mkdirSync(join(dir, name));
    writeFileSync(join(dir, name, 'canary'), '');
    if (name.endsWith('old')) utimesSync(join(dir, name), 0, 0);
  }
  removeStaleFolders(join(dir, 'ours-'), 60_000);
  assert.deepEqual(readdirSync(dir).sort(), ['other-old', 'ours-new']);
});

test('a folder that is not there is no reason to fail', () => {
  assert.doesNotThrow(() => removeStaleFolders(join(tmpdir(), 'agor-no-such-folder', 'x-'), 0));
});
