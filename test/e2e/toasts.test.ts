/** What comes onto the screen by itself, in a VS Code as its users have it, with the packed extension. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../support/live-backend.ts';
import { startPackedEditor } from '../support/packed-extension.ts';

const passesInMs = 4_000;
const mostMs = 90_000;
const editor = await startPackedEditor();
const window = await editor.openPage();

before(async () => {
  await window.connected();
  await window.openViewContainer('Agor');
  await window.treeRow('demo').waitFor();
});
after(() => editor.stop());

test('a finished turn passes by', async () => {
  await editor.agor(['agent', 'prompt', 'demo', 'hello']);
  const passing = window.toast('demo has finished');
  await passing.waitFor();
  await window.screenshot('toast-finished');
  await passing.waitFor({ state: 'detached' });
});

test('the link of one that passes by leads to its session', async () => {
  const link = window.toast('demo has finished').getByRole('link', { name: 'Open' });
  // It is there for four seconds: whoever was too slow takes the next one.
  await until(async () => {
    await editor.agor(['agent', 'prompt', 'demo', 'hello']);
    await link.waitFor();
    return link.click({ timeout: passesInMs }).then(
      () => true,
      () => false,
    );
  }, mostMs);
  await window.page.getByRole('tab', { name: /^demo/ }).waitFor();
  // A key that is pressed while the page loads goes nowhere.
  await window.webviewFrame('text=What you can try');
  assert.deepEqual(window.errors, []);
});

test('a question stays, and its button leads to where it is asked', async () => {
  await window.runCommand('View: Close All Editors');
  await window.page.getByRole('tab', { name: /^demo/ }).waitFor({ state: 'detached' });
  await editor.agor(['agent', 'prompt', 'demo', 'ask']);
  const question = window.toast('demo waits for your answer');
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
