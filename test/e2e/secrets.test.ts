/** Secrets as a person sets, sees and deletes them in VS Code. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startEditor } from '../support/editor.ts';
import type { Workbench } from '../support/workbench.ts';

const editor = await startEditor({ settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
after(() => editor.stop());

const canary = 'sk-canary-e2e-0001';

test('a secret is typed once and unseen, listed by name and time with how it is kept, and deleted', async () => {
  const window = await openedWindow();
  await window.runCommand('Agor: Set Secret');
  await window.answer('anthropic');
  const field = window.page.locator('.quick-input-widget input[type=password]');
  await field.waitFor();
  await field.fill(canary);
  assert.match(await widgetText(window), /Weak store: kept by this browser/);
  await window.screenshot('secret-set');
  await window.page.keyboard.press('Enter');
  await window.page.locator('.statusbar .codicon-bell-dot').waitFor();

  await window.runCommand('Agor: List Secrets');
  const row = window.page.locator('.quick-input-widget .monaco-list-row', { hasText: 'anthropic' });
  await row.waitFor();
  assert.match(await row.innerText(), /just now.*Kept by VS Code/s);
  assert.match(await widgetText(window), /weak store/);
  await window.screenshot('secret-list');
  assert.equal((await window.page.content()).includes(canary), false, 'nothing of the window shows the value');

  await window.page.keyboard.press('Escape');
  await window.runCommand('Agor: Rotate Secret');
  await row.click();
  await field.waitFor();
  await field.fill(`${canary}-rotated`);
  assert.match(await widgetText(window), /The new value of anthropic\. Agents that run with the old one get it without being stopped\./);
  await window.screenshot('secret-rotate');
  await window.page.keyboard.press('Enter');
  await window.page.locator('.statusbar', { hasText: 'The secret anthropic has its new value.' }).waitFor();
  await window.runCommand('Agor: Notifications');
  await window.page.locator('.quick-input-widget .monaco-list-row', { hasText: 'The secret anthropic was rotated' }).waitFor();
  await window.screenshot('secret-rotated');
  assert.equal((await window.page.content()).includes(canary), false, 'nothing of the window shows the new value');
  await window.page.keyboard.press('Escape');

  await window.runCommand('Agor: List Secrets');
  await row.click();
  await window.page.locator('.quick-input-widget .monaco-list-row', { hasText: 'Delete it' }).click();
  await window.page.locator('.monaco-dialog-box .monaco-button', { hasText: 'Delete Secret' }).click();
  await window.page.locator('.monaco-dialog-box').waitFor({ state: 'detached' });
  // The dialog is gone before the editor's store has let go of it, and a list that is open stays as it is.
  do {
    await window.page.keyboard.press('Escape');
    await window.runCommand('Agor: List Secrets');
    await window.page.locator('.quick-input-widget .monaco-list-row', { hasText: 'Set a secret' }).waitFor();
  } while ((await row.count()) > 0);
  assert.deepEqual(window.errors, []);
  await window.close();
});

test('in Restricted Mode secrets are listed, and no command changes one', async () => {
  const restricted = await startEditor({ trust: 'restricted' });
  try {
    const window = await restricted.openPage();
    // Its commands are known once its view is.
    await window.openViewContainer('Agor');
    await window.page.keyboard.press('F1');
    const palette = window.page.locator('.quick-input-widget');
    await palette.locator('input').fill('>Agor: Secret');
    await palette.locator('.monaco-list-row', { hasText: 'Agor: List Secrets' }).waitFor();
    const titles = (await palette.locator('.monaco-list-row').allInnerTexts()).join('\n');
    assert.doesNotMatch(titles, /Set Secret|Delete Secret|Rotate Secret/);
    await window.close();
  } finally {
    await restricted.stop();
  }
});

/** VS Code's store in a browser needs half a key of its server, which the bare server of the tests does not have. */
async function openedWindow(): Promise<Workbench> {
  const window = await editor.openPage();
  await window.page.route('**/mint-key', (route) => route.fulfill({ body: Buffer.alloc(32, 1) }));
  await window.connected();
  return window;
}

async function widgetText(window: Workbench): Promise<string> {
  const widget = window.page.locator('.quick-input-widget');
  const placeholder = await widget.locator('input.input').first().getAttribute('placeholder');
  return `${await widget.innerText()}\n${placeholder ?? ''}`;
}
