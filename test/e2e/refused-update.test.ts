/** A window whose version cannot be used on the data that there is: it says so once, and works with the one that serves. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startEditor } from '../support/editor.ts';
import { packExtension } from '../support/packed-extension.ts';
import { UpgradeWorld } from '../support/upgrade-world.ts';

test('a version that fails its smoke test is told of in one warning, whose button shows the log', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'agor-refused-'));
  const world = new UpgradeWorld();
  const ends = [() => world.close()];
  context.after(async () => {
    for (const end of ends) await end();
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  });
  const vsix = join(folder, 'agent-orchestrator.vsix');
  packExtension(vsix);
  // Older by its date, and with a schema that the window's own version does not know.
  const serving = await world.build({
    name: 'serving',
    later: -3_600_000,
    migration: 'db.exec("create table further (x integer) strict")',
  });
  await (await world.connect(serving)).call('project/add', { path: world.project, trusted: true });
  const { pid } = world.owner();

  const editor = await startEditor({
    ...{ vsix, dataDir: world.paths.dataDir, folder: world.project },
    settings: { 'workbench.colorTheme': 'Default Dark Modern' },
  });
  ends.unshift(() => editor.stop());
  const window = await editor.openPage();
  const { page } = window;
  const warning = page.locator('.notification-toast', { hasText: 'cannot be used on this data directory' });
  await warning.waitFor();
  await window.connected();
  assert.match(
    (await warning.textContent()) ?? '',
    /its smoke test ended with code 1: sessions\.db was made by a newer version \(its schema is \d+, this version knows \d+\)\. Version serving\.0 \(serving\) goes on/,
  );
  await window.screenshot('refused-update-dark');
  editor.changeSettings({ 'workbench.colorTheme': 'Default Light Modern' });
  await page.locator('.monaco-workbench.vs').waitFor();
  await window.screenshot('refused-update-light');
  await warning.getByRole('button', { name: 'Show Log' }).click();
  await page.getByText('cannot be used on this data directory').first().waitFor();
  await warning.waitFor({ state: 'detached' });
  await window.screenshot('refused-update-log');
  assert.equal(world.owner().pid, pid);

  // It was said; a window that is opened anew only works.
  await window.reload();
  await window.connected();
  assert.equal(await warning.count(), 0);
  assert.deepEqual(window.errors, []);
});
