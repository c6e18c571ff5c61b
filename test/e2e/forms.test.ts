/** A question that asks for values, filled in where a person goes through the open questions of a real VS Code. */
import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Chat } from '../support/chat.ts';
import { startEditor } from '../support/editor.ts';
import { until } from '../support/live-backend.ts';

const programs = join(import.meta.dirname, '../fixtures/programs');
const editor = await startEditor({ settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
const window = await editor.openPage();
const { page } = window;
const pick = page.locator('.quick-input-widget');
const entry = (text: string | RegExp) => pick.locator('.monaco-list-row', { hasText: text });

before(async () => {
  await window.connected();
  await window.openViewContainer('Agor');
  // Inside the fence an agent sees its project, and so its program.
  for (const name of ['asks-values.mjs', 'acp-lines.mjs']) copyFileSync(join(programs, name), join(editor.folder, name));
  const added = ['agent', 'add', 'asker', '--provider', 'acp', '--project', 'sample'];
  await editor.agor([...added, '--', process.execPath, join(editor.folder, 'asks-values.mjs')]);
});
after(() => editor.stop());

test('its fields are asked for one after the other, and a value that does not fit is told', { timeout: 240_000 }, async () => {
  const chat = await Chat.open(window, 'asker');
  await chat.say('ask');
  // The command is offered once there is something to answer.
  await page.getByRole('treeitem', { name: /asks: Fill in a form/ }).waitFor();
  await window.runCommand('Agor: Answer Approvals');
  await entry('Fill In…').waitFor();
  assert.equal(await entry('Always Allow…').count(), 0);
  await window.screenshot('form-pick-dark');
  // What has just appeared takes no answer for a moment.
  await until(async () => {
    if (await entry('live').isVisible()) return true;
    await entry('Fill In…')
      .click({ timeout: 1_000 })
      .catch(() => undefined);
    return false;
  });
  await window.screenshot('form-pick-choice-dark');
  await entry('live').click();
  const input = pick.locator('input.input');
  await pick.getByText(/Copies \(may be left empty, a whole number\)/).waitFor();
  await input.fill('9');
  await pick.getByText('Copies is at most 5.').waitFor();
  await window.screenshot('form-pick-problem-dark');
  await input.fill('3');
  await page.keyboard.press('Enter');
  await pick.getByText(/Note \(may be left empty, a text\)/).waitFor();
  await page.keyboard.press('Enter');
  await (await chat.row('text', 'Answered: [{"action":"accept","content":{"stage":"live","copies":3}}]')).waitFor();
  await window.screenshot('form-answered-dark');
  assert.deepEqual(window.errors, []);
});
