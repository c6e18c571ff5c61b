/** The real Claude Code in the middle of a tool call while each ring is killed in turn: what the person sees. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { listProcesses, withDescendants } from '../../scripts/processes.ts';
import { readRunRecord } from '../../server/base/run-record-file.ts';
import type { RunRecord } from '../../server/protocol/run-record.ts';
import { seriousFindings } from '../support/accessibility.ts';
import { Chat } from '../support/chat.ts';
import { startClaudeEditor } from '../support/claude-in-editor.ts';
import { until } from '../support/live-backend.ts';

const { editor, window, model, program, addClaude, stop } = await startClaudeEditor();
let chat: Chat;
let agentId: string;

before(async () => {
  agentId = await addClaude('claude');
  chat = await Chat.open(window, 'claude');
  await chat.say('text The first thing that was said.');
  await chat.turnEnd('Done');
});
after(stop);

test('the program is killed: its turn is cut where it was, and its sidecar brings it back in the session', async () => {
  const { sidecar, program: killed } = await inToolCall('program');
  process.kill(claudeBelow(killed?.pid), 'SIGKILL');
  await chat.turnEnd(/went away/);
  await showsCutCall();
  await (await chat.row('notice', 'Claude Code ended with signal SIGKILL. It is started again')).waitFor();
  await window.screenshot('rings-program-killed-dark');
  await until(() => run().program !== null && run().program?.pid !== killed?.pid);
  assert.deepEqual(run().sidecar, sidecar);
  await goesOnAfter('program');
  await window.screenshot('rings-program-after-dark');
});

test('the sidecar is killed: the same, and after a second the backend starts another, in the session', async () => {
  const { sidecar: killed } = await inToolCall('sidecar');
  const restarting = (await chat.frame()).getByText('Its sidecar crashed and is started again in').waitFor();
  process.kill(killed?.pid ?? 0, 'SIGKILL');
  await chat.turnEnd('Its sidecar crashed: it was ended by SIGKILL');
  await restarting;
  await window.screenshot('rings-sidecar-killed-dark');
  await showsCutCall();
  assert.deepEqual(await seriousFindings(await chat.frame()), []);
  await (await chat.frame()).locator('agor-chat-header').getByText('Ready').waitFor();
  assert.notEqual(run().sidecar?.pid, killed?.pid);
  await goesOnAfter('sidecar');
  await window.screenshot('rings-sidecar-after-dark');
});

test('the backend is killed: the turn goes on, the window starts another backend, and the turn ends as if nothing was', async () => {
  await window.runCommand('Preferences: Toggle between Light/Dark Themes');
  await window.page.locator('.monaco-workbench.vs').waitFor();
  const before = await inToolCall('backend');
  const away = (await chat.frame()).getByText('Reconnecting').waitFor();
  process.kill(backendPid(), 'SIGKILL');
  await away;
  await window.screenshot('rings-backend-killed-light');
  await window.statusBarItem('Agor: 1 working').waitFor();
  await window.screenshot('rings-backend-again-light');
  writeFileSync(join(editor.folder, 'go-backend'), '');
  await chat.turnEnd('Done');
  await (await chat.row('text', 'The tool said: backend is through')).waitFor();
  assert.deepEqual([run().sidecar, run().program], [before.sidecar, before.program]);
  await goesOnAfter('backend');
  await window.screenshot('rings-backend-after-light');
  assert.deepEqual(window.errors, []);
});

/** In a fresh turn: a command has had its effect, and runs until a file is there. */
async function inToolCall(ring: string): Promise<RunRecord> {
  const command = `echo ${ring} >> ring-${ring}.txt; until [ -e go-${ring} ]; do sleep 0.1; done; echo ${ring} is through`;
  await chat.say(`text I write one line for the ${ring}. && bash ${command}`);
  await chat.answer('allowOnce');
  await until(() => effectOf(ring) !== '');
  return run();
}

async function showsCutCall(): Promise<void> {
  const cut = (await chat.frame()).locator('[data-kind=tool]', { hasText: 'Cut off' }).last();
  await cut.waitFor();
}

/** The next prompt is answered by one who knows the whole session, and the command was not run again. */
async function goesOnAfter(ring: string): Promise<void> {
  const asked = model.requests.length;
  await chat.say(`text And on it goes after the ${ring}.`);
  await chat.turnEnd('Done');
  const sent = JSON.stringify(model.requests.slice(asked));
  assert.match(sent, /The first thing that was said/);
  assert.ok(sent.includes(`I write one line for the ${ring}.`), 'what the cut turn said is remembered as well');
  assert.equal(effectOf(ring), `${ring}\n`);
}

function effectOf(ring: string): string {
  try {
    return readFileSync(join(editor.folder, `ring-${ring}.txt`), 'utf8');
  } catch {
    // Not written yet.
    return '';
  }
}

function run(): RunRecord {
  return readRunRecord(join(editor.dataDir, 'run', 'agents', `${agentId}.json`));
}

/** Claude Code itself, inside whatever the program was started in. */
function claudeBelow(startedPid: number | undefined): number {
  const below = withDescendants(listProcesses(), ({ pid }) => pid === startedPid);
  const claude = below.find(({ command }) => command.startsWith(program));
  assert.ok(claude);
  return claude.pid;
}

function backendPid(): number {
  const backend = editor.backendProcesses().find(({ command }) => /[/\\]backend\.js /.test(command));
  assert.ok(backend);
  return backend.pid;
}
