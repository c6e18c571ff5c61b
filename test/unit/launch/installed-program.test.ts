/** Whether a program is there, and which version, before anybody chooses it. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { installedProgram } from '../../../server/launch/installed-program.ts';

const known = { program: 'coder', install: 'npm install -g coder' };

function folderWith(t: TestContext, script: string | null, mode = 0o755): string {
  const folder = mkdtempSync(join(tmpdir(), 'agor-installed-'));
  t.after(() => rmSync(folder, { recursive: true }));
  if (script === null) mkdirSync(join(folder, 'coder'));
  else writeFileSync(join(folder, 'coder'), `#!/bin/sh\n${script}\n`, { mode });
  return folder;
}

test('the first program on the PATH says its version', async (t) => {
  const [first, second] = [folderWith(t, 'echo "coder-cli 0.169.0"'), folderWith(t, 'echo 1.0.0')];
  assert.deepEqual(await installedProgram(known, { PATH: `${first}:${second}` }), { file: join(first, 'coder'), version: '0.169.0' });
});

test('what is no program, not to be run, or not on an absolute path is not there', async (t) => {
  const PATH = [folderWith(t, null), folderWith(t, 'echo 1.0.0', 0o644), '.', ''].join(':');
  assert.equal(await installedProgram(known, { PATH }), null);
  assert.equal(await installedProgram(known, {}), null);
});

test('a program that fails, or says no version, is there without one', async (t) => {
  for (const script of ['exit 1', 'echo "no version here"', 'exec 1>&-; exit 0']) {
    const folder = folderWith(t, script);
    assert.deepEqual(await installedProgram(known, { PATH: folder }), { file: join(folder, 'coder'), version: null }, script);
  }
});

test('it gets nothing of the environment but where programs and the home folder are', async (t) => {
  const folder = folderWith(t, 'echo "1.2.3-$SECRET"');
  assert.equal((await installedProgram(known, { PATH: folder, SECRET: 'x' }))?.version, '1.2.3-');
});
