/** Two real Claude Code agents and a demo agent on one board, as the person sees them in a real VS Code. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Chat } from '../support/chat.ts';
import { startClaudeEditor } from '../support/claude-in-editor.ts';
import { done, handingOn } from '../support/handing-on.ts';

const { editor, window, addClaude, stop } = await startClaudeEditor();

before(async () => {
  await addClaude('lead', 'manager');
  await addClaude('builder');
  await editor.agor(['agent', 'add', 'tester', '--provider', 'demo', '--role', 'tester', '--project', 'sample']);
  for (const agent of ['lead', 'builder', 'tester']) await editor.agor(['agent', 'start', agent]);
});
after(stop);

test('the manager hands work on, and the tree shows who is what', async () => {
  const chat = await Chat.open(window, 'lead');
  await chat.say(handingOn);
  await (await chat.row('text', 'Everyone has something to do.')).waitFor();
  await window.treeRow(/lead.*Manager/i).waitFor();
  await window.screenshot('team-lead-dark');
});

test('the answer reaches the manager as a turn of its own', async () => {
  const frame = await (await Chat.open(window, 'lead')).frame();
  await frame.locator('[data-kind=prompt]', { hasText: 'builder' }).first().waitFor();
  await frame.getByRole('tab', { name: 'Comms' }).click();
  const answer = frame.locator('.message', { hasText: done }).last();
  await answer.locator('.state', { hasText: 'Seen' }).waitFor();
  await frame.locator('.message .state', { hasText: 'Answered' }).first().waitFor();
  await window.screenshot('team-comms-dark');
  await frame.getByRole('tab', { name: 'Chat' }).click();
});

test('the board shows the task where the worker has put it', async () => {
  await window.runCommand('Agor: Open Board');
  const board = await window.webviewFrame('agor-board-page');
  await board.locator('[data-state=review] [data-task]', { hasText: 'Write the parser' }).getByText('builder').waitFor();
  await window.screenshot('team-board-dark');
});

test('the manager is woken, and its chat says why', async () => {
  await editor.agor(['wake', 'now', 'lead']);
  const chat = await Chat.open(window, 'lead');
  await (await chat.frame()).getByText('Woken').first().waitFor();
  await window.screenshot('team-woken-dark');
});

test('every step is in the audit log, and the commands tell the same', async () => {
  const { records } = await editor.agor<{ records: { event: string }[] }>(['audit', 'list', '--limit', '200']);
  const events = records.map(({ event }) => event);
  for (const event of [
    'task_created',
    'task_assigned',
    'message_sent',
    'message_delivered',
    'message_read',
    'task_status_changed',
    'wake_event',
  ])
    assert.ok(events.includes(event), event);
  const { breaks } = await editor.agor<{ breaks: unknown[] }>(['audit', 'verify']);
  assert.deepEqual(breaks, []);
  assert.deepEqual(window.errors, []);
});
