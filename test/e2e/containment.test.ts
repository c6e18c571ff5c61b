/** Taking capabilities from an agent, and incident mode, by a person in a real VS Code of each kind of theme. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startEditor } from '../support/editor.ts';

for (const [theme, name] of [
  ['Default Dark Modern', 'dark'],
  ['Default Light Modern', 'light'],
  ['Default High Contrast', 'contrast'],
]) {
  test(`a person takes a capability from an agent, begins incident mode, sees it and ends it (${name})`, async (context) => {
    const editor = await startEditor({ settings: { 'workbench.colorTheme': theme } });
    context.after(() => editor.stop());
    const window = await editor.openPage();
    const { page } = window;
    await window.connected();
    await window.openViewContainer('Agor');
    await window.treeRow('demo').waitFor();

    await window.runCommand('Agor: Capabilities');
    const row = page.locator('.quick-input-list .monaco-list-row', { hasText: 'Send messages' });
    await row.waitFor();
    await row.click();
    await window.screenshot(`capabilities-${name}`);
    await page.keyboard.press('Enter');
    await page.getByText('Revoked: 1. Granted again: 0.').waitFor();
    await window.answer('it floods the team');
    await window.runCommand('Agor: Capabilities');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'it floods the team' }).waitFor();
    await window.screenshot(`capabilities-revoked-${name}`);
    await page.keyboard.press('Escape');

    await window.runCommand('Agor: Begin Incident Mode');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: '4 hours' }).waitFor();
    await window.screenshot(`incident-begin-${name}`);
    await window.answer('1 hour');
    // The list takes what is typed until the field has come in its place.
    await page.locator('.quick-input-widget input[placeholder^="Why, for the audit log"]').waitFor();
    await window.answer('strange hooks');
    const message = page.getByText(/Incident mode until .*\(strange hooks\): agents only read their projects/);
    await message.first().waitFor();
    await window.screenshot(`incident-${name}`);
    await window.runCommand('Agor: End Incident Mode');
    await message.first().waitFor({ state: 'hidden' });
    assert.deepEqual(window.errors, []);
  });
}
