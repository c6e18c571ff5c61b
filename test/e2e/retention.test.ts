/** What becomes of old messages, and what the data directory holds, in a VS Code as its users have it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RetentionReport } from '../../server/protocol/retention.ts';
import { startPackedEditor } from '../support/packed-extension.ts';

test('a person is told how long messages are kept, archives at once, and sees the archive in the storage card', async (context) => {
  const editor = await startPackedEditor();
  context.after(() => editor.stop());
  const window = await editor.openPage();
  await window.connected();
  await window.runCommand('Agor: Review Archiving of Old Messages');
  const review = window.toast('Messages older than 90 days are archived each day. In archives: 0.');
  await review.waitFor();
  await window.screenshot('retention-review');
  await review.getByRole('button', { name: 'Archive Now' }).click();
  await window.toast('No message is old enough to be archived.').waitFor();
  await window.runCommand('Agor: Open Metrics');
  const frame = await window.webviewFrame('text=Storage');
  await frame.locator('text=Archive of messages').scrollIntoViewIfNeeded();
  await window.screenshot('retention-storage-card');
  const { lastRun, state } = RetentionReport.parse(await editor.agor(['retention', 'show']));
  assert.deepEqual([state, lastRun?.archived, lastRun?.problems], ['agreed', 0, []]);
  assert.deepEqual(window.errors, []);
});
