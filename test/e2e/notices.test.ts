/** The bell, the list behind it and what it leads to, in a real VS Code of each kind of theme. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startEditor } from '../support/editor.ts';

for (const [theme, name] of [
  ['Default Dark Modern', 'dark'],
  ['Default Light Modern', 'light'],
  ['Default High Contrast', 'contrast'],
]) {
  test(`a turn that nobody watched is counted at the bell, and its entry leads to its end (${name})`, async (context) => {
    const editor = await startEditor({ settings: { 'workbench.colorTheme': theme } });
    context.after(() => editor.stop());
    const window = await editor.openPage();
    await window.connected();
    await window.openViewContainer('Agor');
    await window.treeRow('demo').waitFor();
    for (const prompt of ['error', 'tell person The port is taken: shall I take 8081?', 'hello'])
      await editor.agor(['agent', 'prompt', 'demo', prompt]);
    const bell = window.page.getByRole('button', { name: 'Agor: Notifications: 3 unread notifications' });
    await bell.waitFor();
    await window.screenshot(`notices-bell-${name}`);
    await bell.click();
    const entry = window.page.locator('.quick-input-list .monaco-list-row', { hasText: 'demo has finished' });
    await entry.waitFor();
    await window.screenshot(`notices-list-${name}`);
    await entry.click();
    const chat = await window.webviewFrame('.row.found');
    await chat.locator('.row.found', { hasText: /Done/ }).waitFor();
    await window.page.getByRole('button', { name: 'Agor: Notifications: 2 unread notifications' }).waitFor();
    assert.deepEqual(window.errors, []);
  });
}
