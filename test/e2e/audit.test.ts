/** The audit panel in a real VS Code with a real backend: it follows the log, keeps its state, and makes a task of a row. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { AuditManifest } from '../../server/protocol/audit.ts';
import { seriousFindings } from '../support/accessibility.ts';
import { startEditor } from '../support/editor.ts';
import { until } from '../support/live-backend.ts';

const editor = await startEditor({ settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
after(() => editor.stop());
const window = await editor.openPage();
await window.connected();

const triesEveryMs = 2_000;

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

test('an export is in the folder that the person chose', async () => {
  const frame = await window.webviewFrame('agor-audit-page');
  await frame.getByRole('button', { name: 'Export' }).click();
  const field = window.page.locator('.quick-input-widget input').first();
  // The dialog puts its own proposal there a moment after it opens.
  await until(async () => (await field.inputValue()) !== '');
  await field.fill(`${editor.folder}/`);
  // While it looks at what was typed, the dialog takes no notice of its button.
  const dialog = window.page.locator('.quick-input-widget');
  await until(async () => {
    const button = dialog.getByRole('button', { name: 'Export Here' });
    await button.click({ timeout: triesEveryMs }).catch(() => undefined);
    return dialog.waitFor({ state: 'hidden', timeout: triesEveryMs }).then(
      () => true,
      () => false,
    );
  });
  await frame.locator('[data-seq]', { hasText: 'audit_exported' }).waitFor();
  await window.notification('rows of the audit log are in');
  await window.screenshot('audit-exported-dark');
  const [name = ''] = readdirSync(editor.folder).filter((entry) => entry.startsWith('agor-audit-'));
  const manifest = AuditManifest.parse(JSON.parse(readFileSync(join(editor.folder, name, 'manifest.json'), 'utf8')));
  for (const file of manifest.files) {
    const content = readFileSync(join(editor.folder, name, file.name));
    assert.equal(createHash('sha256').update(content).digest('hex'), file.sha256);
  }
  assert.deepEqual(manifest.window, { from: null, to: null });
  await window.page.keyboard.press('Escape');
});

test('the real log is whole, and a reload of the window keeps the open row and the filter', async () => {
  const frame = await window.webviewFrame('agor-audit-page');
  await frame.getByRole('combobox', { name: 'Event' }).selectOption('group:agents');
  await frame.locator('[data-seq]', { hasText: 'audit_exported' }).waitFor({ state: 'detached' });
  await frame.getByRole('button', { name: 'Verify' }).click();
  await frame.getByText(/All \d+ rows are what was written/).waitFor();
  await Promise.all([window.page.waitForEvent('load'), window.runCommand('Developer: Reload Window')]);
  const next = await window.webviewFrame('agor-audit-page');
  await next.locator('[data-seq][aria-selected=true]', { hasText: 'agent_registered' }).waitFor();
  assert.equal(await next.getByRole('combobox', { name: 'Event' }).inputValue(), 'group:agents');
  assert.deepEqual(window.errors, []);
});
