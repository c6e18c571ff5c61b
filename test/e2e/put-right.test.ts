/** The doctor in a window, with harm that is safe to put right: what it lists, what it does about it, and what it says then. */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { startEditor } from '../support/editor.ts';

for (const [theme, name] of [
  ['Default Dark Modern', 'dark'],
  ['Default Light Modern', 'light'],
]) {
  test(`a person has put right what is safe, and sees what was done (${name})`, async (context) => {
    const editor = await startEditor({ settings: { 'workbench.colorTheme': theme } });
    context.after(() => editor.stop());
    const window = await editor.openPage();
    const { page } = window;
    await window.connected();
    const row = (text: string) => page.locator('.quick-input-list .monaco-list-row', { hasText: text });

    const logs = join(editor.dataDir, 'logs');
    chmodSync(logs, 0o755);
    const orphan = join(editor.dataDir, 'agents', 'nobody');
    mkdirSync(join(orphan, 'private'), { recursive: true, mode: 0o700 });
    const longAgo = Date.now() / 1_000 - 2 * 3_600;
    utimesSync(orphan, longAgo, longAgo);

    await window.runCommand('Agor: Run Doctor');
    await row('Other users of this machine can read 1 file or folder: logs (755).').waitFor();
    await row('A folder belongs to no agent that there is: agents/nobody.').waitFor();
    await window.screenshot(`put-right-found-${name}`);
    await page.keyboard.type('Put Right');
    await row('Put Right What Is Safe').click();

    await page.locator('.tab', { hasText: 'Agor Doctor' }).waitFor();
    const report = await window.webviewFrame('h2:has-text("Put right")');
    await report.getByText('gave logs the mode 0700').waitFor();
    await report.getByText('moved agents/nobody to quarantine/').waitFor();
    await window.screenshot(`put-right-report-${name}`);
    assert.equal(statSync(logs).mode & 0o777, 0o700);
    const [aside = ''] = readdirSync(join(editor.dataDir, 'quarantine'));
    assert.deepEqual([existsSync(orphan), existsSync(join(editor.dataDir, 'quarantine', aside, 'nobody', 'private'))], [false, true]);

    await window.runCommand('Agor: Run Doctor');
    await row('Show as Document').waitFor();
    assert.deepEqual([await row('Put Right What Is Safe').count(), await row('agents/nobody').count()], [0, 0]);
    await page.keyboard.press('Escape');
    assert.deepEqual(window.errors, []);
  });
}
