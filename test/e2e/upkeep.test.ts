/** Whoever keeps an installation: the doctor, the verification and the runbook, in a real VS Code. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startEditor } from '../support/editor.ts';

for (const [theme, name] of [
  ['Default Dark Modern', 'dark'],
  ['Default Light Modern', 'light'],
]) {
  test(`a person has the doctor look, verifies the installation, and goes through a procedure (${name})`, async (context) => {
    const editor = await startEditor({ settings: { 'workbench.colorTheme': theme } });
    context.after(() => editor.stop());
    const window = await editor.openPage();
    const { page } = window;
    await window.connected();
    const row = (text: string | RegExp) => page.locator('.quick-input-list .monaco-list-row', { hasText: text });

    await window.runCommand('Agor: Run Doctor');
    await row('Show as Document').waitFor();
    await window.screenshot(`doctor-${name}`);
    await row('Show as Document').click();
    await page.locator('.tab', { hasText: 'Agor Doctor' }).waitFor();
    await window.webviewFrame('h1');
    await window.screenshot(`doctor-page-${name}`);

    await window.runCommand('Agor: Verify Installation');
    await page.locator('.tab', { hasText: 'Agor Installation' }).waitFor();
    await window.webviewFrame('h1:has-text("nstallation")');
    await window.screenshot(`verified-${name}`);

    await window.runCommand('Agor: Open Runbook');
    const lenses = page.locator('.codelens-decoration');
    await lenses.getByText('mark as done').first().waitFor();
    await lenses.getByText('mark as done').first().click();
    await lenses.getByText('done at').first().waitFor();
    await lenses.getByText('1 of 7 steps done').first().waitFor();
    await window.screenshot(`runbook-${name}`);

    await window.runCommand('Agor: Run Procedure Step');
    await row('Daily health check').click();
    await window.chosenRow('2. Look for damage').waitFor();
    await window.screenshot(`procedure-${name}`);
    await page.keyboard.press('Enter');
    await row('Show as Document').waitFor();
    await page.keyboard.press('Escape');
    await lenses.getByText('2 of 7 steps done').first().waitFor();

    await lenses.getByText('2 of 7 steps done').first().click();
    await window.answer('nothing odd');
    await page.getByText('3 of 7 steps were done. The report is written.').first().waitFor();
    // While an extension is being developed, VS Code shows no toasts.
    await window.notification('The report is written.');
    await window.screenshot(`procedure-finished-${name}`);
    await page.getByRole('button', { name: 'Open Report' }).first().click();
    await page
      .locator('.tab', { hasText: /^daily-/ })
      .first()
      .waitFor();
    await lenses.getByText('0 of 7 steps done').first().waitFor({ state: 'hidden' });
    assert.deepEqual(window.errors, []);
  });
}
