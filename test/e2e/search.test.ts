/** The search in a real VS Code: what a person finds from the middle of the window, and where it leads. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { seriousFindings } from '../support/accessibility.ts';
import { Chat } from '../support/chat.ts';
import { startEditor } from '../support/editor.ts';
import { until } from '../support/live-backend.ts';

const editor = await startEditor({ settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
after(() => editor.stop());
const window = await editor.openPage();
await window.connected();
const chat = await Chat.open(window, 'demo');
for (const said of [
  'help me with the marzipan',
  'task Bake the marzipan',
  'tell person The marzipan is ready',
  'help with the first turn after it',
  'help with the second turn after it',
  'help with the third turn after it',
]) {
  await chat.say(said);
  await chat.turnEnd('Done');
}

// The index follows a moment later, and an answer that is on the screen does not grow by itself.
await until(async () => {
  const found = JSON.stringify(await editor.agor(['search', 'marzipan']));
  return ['messages', 'tasks', 'communications'].every((group) => found.includes(`"${group}"`));
});

const tryMs = 3_000;
const themes = { light: 'Default Light Modern', highContrast: 'Default High Contrast', dark: 'Default Dark Modern' } as const;

test('before anything is typed, the search shows how to ask', async () => {
  await openSearch();
  await row('login failed').first().waitFor();
  await window.screenshot('search-examples-dark');
  await window.page.keyboard.press('Escape');
});

for (const [theme, name] of Object.entries(themes)) {
  test(`what was found stands in groups, in the theme ${theme}`, async () => {
    editor.changeSettings({ 'workbench.colorTheme': name });
    await openSearch();
    await window.page.keyboard.type('marzipan');
    for (const group of ['Messages', 'Tasks', 'Communications']) await separator(group).first().waitFor();
    await window.screenshot(`search-found-${theme}`);
    const order = await separators();
    assert.deepEqual(
      order.filter((group) => ['Messages', 'Tasks', 'Communications'].includes(group)),
      ['Messages', 'Tasks', 'Communications'],
    );
    await window.page.keyboard.press('Escape');
  });
}

test('Right Arrow shows the place behind the search, and Enter goes there', async () => {
  await goTo('comment-discussion', 'help me with the marzipan');
  const frame = await chat.frame();
  await window.pressUntil(['ArrowRight'], frame.locator('.row.found', { hasText: 'marzipan' }));
  await picker().waitFor();
  await window.screenshot('search-behind-dark');
  await window.page.keyboard.press('Enter');
  await picker().waitFor({ state: 'hidden' });
  await frame.locator('.row.found', { hasText: 'marzipan' }).waitFor();
  await window.screenshot('search-opened-item');
  assert.deepEqual(await seriousFindings(frame), []);
});

test('a task is opened on the board, with its details', async () => {
  await choose('checklist', 'Bake the marzipan');
  const frame = await window.webviewFrame('agor-board-page agor-task-detail');
  await frame.getByRole('heading', { name: 'Bake the marzipan' }).waitFor();
  await window.screenshot('search-opened-task');
});

test('a message is shown among the messages of its agent', async () => {
  await choose('mail', 'The marzipan is ready');
  const frame = await window.webviewFrame('agor-comms .message');
  await frame.locator('.message.found', { hasText: 'marzipan' }).waitFor();
  await window.screenshot('search-opened-message');
  assert.deepEqual(window.errors, []);
});

test('the chord of our views opens the search from a conversation, and an earlier session offers to be resumed', async () => {
  await window.runCommand('Agor: New Session');
  const composer = (await chat.frame()).getByRole('textbox', { name: 'Prompt' });
  await composer.click();
  await window.page.keyboard.press('Control+Shift+F');
  await picker().locator('input:focus').waitFor();
  await window.page.keyboard.type('help me with the marzipan');
  await row('help me with the marzipan').first().waitFor();
  await openFound();
  const frame = await chat.frame();
  await frame.locator('.row.found', { hasText: 'marzipan' }).waitFor();
  await window.screenshot('search-earlier-session');
  await frame.getByRole('button', { name: 'Resume This Session' }).click();
  await frame.getByText('This is an earlier session').waitFor({ state: 'detached' });
});

/** Enter while the answer to what is typed is on its way shows that answer; again, it opens what was found. */
async function openFound(): Promise<void> {
  while (await picker().isVisible()) {
    await window.page.keyboard.press('Enter');
    await picker()
      .waitFor({ state: 'hidden', timeout: 1_000 })
      .catch(() => {});
  }
}

test('where nothing is found it is said', async () => {
  await openSearch();
  await window.page.keyboard.type('xylophone');
  await row('Nothing was found').waitFor();
  await window.screenshot('search-nothing');
  await window.page.keyboard.press('Escape');
});

test('the chord of our views leaves Find in Files to the rest of the window', async () => {
  await window.page.locator('.activitybar .action-label[aria-label^="Explorer"]').first().click();
  await window.page.locator('.explorer-folders-view .monaco-list').first().click();
  await window.page.keyboard.press('Control+Shift+F');
  await window.page.locator('.search-view').first().waitFor();
  assert.equal(await picker().isVisible(), false);
});

/** As a person would: again when the window, at work with its colours, took no notice. */
async function openSearch(): Promise<void> {
  await until(async () => {
    await window.page.keyboard.press('Control+K');
    await window.page.keyboard.press('Control+Alt+F');
    const input = picker().locator('input:focus');
    return input.waitFor({ timeout: tryMs }).then(
      () => true,
      () => false,
    );
  });
}

async function choose(icon: string, text: string): Promise<void> {
  await goTo(icon, text);
  await window.page.keyboard.press('Enter');
}

/** Down to the hit, with the keyboard alone. */
async function goTo(icon: string, text: string): Promise<void> {
  await openSearch();
  await window.page.keyboard.type('marzipan');
  const hit = { hasText: text, has: window.page.locator(`.codicon-${icon}`) };
  await window.page.locator('.quick-input-widget .monaco-list-row:visible', hit).first().waitFor();
  const chosen = window.page.locator('.quick-input-widget .monaco-list-row.focused', hit);
  for (let steps = 0; steps < 30 && (await chosen.count()) === 0; steps += 1) await window.page.keyboard.press('ArrowDown');
  await chosen.waitFor();
}

function picker(): Locator {
  return window.page.locator('.quick-input-widget', { hasText: 'Search Everything' });
}

function row(text: string): Locator {
  return window.page.locator('.quick-input-widget .monaco-list-row:visible', { hasText: text });
}

function separator(text: string): Locator {
  return window.page.locator('.quick-input-widget .quick-input-list-separator:visible', { hasText: text });
}

async function separators(): Promise<string[]> {
  return (await window.page.locator('.quick-input-widget .quick-input-list-separator:visible').allTextContents()).filter(
    (text) => text !== '',
  );
}
