/** What a person sees of fences, limits and failures in a real VS Code, and can change there. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readRunRecord } from '../../server/base/run-record-file.ts';
import type { Agent } from '../../server/protocol/agent.ts';
import { Chat } from '../support/chat.ts';
import { startEditor } from '../support/editor.ts';
import { until } from '../support/live-backend.ts';

const editor = await startEditor({ settings: { 'workbench.colorTheme': 'Default Light Modern' } });
const window = await editor.openPage();

before(async () => {
  await window.connected();
  await window.openViewContainer('Agor');
  await window.treeRow('demo').waitFor();
});
after(() => editor.stop());

test('the shield in the status bar opens a page that says what the agent can reach, with the proof', async () => {
  const shield = window.page.locator('.statusbar-item[id$="agor.sandbox"]');
  await shield.locator('a[aria-label*="Sandbox:"]').waitFor();
  await shield.click();
  const page = await window.webviewFrame('h1:has-text("What demo can reach")');
  const said = await page.locator('body').innerText();
  assert.match(said, /Sandbox: (full|partial|off)/);
  assert.match(said, /the project: .*sample/);
  assert.match(said, /\d+ of \d+ attempts inside the sandbox just now ended as they should/);
  await window.screenshot('sandbox-explained-light');
});

test('a setting that is changed in the editor is the one that the backend goes by, and one taken back is its default', async () => {
  editor.changeSettings({ 'agor.turns.max': 1 });
  await until(async () => (await setting('turns.max')).value === 1);
  editor.changeSettings({});
  await until(async () => !(await setting('turns.max')).isSet);
});

test('an agent that may not begin yet says that it waits, and begins when there is room', async () => {
  editor.changeSettings({ 'agor.turns.max': 1 });
  await until(async () => (await setting('turns.max')).value === 1);
  await editor.agor(['agent', 'add', 'second', '--provider', 'demo', '--project', 'sample', '--env', 'AGOR_DEMO_SPEED'], {
    AGOR_DEMO_SPEED: '0',
  });
  await editor.agor(['agent', 'prompt', 'demo', 'long']);
  await window
    .treeRow('demo')
    .filter({ hasText: 'Writing' })
    .or(window.treeRow('demo').filter({ hasText: 'Working' }))
    .waitFor();
  const chat = await Chat.open(window, 'second');
  await chat.say('hello');
  await (await chat.frame()).getByText('Waits for a turn: the only one is taken').waitFor();
  await window.screenshot('waiting-for-turn-light');
  await editor.agor(['agent', 'interrupt', 'demo']);
  await chat.turnEnd('Done');
});

test('an agent that keeps crashing is given up with its last error, and restarted from its row', async () => {
  editor.changeSettings({ 'agor.supervisor.maxAttempts': 1, 'agor.supervisor.baseDelayMs': 10 });
  await until(async () => (await setting('supervisor.maxAttempts')).value === 1);
  const first = await killSidecar();
  await until(async () => sidecarOf(await agent()) !== first && (await agent()).state === 'idle');
  await killSidecar();
  const row = window.treeRow('second').filter({ hasText: 'Failed' });
  await row.waitFor();
  await window.hoverUntil(row, window.page.locator('.monaco-hover', { hasText: 'gave up after 1 attempt: it was ended by SIGKILL' }));
  await window.screenshot('agent-failed-light');
  await row.locator('.action-label[aria-label="Restart Agent"]').click();
  await window.treeRow('second').filter({ hasText: 'Ready' }).waitFor();
  assert.deepEqual((await agent()).sidecarHealth, { state: 'healthy' });
  assert.deepEqual(window.errors, []);
});

async function setting(name: string): Promise<{ value: unknown; isSet: boolean }> {
  const { settings } = await editor.agor<{ settings: { name: string; value: unknown; isSet: boolean }[] }>(['config', 'list']);
  const found = settings.find((candidate) => candidate.name === name);
  assert.ok(found);
  return found;
}

async function agent(): Promise<Agent> {
  const { agents } = await editor.agor<{ agents: Agent[] }>(['agent', 'list']);
  const found = agents.find(({ name }) => name === 'second');
  assert.ok(found);
  return found;
}

function sidecarOf({ id }: Agent): number {
  return readRunRecord(join(editor.dataDir, 'run', 'agents', `${id}.json`)).sidecar?.pid ?? 0;
}

/** Answers whom it killed. */
async function killSidecar(): Promise<number> {
  const pid = sidecarOf(await agent());
  process.kill(pid, 'SIGKILL');
  return pid;
}
