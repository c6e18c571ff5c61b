/** The bell, the list behind it and what it leads to, in a real VS Code of each kind of theme. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startEditor } from '../support/editor.ts';

for (const [theme, name] of [
  ['Default Dark Modern', 'dark'],
  ['Default Light Modern', 'light'],
  ['Default High Contrast', 'contrast'],
]) {
  test(`a turn that nobody watched is counted at the bell, and its entry leads to the session (${name})`, async (context) => {
    const editor = await startEditor({ settings: { 'workbench.colorTheme': theme } });
    context.after(() => editor.stop());
    const window = await editor.openPage();
    await window.connected();
    await window.openViewContainer('Agor');
    await window.treeRow('demo').waitFor();
    await editor.agor(['agent', 'prompt', 'demo', 'hello']);
    const bell = window.page.getByRole('button', { name: 'Agor: Notifications: 1 unread notification' });
    await bell.waitFor();
    await window.screenshot(`notices-bell-${name}`);
    await bell.click();
    const entry = window.page.locator('.quick-input-list .monaco-list-row', { hasText: 'demo has finished' });
    await entry.waitFor();
    await window.screenshot(`notices-list-${name}`);
    await entry.click();
    await window.page.getByRole('tab', { name: 'demo' }).waitFor();
    await window.page.getByRole('button', { name: 'Agor: Notifications: No unread notifications of agents' }).waitFor();
    assert.deepEqual(window.errors, []);
  });
}
