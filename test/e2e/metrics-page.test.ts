/** The metrics page in a browser, with VS Code and the backend played by the harness. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Page } from 'playwright-core';
import { requests, startHarness } from '../support/chat-harness/harness-page.ts';
import { looksGood, shoot } from '../support/chat-harness/looks-good.ts';

const harness = await startHarness();
after(() => harness.close());
const { withPage } = harness;

for (const theme of ['dark', 'light', 'highContrast'] as const) {
  test(`both tabs have no serious accessibility findings in the ${theme} theme, wide and narrow`, async () => {
    await withPage(`metrics?theme=${theme}`, async (page) => {
      await page.getByText('sessions.db-wal').waitFor();
      await looksGood(page, `metrics-live-${theme}`, { width: 1200, height: 860 });
      await looksGood(page, `metrics-live-narrow-${theme}`, { width: 440, height: 1000 });
      await showHistory(page);
      await looksGood(page, `metrics-history-${theme}`, { width: 1200, height: 860 });
      await looksGood(page, `metrics-history-narrow-${theme}`, { width: 440, height: 1000 });
    });
  });
}

test('the page keeps to its policy and says no error', async () => {
  await withPage('metrics', async (page) => {
    await showHistory(page);
    const said = await page.evaluate(() => [...window.metrics.violations, ...window.metrics.sent.filter(({ type }) => type === 'failed')]);
    assert.deepEqual(said, []);
  });
});

test('who needs the person most comes first, and the button opens exactly that session', async () => {
  await withPage('metrics', async (page) => {
    assert.deepEqual(await page.locator('.queue strong').allTextContents(), ['builder', 'tester-with-a-long-name']);
    await page.getByRole('button', { name: 'Open builder' }).first().click();
    assert.deepEqual(await page.evaluate(() => window.metrics.sent.at(-1)), {
      type: 'openAgent',
      agentId: await page.evaluate(() => window.metrics.live.attention[0]),
      sessionId: await page.evaluate(() => window.metrics.live.projects[0]?.agents[1]?.sessionId),
    });
  });
});

test('a context is told in words and by its level', async () => {
  await withPage('metrics', async (page) => {
    const agents = page.locator('.agent');
    assert.equal(await agents.nth(0).locator('.bar.fine').count(), 1);
    assert.equal(await agents.nth(1).locator('.bar.large').count(), 1);
    assert.equal(await agents.nth(2).locator('.bar.critical').count(), 1);
    await agents.nth(2).getByText('Context 94 % full').waitFor();
    await agents.nth(4).getByText('Context unknown').waitFor();
  });
});

test('news are shown soon, and nothing is asked while the page is hidden', async () => {
  await withPage('metrics', async (page) => {
    await page.evaluate(() => {
      window.metrics.live = { ...window.metrics.live, attention: [] };
      window.metrics.notify('agent/removed', { agentId: 'x' as never });
    });
    await page.getByText('Nobody needs you now.').waitFor();
    const hide = (state: string) =>
      page.evaluate((now) => {
        Object.defineProperty(document, 'visibilityState', { value: now, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, state);
    await hide('hidden');
    const asked = (await requests(page, 'metrics/live')).length;
    await page.evaluate(() => window.metrics.notify('agent/removed', { agentId: 'x' as never }));
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 0)));
    assert.equal((await requests(page, 'metrics/live')).length, asked);
    await hide('visible');
    await page.waitForFunction(
      (before) => window.metrics.sent.filter((sent) => sent.type === 'request' && sent.method === 'metrics/live').length > before,
      asked,
    );
  });
});

test('the history is sorted and filtered by keyboard alone', async () => {
  await withPage('metrics', async (page) => {
    await page.getByRole('tab', { name: 'Live' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('table').waitFor();
    await page.getByRole('button', { name: 'Cost', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.locator('th[aria-sort=descending]', { hasText: 'Cost' }).waitFor();
    const costs = await page.locator('tbody td:nth-child(9)').allTextContents();
    assert.deepEqual(
      costs,
      costs.toSorted((a, b) => Number(b.slice(1)) - Number(a.slice(1)) || 0),
    );
    await page.keyboard.press('/');
    await page.keyboard.type('overloaded');
    await page.locator('tbody tr').nth(3).waitFor({ state: 'detached' });
    assert.deepEqual([...new Set(await page.locator('tbody .status').allInnerTexts())], ['Error']);
    await page.keyboard.type(' nothing like it');
    await page.getByText('No session fits the filter.').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('table').waitFor();
  });
});

test('tab, project, order and filter are the same after a reload', async () => {
  await withPage('metrics', async (page) => {
    await showHistory(page);
    await page.getByRole('button', { name: 'Turns' }).click();
    await page.getByLabel('Status').selectOption('stopped');
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await page.reload();
    await page.getByRole('table').waitFor();
    assert.equal(await page.locator('th[aria-sort=descending]').innerText(), 'Turns');
    assert.equal(await page.getByLabel('Status').inputValue(), 'stopped');
  });
});

test('the CSV is asked of the panel, for the project that is shown', async () => {
  await withPage('metrics', async (page) => {
    await showHistory(page);
    await page.getByRole('button', { name: 'Export CSV' }).click();
    const projectId = await page.evaluate(() => window.metrics.live.projects[0]?.projectId);
    assert.deepEqual(await page.evaluate(() => window.metrics.sent.at(-1)), { type: 'exportMetrics', projectId });
    await page.getByLabel('Project').selectOption('website');
    await page.getByText('No session has ended a turn yet').waitFor();
    await shoot(page, 'metrics-history-empty');
  });
});

test('what cannot be loaded says why, and there is a way out; without a project it says what would be here', async () => {
  await withPage('metrics?fails', async (page) => {
    await page.getByText('The database of sessions is damaged.').waitFor();
    await shoot(page, 'metrics-failed');
    await page.getByRole('button', { name: 'Try Again' }).click();
    await page.locator('.totals').waitFor();
    await page.evaluate(() => window.metrics.connection('away'));
    await page.getByText('Reconnecting…').waitFor();
    assert.equal(await page.locator('.totals').count(), 1);
  });
  await withPage('metrics?empty', async (page) => {
    await page.getByText('There is no project yet').waitFor();
  });
});

async function showHistory(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'History' }).click();
  await page.getByRole('table').waitFor();
}
