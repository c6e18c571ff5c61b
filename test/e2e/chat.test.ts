/** The main job in a real VS Code: talk to an agent, answer it, and come back to it. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { seriousFindings } from '../support/accessibility.ts';
import { Chat } from '../support/chat.ts';
import { startEditor } from '../support/editor.ts';
import { until } from '../support/live-backend.ts';
import type { Workbench } from '../support/workbench.ts';

const editor = await startEditor({ settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
after(() => editor.stop());
const window = await editor.openPage();
await window.connected();
// One that speaks faster: what it says is watched, not read.
const quick = ['agent', 'add', 'quick', '--provider', 'demo', '--project', 'sample', '--env', 'AGOR_DEMO_SPEED'];
await editor.agor(quick, { AGOR_DEMO_SPEED: '2' });

test('the demo agent answers in the chat panel', async () => {
  const chat = await Chat.open(window, 'demo');
  await window.screenshot('chat-empty-dark');
  await chat.say('hello');
  await chat.turnEnd('Done');
  assert.match(await chat.text(), /demo agent/);
  await window.screenshot('chat-hello-dark');
  assert.deepEqual(await seriousFindings(await chat.frame()), []);
});

test('an edit waits for an answer, and is made when it is allowed', async () => {
  const chat = await Chat.open(window, 'quick');
  await chat.say('edit');
  const question = (await chat.frame()).locator('.question.open');
  await question.locator('[data-decision=deny]:not([disabled])').waitFor();
  await window.statusBarItem('Agor: 1 needs you').waitFor();
  await window.screenshot('chat-question-dark');
  assert.deepEqual(await seriousFindings(await chat.frame()), []);
  await chat.answer('allowOnce');
  await chat.turnEnd('Done');
  assert.match(await readFile(join(editor.folder, 'agor-demo.md'), 'utf8'), /./);
  await window.screenshot('chat-edit-done-dark');
});

test('a denied question is told to the agent, which goes on', async () => {
  const chat = await Chat.open(window, 'quick');
  await chat.say('ask');
  await chat.answer('deny');
  await chat.turnEnd('Done');
  await (await chat.row('permission', 'Denied')).waitFor();
});

test('a turn that streams goes on through a reload of the window, and is there once', async () => {
  const chat = await Chat.open(window, 'quick');
  await chat.say('long, reload');
  await streams(chat);
  await window.reload();
  await chat.turnEnd('Done');
  await isThereOnce(chat);
});

test('a turn that streams goes on when the extension host is killed', async () => {
  const chat = await Chat.open(window, 'quick');
  await chat.say('long, host');
  await streams(chat);
  assert.notEqual(editor.killExtensionHost().length, 0);
  await window.reload();
  await window.statusBarItem(/Agor/).waitFor();
  await chat.turnEnd('Done');
  await isThereOnce(chat);
});

test('when the backend is killed, the panel says so, comes back by itself, and has all of the turn', async () => {
  const chat = await Chat.open(window, 'quick');
  await chat.say('long, backend');
  await streams(chat);
  const [backend] = editor.backendProcesses().filter(({ command }) => /[/\\]backend\.js /.test(command));
  assert.ok(backend);
  process.kill(backend.pid, 'SIGKILL');
  await chat.turnEnd('Done');
  await isThereOnce(chat);
  await window.connected();
});

test('a draft and the session are there again after a reload', async () => {
  const chat = await Chat.open(window, 'quick');
  await (await chat.frame()).getByRole('textbox', { name: 'Prompt' }).fill('a thought that is not finished');
  // VS Code takes a page's state with a delay of its own, of which it tells nobody.
  await window.page.waitForTimeout(2_000);
  await window.reload();
  const again = (await chat.frame()).getByRole('textbox', { name: 'Prompt' });
  await until(async () => (await again.inputValue()) === 'a thought that is not finished');
  await again.fill('');
});

test('a second window shows the same session, and stays when the first is killed and then closed', async () => {
  const hosts = editor.extensionHosts();
  const second = await editor.openPage();
  await second.statusBarItem(/Agor/).waitFor();
  const [here, there] = [await Chat.open(window, 'quick'), await Chat.open(second, 'quick')];
  await here.say('long, two windows');
  await streams(there);
  for (const pid of hosts) process.kill(pid, 'SIGKILL');
  await second.page.waitForTimeout(1_000);
  await streams(there);
  await window.close();
  await there.turnEnd('Done');
  await isThereOnce(there);
  await inLightTheme(second);
  assert.deepEqual(second.errors, []);
});

async function inLightTheme(shown: Workbench): Promise<void> {
  await shown.runCommand('Preferences: Toggle between Light/Dark Themes');
  await shown.page.locator('.monaco-workbench.vs').waitFor();
  const chat = await Chat.open(shown, 'quick');
  assert.deepEqual(await seriousFindings(await chat.frame()), []);
  await shown.screenshot('chat-light');
}

/** Text of the newest turn is being drawn. */
async function streams(chat: Chat): Promise<void> {
  await (await chat.frame()).locator('.row:last-child[data-kind=text]').waitFor();
}

/** The headings of the last answer: whatever came twice would have one twice. */
async function isThereOnce(chat: Chat): Promise<void> {
  const row = await chat.row('text', /./);
  const headings = await row.locator('h1, h2, h3').allInnerTexts();
  assert.ok(headings.length > 0, 'the answer has headings');
  assert.deepEqual(headings, [...new Set(headings)]);
}
