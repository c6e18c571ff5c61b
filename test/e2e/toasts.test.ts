/** What comes onto the screen by itself, in a VS Code as its users have it, with the packed extension. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Editor, startEditor } from '../support/editor.ts';
import { packExtension } from '../support/packed-extension.ts';
import type { Workbench } from '../support/workbench.ts';

const folder = mkdtempSync(join(tmpdir(), 'agor-toasts-'));
let editor: Editor;
let window: Workbench;

before(async () => {
  const vsix = join(folder, 'agent-orchestrator.vsix');
  packExtension(vsix);
  editor = await startEditor({ vsix });
  window = await editor.openPage();
  await window.connected();
  await window.openViewContainer('Agor');
  await window.treeRow('demo').waitFor();
});
after(async () => {
  await editor?.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
});

const toast = (text: string) => window.page.locator('.notification-toast', { hasText: text });

test('a finished turn passes by', async () => {
  await editor.agor(['agent', 'prompt', 'demo', 'hello']);
  const passing = toast('demo has finished');
  await passing.waitFor();
  await window.screenshot('toast-finished');
  await passing.waitFor({ state: 'detached' });
});

test('the link of one that passes by leads to its session', async () => {
  await editor.agor(['agent', 'prompt', 'demo', 'hello']);
  // At once: it is there for four seconds.
  await toast('demo has finished').getByRole('link', { name: 'Open' }).click();
  await window.page.getByRole('tab', { name: /^demo/ }).waitFor();
  // A key that is pressed while the page loads goes nowhere.
  await window.webviewFrame('text=What you can try');
  assert.deepEqual(window.errors, []);
});

test('a question stays, and its button leads to where it is asked', async () => {
  await window.runCommand('View: Close All Editors');
  await window.page.getByRole('tab', { name: /^demo/ }).waitFor({ state: 'detached' });
  await editor.agor(['agent', 'prompt', 'demo', 'ask']);
  const question = toast('demo waits for your answer');
  await question.waitFor();
  await window.screenshot('toast-question');
  await question.getByRole('button', { name: 'Open', exact: true }).click();
  await window.page.getByRole('tab', { name: /^demo/ }).waitFor();
  const frame = await window.webviewFrame('text=Allow Once');
  await frame.locator('.row.found', { hasText: 'Allow Once' }).waitFor();
  await window.screenshot('toast-question-opened');
  await frame.getByRole('button', { name: 'Deny' }).click();
  // Nobody is told any more that it waits.
  await window.page.getByRole('button', { name: 'Agor: Notifications: No unread notifications of agents' }).waitFor();
  assert.deepEqual(window.errors, []);
});
