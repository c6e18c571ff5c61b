/** A team in a real VS Code: its board, what is written to an agent, and what became of it. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { seriousFindings } from '../support/accessibility.ts';
import { Chat } from '../support/chat.ts';
import { startEditor } from '../support/editor.ts';

const editor = await startEditor({ settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
after(() => editor.stop());
const window = await editor.openPage();
await window.connected();

test('a task is added on the board, moved by a key, and still there after a reload', async () => {
  await window.openViewContainer('Agor');
  await window.treeRow('demo').waitFor();
  await window.runCommand('Agor: Open Board');
  const frame = await window.webviewFrame('agor-board-page');
  await frame.getByRole('button', { name: 'New Task' }).last().click();
  await frame.locator('agor-new-task input:focus').waitFor();
  await window.page.keyboard.type('Sell shoes');
  await window.page.keyboard.press('Enter');
  await frame.locator('[data-state=todo] [data-task]', { hasText: 'Sell shoes' }).waitFor();
  await window.page.keyboard.press('Escape');
  await frame.locator('[data-task]', { hasText: 'Sell shoes' }).focus();
  await window.page.keyboard.press('Alt+ArrowRight');
  await frame.locator('[data-state=progress] [data-task]', { hasText: 'Sell shoes' }).waitFor();
  await window.screenshot('teamwork-board-dark');
  assert.deepEqual(await seriousFindings(frame), []);
  // Unlike a reload of the browser's page, the command gives VS Code time to keep which panels are open.
  await Promise.all([window.page.waitForEvent('load'), window.runCommand('Developer: Reload Window')]);
  const next = await window.webviewFrame('agor-board-page');
  await next.locator('[data-state=progress] [data-task]', { hasText: 'Sell shoes' }).waitFor();
});

test('a message to an agent is shown with what became of it', async () => {
  const chat = await Chat.open(window, 'demo');
  const frame = await chat.frame();
  await frame.getByRole('tab', { name: 'Comms' }).click();
  const composer = frame.getByRole('textbox', { name: 'Message to demo' });
  await composer.fill('hello');
  await composer.press('Enter');
  const message = frame.locator('.message', { hasText: 'hello' });
  await message.locator('.state', { hasText: /Waiting|Delivered|Seen|Answered/ }).waitFor();
  await window.screenshot('teamwork-comms-dark');
  assert.deepEqual(await seriousFindings(frame), []);
  assert.deepEqual(window.errors, []);
});
