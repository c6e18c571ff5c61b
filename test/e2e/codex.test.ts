/** The real Codex in the chat panel of a real VS Code, against a stand-in of the model's API. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { Chat } from '../support/chat.ts';
import { codexProgram } from '../support/codex-program.ts';
import { startEditor } from '../support/editor.ts';
import { startResponsesApi } from '../support/responses-api.ts';

const program = await codexProgram();
const model = await startResponsesApi();
const PATH = `${dirname(program)}:${process.env.PATH}`;
const editor = await startEditor({ settings: { 'workbench.colorTheme': 'Default Dark Modern' }, env: { PATH } });
const window = await editor.openPage();
let chat: Chat;

before(async () => {
  await window.connected();
});
after(async () => {
  await editor.stop();
  await model.close();
});

test('adding an agent says whether its program is installed, or how to install it', async () => {
  await window.runCommand('Agor: Add Agent');
  const rows = window.page.locator('.quick-input-widget .monaco-list-row');
  // What is on the PATH of a window depends on the machine: either way something is said.
  await rows
    .filter({ hasText: 'Codex' })
    .filter({ hasText: /not installed|installed|\d+\.\d+\.\d+/ })
    .first()
    .waitFor();
  await window.screenshot('codex-add-agent-dark');
  await window.page.keyboard.press('Escape');
});

test('a file that is allowed is written, after both sides of it were shown', async () => {
  const environment = { OPENAI_API_KEY: 'not-a-key', OPENAI_BASE_URL: model.url };
  const added = ['agent', 'add', 'codex', '--provider', 'codex', '--project', 'sample', '--model', 'gpt-6.1-sol'];
  await editor.agor([...added, '--', program], environment);
  chat = await Chat.open(window, 'codex');
  await chat.say('think about it');
  await chat.turnEnd('Done');
  await chat.say('write made.txt made by Codex');
  await (await chat.frame()).locator('.question.open').getByText('made.txt').first().waitFor();
  await window.screenshot('codex-question-dark');
  await chat.answer('allowOnce');
  await chat.turnEnd('Done');
  assert.equal(await readFile(join(editor.folder, 'made.txt'), 'utf8'), 'made by Codex\n');
});

test('the header says what the session cost, and by whose word', async () => {
  await (await chat.frame()).locator('[title*="prices of 2026-10-27"]').first().waitFor();
  await window.screenshot('codex-cost-dark');
});

test('an error of the model says what it is', async () => {
  await chat.say('error 429');
  await chat.turnEnd(/Rate limited/);
  await window.screenshot('codex-error-dark');
});
