/** The audit panel in a real VS Code with a real backend: it follows the log, keeps its state, and makes a task of a row. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { seriousFindings } from '../support/accessibility.ts';
import { startEditor } from '../support/editor.ts';

const editor = await startEditor({ settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
after(() => editor.stop());
const window = await editor.openPage();
await window.statusBarItem('Agor: Healthy').waitFor();

test('what was done is in the panel, and what a task is made of is there at once', async () => {
  await window.openViewContainer('Agor');
  await window.treeRow('demo').waitFor();
  await window.runCommand('Agor: Open Audit Log');
  const frame = await window.webviewFrame('agor-audit-page');
  await frame.locator('[data-seq]', { hasText: 'agent_registered' }).click();
  await frame.getByRole('button', { name: 'Create Task from This' }).click();
  await window.screenshot('audit-in-editor-dark');
  assert.deepEqual(await seriousFindings(frame), []);
  await frame.getByRole('button', { name: 'Add Task' }).click();
  await frame.locator('agor-audit-detail').getByText('Task #1 is on the board.').waitFor();
  await frame.locator('[data-seq]', { hasText: 'task_created' }).waitFor();
});

test('the real log is whole, and a reload of the window keeps the filter and the open row', async () => {
  const frame = await window.webviewFrame('agor-audit-page');
  await frame.getByRole('button', { name: 'Verify' }).click();
  await frame.getByText(/All \d+ rows are what was written/).waitFor();
  await frame.getByRole('combobox', { name: 'Event' }).selectOption('group:agents');
  await frame.locator('[data-seq]', { hasText: 'task_created' }).waitFor({ state: 'detached' });
  await Promise.all([window.page.waitForEvent('load'), window.runCommand('Developer: Reload Window')]);
  const next = await window.webviewFrame('agor-audit-page');
  await next.locator('[data-seq][aria-selected=true]', { hasText: 'agent_registered' }).waitFor();
  assert.equal(await next.getByRole('combobox', { name: 'Event' }).inputValue(), 'group:agents');
  assert.deepEqual(window.errors, []);
});
