/** Backups in a VS Code as its users have it: made, tried out, and brought back. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Agent } from '../../server/protocol/agent.ts';
import { startPackedEditor } from '../support/packed-extension.ts';

const editor = await startPackedEditor();
const window = await editor.openPage();

before(async () => {
  await window.connected();
});
after(() => editor.stop());

const names = async () => (await editor.agor<{ agents: Agent[] }>(['agent', 'list'])).agents.map(({ name }) => name).sort();

test('a backup is made, tried out, and its drill has a report', async () => {
  await window.runCommand('Agor: Back Up Now');
  const made = window.toast('A backup was made and checked');
  await made.waitFor();
  await window.screenshot('backup-made');
  await made.getByRole('button', { name: 'Try It Out' }).click();
  // It may be the fourth in 0.8 s, which a test meets and a person does not.
  const passed = await window.notification('The restore drill passed: the newest backup can be relied on.');
  await passed.hover();
  await passed.getByRole('button', { name: 'Show Report' }).click();
  await window.page.locator('.tab', { hasText: 'restore-drill.txt' }).waitFor();
  await window.screenshot('backup-drill');
});

test('everything goes back to the backup that is picked, after a word about what would be lost', async () => {
  const before = await names();
  const [project] = (await editor.agor<{ projects: { id: string }[] }>(['project', 'list'])).projects;
  await editor.agor(['agent', 'add', 'later', '--provider', 'demo', '--project', project?.id ?? '']);
  assert.deepEqual(await names(), [...before, 'later'].sort());
  await window.runCommand('Agor: Restore Backup');
  await window.chosenRow(/./).waitFor();
  await window.screenshot('backup-pick');
  await window.page.keyboard.press('Enter');
  const dialog = window.page.locator('.monaco-dialog-box');
  await dialog.waitFor();
  await window.screenshot('backup-restore');
  await dialog.getByRole('button', { name: 'Restore' }).click();
  await window.toast('Everything is as it was at').waitFor();
  await window.screenshot('backup-restored');
  assert.deepEqual(await names(), before);
  assert.deepEqual(window.errors, []);
});
