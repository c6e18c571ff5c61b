/** The metrics in a real VS Code with a real backend: what was chosen is there after a reload, and the CSV where the person wants it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { seriousFindings } from '../support/accessibility.ts';
import { Chat } from '../support/chat.ts';
import { startEditor } from '../support/editor.ts';

const editor = await startEditor({ settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
after(() => editor.stop());
const window = await editor.openPage();
await window.connected();

test('a session that ended a turn is in the history', async () => {
  const chat = await Chat.open(window, 'demo');
  await chat.say('help');
  await chat.turnEnd(/./);
  await window.runCommand('Agor: Open Metrics');
  const frame = await window.webviewFrame('agor-metrics-page .totals');
  await frame.getByRole('tab', { name: 'History' }).click();
  await frame.locator('tbody tr').waitFor();
  await window.screenshot('metrics-in-editor-dark');
  assert.deepEqual(await seriousFindings(frame), []);
});

test('the CSV is where the person chose', async () => {
  const frame = await window.webviewFrame('agor-metrics-page .totals, agor-metrics-page table');
  await frame.getByRole('button', { name: 'Export CSV' }).click();
  const file = join(editor.folder, 'chosen.csv');
  const field = window.page.locator('.quick-input-widget input').first();
  await field.waitFor();
  // The dialog puts its own proposal there a moment after it opens.
  while (!(await field.inputValue()).endsWith('sessions.csv')) await window.page.waitForTimeout(50);
  await field.fill(file);
  await window.page.keyboard.press('Enter');
  await untilWritten(file);
  assert.match(readFileSync(file, 'utf8'), /^[^\n]*session[^\n]*\n.*demo/s);
});

test('a reload of the window keeps tab and filter', async () => {
  const frame = await window.webviewFrame('agor-metrics-page table');
  await frame.getByLabel('Status').selectOption('stopped');
  await frame.getByText('No session fits the filter.').waitFor();
  await Promise.all([window.page.waitForEvent('load'), window.runCommand('Developer: Reload Window')]);
  const next = await window.webviewFrame('agor-metrics-page .history');
  await next.getByText('No session fits the filter.').waitFor();
  assert.equal(await next.getByLabel('Status').inputValue(), 'stopped');
  assert.deepEqual(window.errors, []);
});

/** No event tells of it. */
async function untilWritten(file: string): Promise<void> {
  for (;;) {
    try {
      if (readFileSync(file, 'utf8') !== '') return;
    } catch {
      // Not yet.
    }
    await window.page.waitForTimeout(50);
  }
}
