import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { writeNewFile } from '../../../server/cli/new-file.ts';

const root = mkdtempSync(join(tmpdir(), 'agor-new-file-'));
after(() => rmSync(root, { recursive: true, force: true }));

test('only its owner may read it, and it never takes the place of one that is there', async () => {
  const path = join(root, 'a');
  await writeNewFile(path, (write) => ['one', 'two'].forEach(write));
  assert.deepEqual([readFileSync(path, 'utf8'), statSync(path).mode & 0o777], ['onetwo', 0o600]);
  await assert.rejects(
    writeNewFile(path, (write) => write('other')),
    { code: 'conflict', message: `${path} is there already. Choose another file.` },
  );
  assert.equal(readFileSync(path, 'utf8'), 'onetwo');
});

test('of what fails in the middle nothing stays', async () => {
  const path = join(root, 'b');
  const failing = writeNewFile(path, async (write) => {
    write('a part');
    throw new Error('the backend went away');
  });
  await assert.rejects(failing, /went away/);
  assert.equal(existsSync(path), false);
});

test('a folder that is not there is named', async () => {
  await assert.rejects(
    writeNewFile(join(root, 'no', 'c'), () => {}),
    { code: 'notFound', message: `There is no folder ${join(root, 'no')}. Make it first, or choose another file.` },
  );
});
