/** What agents wrote is text and nothing else, in every field of every page, with VS Code and the backend played by the harness. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { startHarness } from '../support/chat-harness/harness-page.ts';
import { looksGood } from '../support/chat-harness/looks-good.ts';
import { allPayloads, holdsAllPayloads, nothingActed } from '../support/hostile-page.ts';
import { markupPayloads } from '../support/markup-payloads.ts';

const harness = await startHarness();
after(() => harness.close());
const { withPage } = harness;

test('where text is taken for markup the payloads do act, so that holding them means something', async (t) => {
  const browser = await launchBrowser();
  t.after(() => browser.close());
  const page = await browser.newPage();
  let asked = 0;
  await page.route('**/*', async (route) => {
    if (/outside/i.test(route.request().url())) asked += 1;
    await route.abort();
  });
  page.on('dialog', (dialog) => dialog.dismiss());
  let acting = 0;
  for (const payload of markupPayloads) {
    asked = 0;
    // What leads away while it is looked at was an act as well, and is counted by what it asked for.
    await page.goto('about:blank').catch(() => undefined);
    await page.setContent(payload, { waitUntil: 'commit' }).catch(() => undefined);
    const ran = await page.evaluate(() => new Promise((resolve) => setTimeout(() => resolve('hacked' in window), 0))).catch(() => false);
    if (ran || asked > 0) acting += 1;
  }
  console.log(`${acting} of ${markupPayloads.length} payloads act by themselves in a page that takes them for markup.`);
  assert.ok(acting >= 120, `${acting}`);
});

test('in a chat', async () => {
  await withPage('', async (page) => {
    // High enough that no row is left out, and with everything open.
    await page.setViewportSize({ width: 900, height: 9_000 });
    await page.evaluate(() => window.panel.fill('text'));
    await page.locator('[data-kind=mail]').waitFor();
    await openAll(page);
    await holdsAllPayloads(page);
    await looksGood(page, 'chat-hostile', { width: 900, height: 1_400 });
    // However long the names are, what can be done stays in sight.
    const end = await page.getByRole('button', { name: 'Stop Agent' }).boundingBox();
    assert.ok(end && end.x + end.width <= 900, JSON.stringify(end));
  });
});

test('in messages, held ones, dead letters and channels', async () => {
  await withPage('', async (page) => {
    await page.setViewportSize({ width: 900, height: 3_000 });
    await page.getByRole('tab', { name: 'Comms' }).click();
    await page.locator('agor-comms .scroller').waitFor();
    await holdsAllPayloads(page);
    await looksGood(page, 'comms-hostile', { width: 900, height: 1_400 });
  });
});

test('on the board and in the details of a task', async () => {
  await withPage('board?teams', async (page) => {
    await page.setViewportSize({ width: 1_400, height: 900 });
    await holdsAllPayloads(page);
    await looksGood(page, 'board-hostile', { width: 1_400, height: 900 });
  });
});

test('in both tabs of the metrics', async () => {
  await withPage('metrics', async (page) => {
    await holdsAllPayloads(page);
    await looksGood(page, 'metrics-live-hostile', { width: 1_200, height: 860 });
    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByRole('table').waitFor();
    await holdsAllPayloads(page);
    await looksGood(page, 'metrics-hostile', { width: 1_200, height: 860 });
  });
});

test('in the audit log, in the details of a row, and in the task that is made of it', async () => {
  await withPage('audit', async (page) => {
    await page.setViewportSize({ width: 1_400, height: 900 });
    await holdsAllPayloads(page);
    await page.getByRole('button', { name: 'Create Task from This' }).click();
    await page.locator('agor-audit-task').waitFor();
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByRole('alert').waitFor();
    await nothingActed(page);
    await looksGood(page, 'audit-hostile', { width: 1_400, height: 760 });
  });
});

for (const { name, query, method } of [
  { name: 'board', query: 'board', method: 'task/list' },
  { name: 'metrics', query: 'metrics', method: 'metrics/live' },
  { name: 'audit log', query: 'audit', method: 'audit/list' },
]) {
  test(`in what the ${name} says when it is refused`, async () => {
    await withPage(query, async (page) => {
      await page.evaluate(
        ([refused, text]) => {
          window.panel.refusals.set(refused, text);
          for (const state of ['away', 'connected'] as const) window.panel.connection(state);
        },
        [method, allPayloads] as const,
      );
      await page.waitForFunction(() => window.inspection.isShown('top.hacked=1'));
      await nothingActed(page);
    });
  });
}

test('in what the chat says when it is refused', async () => {
  await withPage('', async (page) => {
    await page.evaluate((text) => window.panel.refusals.set('agent/prompt', text), allPayloads);
    await page.getByRole('textbox', { name: 'Prompt' }).fill('Go on.');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('top.hacked=1').first().waitFor();
    await nothingActed(page);
  });
});

async function openAll(page: Page): Promise<void> {
  const closed = page.locator('.fold[aria-expanded=false]');
  while ((await closed.count()) > 0) await closed.first().click();
}
