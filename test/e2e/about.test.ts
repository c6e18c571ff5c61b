import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startEditor } from '../support/editor.ts';

const editor = await startEditor({ settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
after(() => editor.stop());

test('"About" names the build, the machine and the data directory, and nothing is left in the way', async () => {
  const window = await editor.openPage();
  await window.connected();
  await window.runCommand('Agor: About');
  const dialog = window.page.locator('.monaco-dialog-box');
  await dialog.waitFor();
  const text = await dialog.innerText();
  for (const part of [
    /Agent Orchestrator/,
    /Version: \d/,
    /Commit: [0-9a-f]{12}/,
    /Built: 20/,
    /Backend: the same build, process \d+/,
    /Data directory: \//,
  ])
    assert.match(text, part);
  await window.screenshot('about');
  await window.page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  assert.deepEqual(window.errors, []);
});
