import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type Editor, startEditor } from '../support/editor.ts';
import { packExtension } from '../support/packed-extension.ts';

const folder = mkdtempSync(join(tmpdir(), 'agor-vsix-'));
const vsix = join(folder, 'agent-orchestrator.vsix');
let editor: Editor | undefined;

after(async () => {
  await editor?.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
});

test('the packed extension installs in VS Code and works from there', async () => {
  packExtension(vsix);
  editor = await startEditor({ vsix });
  const window = await editor.openPage();
  await window.statusBarItem(/Agor/).waitFor();
  await window.openViewContainer('Agor');
  await window.treeRow('sample').waitFor();
  await window.screenshot('installed-from-package');
});
