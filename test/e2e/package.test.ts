import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { packageProblems } from '../../scripts/release/check-package.ts';
import { type Editor, startEditor } from '../support/editor.ts';
import { packExtension } from '../support/packed-extension.ts';

const folder = mkdtempSync(join(tmpdir(), 'agor-vsix-'));
const vsix = join(folder, 'agent-orchestrator.vsix');
let editor: Editor | undefined;

after(async () => {
  await editor?.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
});

before(() => packExtension(vsix));

test('the package holds what users need and nothing else, within its budgets, with notices and a bill of what is in it', () => {
  assert.deepEqual(packageProblems(vsix), []);
});

test('the packed extension installs in VS Code and works from there', async () => {
  editor = await startEditor({ vsix });
  const window = await editor.openPage();
  await window.statusBarItem(/Agor/).waitFor();
  await window.openViewContainer('Agor');
  await window.treeRow('sample').waitFor();
  await window.screenshot('installed-from-package');
});
