/** The real Claude Code in the chat panel of a real VS Code, against a stand-in of the model's API. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readRunRecord } from '../../server/base/run-record-file.ts';
import { Chat } from '../support/chat.ts';
import { startClaudeEditor } from '../support/claude-in-editor.ts';
import { longText } from '../support/model-script.ts';

const { editor, window, model, addClaude, stop } = await startClaudeEditor();
let chat: Chat;
let agentId: string;

before(async () => {
  agentId = await addClaude('claude');
  chat = await Chat.open(window, 'claude');
});
after(stop);

test('text streams and is there once', async () => {
  await chat.say('text Hello from the model.');
  await chat.turnEnd('Done');
  await (await chat.row('text', 'Hello from the model.')).waitFor();
  assert.equal((await chat.text()).split('Hello from the model.').length - 1, 2, 'once in the prompt and once in the answer');
});

test('a command runs when it is allowed', async () => {
  await chat.say('bash echo made > made.txt');
  await (await chat.frame()).locator('.question.open').getByText('echo made > made.txt').waitFor();
  await window.screenshot('claude-question-dark');
  await chat.answer('allowOnce');
  await chat.turnEnd('Done');
  assert.equal(await readFile(join(editor.folder, 'made.txt'), 'utf8'), 'made\n');
});

test('a file that is denied is not written, and the model hears of it', async () => {
  await chat.say('write denied.txt never');
  await chat.answer('deny');
  await chat.turnEnd('Done');
  await (await chat.row('permission', 'Denied')).waitFor();
  assert.equal(existsSync(join(editor.folder, 'denied.txt')), false);
});

test('the stop button ends the turn, and the session goes on', async () => {
  await chat.say('long 4000');
  await (await chat.row('text', 'word10')).waitFor();
  await (await chat.frame()).getByRole('button', { name: 'Stop', exact: true }).click();
  await chat.turnEnd('Stopped by you');
  await chat.say('text And on it goes.');
  await chat.turnEnd('Done');
});

test('an error of the model says what it is', async () => {
  await chat.say('error 429');
  await chat.turnEnd(/Rate limited/);
  await window.screenshot('claude-error-dark');
});

test('after the program was killed the next prompt goes on in the same session', async () => {
  await chat.say('long 3000');
  await isSpeaking();
  const { program: running } = readRunRecord(join(editor.dataDir, 'run', 'agents', `${agentId}.json`));
  assert.ok(running);
  process.kill(running.pid, 'SIGKILL');
  await chat.turnEnd(/went away/);
  await (await chat.row('text', /word10 .*Cut off/s)).waitFor();
  await chat.say('text Still here.');
  await chat.turnEnd('Done');
  const asked = JSON.stringify(model.requests.at(-1)?.messages);
  assert.match(asked, /Hello from the model/, 'the model was sent the whole conversation');
});

test('a long answer is whole after the window was reloaded in the middle of it', async () => {
  await chat.say('long 600');
  await isSpeaking();
  await window.reload();
  await chat.turnEnd('Done');
  const { items } = await editor.agor<{ items: { kind: string; text?: string }[] }>(['session', 'show']);
  const texts = items.filter(({ kind }) => kind === 'text');
  assert.equal(texts.at(-1)?.text, longText(600));
  await window.runCommand('Preferences: Toggle between Light/Dark Themes');
  await window.page.locator('.monaco-workbench.vs').waitFor();
  await window.screenshot('claude-light');
  assert.deepEqual(window.errors, []);
});

/** The newest answer has begun; earlier ones say the same words. */
async function isSpeaking(): Promise<void> {
  await (await chat.frame()).locator('.row:last-child[data-kind=text]', { hasText: 'word10' }).waitFor();
}
