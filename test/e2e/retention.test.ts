/** What becomes of old messages and transcripts, and what the data directory holds, in a VS Code as its users have it. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { root } from '../../scripts/environment.ts';
import { copySample } from '../../scripts/sample.ts';
import { dataPaths } from '../../server/base/data-paths.ts';
import { RetentionReport } from '../../server/protocol/retention.ts';
import { openStores } from '../../server/stores.ts';
import { seriousFindings } from '../support/accessibility.ts';
import { Chat } from '../support/chat.ts';
import type { Editor } from '../support/editor.ts';
import { startPackedEditor } from '../support/packed-extension.ts';
import type { Workbench } from '../support/workbench.ts';
import { makeOlder } from '../support/worked-long-ago.ts';

const dayMs = 24 * 60 * 60_000;
const home = mkdtempSync(join(tmpdir(), 'agor-retention-'));
const [folder, dataDir] = [join(home, 'sample'), join(home, 'data')];
let editor: Editor;
let window: Workbench;

before(async () => {
  await workLongAgo();
  editor = await startPackedEditor({ folder, dataDir, settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
  window = await editor.openPage();
  await window.connected();
});
after(async () => {
  await editor?.stop();
  rmSync(home, { recursive: true, force: true, maxRetries: 10 });
});

/** A conversation of two hundred days ago, with a younger turn behind it. */
async function workLongAgo(): Promise<void> {
  const env = { ...process.env, AGOR_DATA_DIR: dataDir, AGOR_CONFIG_DIR: join(home, 'config') };
  const agor = (...args: string[]) => promisify(execFile)(process.execPath, [join(root, 'dist', 'cli', 'agor.js'), ...args], { env });
  copySample(folder);
  await agor('project', 'add', folder, '--trust');
  await agor('agent', 'add', 'demo', '--provider', 'demo', '--project', 'sample');
  const say = (text: string) => agor('agent', 'prompt', 'demo', text, '--project', 'sample', '--wait');
  await say('help');
  await agor('backend', 'stop');
  const stores = openStores(dataPaths(dataDir));
  makeOlder(stores, 200 * dayMs);
  stores.close();
  await say('help once more');
  await agor('agent', 'stop', 'demo', '--project', 'sample');
  await agor('backend', 'stop');
}

test('a person is told how long things are kept, archives at once, and sees the archive in the storage card', async () => {
  await window.runCommand('Agor: Review Archiving of Old Messages');
  const review = window.toast('Messages older than 90 days are archived each day. In archives: 0. Transcripts are kept for good.');
  await review.waitFor();
  await window.screenshot('retention-review');
  await review.getByRole('button', { name: 'Archive Now' }).click();
  await window.toast('Nothing is old enough to be archived.').waitFor();
  await window.runCommand('Agor: Open Metrics');
  const frame = await window.webviewFrame('text=Storage');
  await frame.locator('text=Archive of messages and transcripts').scrollIntoViewIfNeeded();
  await window.screenshot('retention-storage-card');
  const { lastRun, state } = RetentionReport.parse(await editor.agor(['retention', 'show']));
  assert.deepEqual([state, lastRun?.archived, lastRun?.problems], ['agreed', 0, []]);
  assert.deepEqual(window.errors, []);
});

test('an open chat says that its beginning went into an archive, keeps the younger turn, and how to read the older one', async () => {
  const chat = await Chat.open(window, 'demo');
  const prompts = (await chat.frame()).locator('[data-kind=prompt]');
  await prompts.nth(1).waitFor();
  await editor.agor(['config', 'set', 'retention.transcriptDays', '30']);
  const run = await editor.agor<{ archivedItems: number }>(['retention', 'run']);
  const note = (await chat.frame()).getByRole('note').filter({ hasText: `${run.archivedItems} earlier entries` });
  await note.waitFor();
  assert.equal(await prompts.count(), 1);
  await window.screenshot('retention-chat-dark');
  assert.deepEqual(await seriousFindings(await chat.frame()), []);
  await note.getByRole('button', { name: 'Copy Command to Read Them' }).click();
  const [session] = (await editor.agor<{ sessions: { id: string }[] }>(['session', 'list'])).sessions;
  const { items } = await editor.agor<{ items: unknown[] }>(['retention', 'read', '--session', session?.id ?? '']);
  assert.equal(items.length, run.archivedItems);
});

test('after a reload, in light colours, it says so again, and a new turn goes on', async () => {
  editor.changeSettings({ 'security.workspace.trust.enabled': false, 'workbench.colorTheme': 'Default Light Modern' });
  await window.reload();
  const chat = await Chat.open(window, 'demo');
  await (await chat.frame()).getByRole('note').filter({ hasText: 'earlier entries' }).waitFor();
  await chat.say('hello');
  await chat.turnEnd('Done');
  await window.screenshot('retention-chat-light');
  await window.runCommand('Agor: Review Archiving of Old Messages');
  await window.toast('Turns older than 30 days are archived each day.').waitFor();
  await window.screenshot('retention-review-light');
});
