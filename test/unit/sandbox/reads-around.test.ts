import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readsAround } from '../../../server/sandbox/reads-around.ts';

test('a folder is given piece by piece where something in it is hidden', (t) => {
  const home = mkdtempSync(join(tmpdir(), 'agor-reads-'));
  t.after(() => rmSync(home, { recursive: true }));
  mkdirSync(join(home, '.config', 'gh'), { recursive: true });
  mkdirSync(join(home, '.ssh'));
  for (const name of ['.config/gh/hosts.yml', '.config/git', 'notes']) writeFileSync(join(home, name), '');
  const { read, list } = readsAround(['/usr', home], [join(home, '.ssh'), join(home, '.config', 'gh')]);
  assert.deepEqual(read.toSorted(), ['/usr', join(home, '.config/git'), join(home, 'notes')].toSorted());
  assert.deepEqual(list, [home, join(home, '.config')]);
});

test('what is hidden itself is not given, and what cannot be listed is left out', () => {
  assert.deepEqual(readsAround(['/usr'], ['/usr']), { read: [], list: [] });
  assert.deepEqual(readsAround(['/no/such/folder'], ['/no/such/folder/file']), { read: [], list: ['/no/such/folder'] });
});
