/** What the chat page says of an agent that waits, sleeps, crashed or tries again, with VS Code played by the harness. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Page } from 'playwright-core';
import { root } from '../../scripts/environment.ts';
import { seriousFindings } from '../support/accessibility.ts';
import { ask, requests, startHarness } from '../support/chat-harness/harness-page.ts';

const harness = await startHarness();
after(() => harness.close());
const { withPage } = harness;

test('an agent that comes back by itself says when, and can be told not to wait', async () => {
  await withPage('?calm', async (page) => {
    const lastError = 'it was ended by SIGKILL';
    await page.evaluate(
      ([why, wait]) => {
        const sidecarHealth = { state: 'restarting', attempt: 2, nextRetryAt: Date.now() + wait, lastError: why } as const;
        window.harness.changeAgent({ state: 'restarting', sidecarHealth });
      },
      [lastError, 3_000_000] as const,
    );
    const line = page.locator('.line', { hasText: 'Its sidecar crashed and is started again in' });
    await line.getByText(/49 min \d+ s/).waitFor();
    assert.match(await line.innerText(), /attempt 2 · it was ended by SIGKILL/);
    await looksGood(page, 'restarting');
    await line.getByRole('button', { name: 'Restart Now' }).click();
    assert.equal((await requests(page, 'agent/restart')).length, 1);
  });
});

test('an agent that is offline or was given up says why, with what to do about it', async () => {
  await withPage('?calm', async (page) => {
    await page.evaluate(() => window.harness.changeAgent({ state: 'offline', stateDetail: '' }));
    const offline = page.locator('.line', { hasText: 'Its program ended by itself. The next prompt resumes the session.' });
    await looksGood(page, 'offline');
    await offline.getByRole('button', { name: 'Resume', exact: true }).click();
    assert.equal((await requests(page, 'agent/start')).length, 1);
    await page.evaluate(() => window.harness.changeAgent({ state: 'failed', stateDetail: 'Failed after 5 restarts.' }));
    const failed = page.locator('.line', { hasText: 'Failed after 5 restarts.' });
    await failed.getByRole('button', { name: 'Restart Now' }).click();
    assert.equal((await requests(page, 'agent/restart')).length, 1);
  });
});

test('an agent that waits for a turn, or sleeps, says so in one line', async () => {
  await withPage('?calm', async (page) => {
    const stateDetail = 'Waits for a turn: all 5 are taken';
    await page.evaluate(
      (detail) => window.harness.changeAgent({ state: 'waitingForTurn', stateDetail: detail, queuedPrompts: 1 }),
      stateDetail,
    );
    await page.locator('.line', { hasText: stateDetail }).waitFor();
    assert.equal(await page.locator('.lines .line').count(), 1);
    await looksGood(page, 'waiting-for-turn');
    await page.evaluate(() => window.harness.changeAgent({ state: 'sleeping', stateDetail: '', queuedPrompts: 0 }));
    await page.locator('.line', { hasText: 'The next prompt resumes the session.' }).waitFor();
    assert.equal(await page.locator('.lines .line').count(), 1);
  });
});

test('a provider that is tried again is shown with a countdown, which can be stopped, until it is over', async () => {
  await withPage('?calm', async (page) => {
    const failure = { type: 'overloaded', message: 'Service overloaded — retrying in 30s', retryable: true } as const;
    const retry = { attempt: 2, maxAttempts: 10, failure, isOver: false };
    const item = await page.evaluate((wait) => {
      window.harness.changeAgent({ state: 'running' });
      return window.harness.add({ kind: 'notice', level: 'warning', text: 'Told', retry: { ...wait, until: Date.now() + 3_000_000 } });
    }, retry);
    const row = page.locator('.notice', { hasText: 'Service overloaded' });
    await row.getByText(/49 min \d+ s/).waitFor();
    assert.match(await row.innerText(), /attempt 2 of 10 · again in/);
    assert.doesNotMatch(await row.innerText(), /30s/);
    await looksGood(page, 'retry');
    await row.getByRole('button', { name: 'Stop' }).click();
    assert.equal((await requests(page, 'agent/interrupt')).length, 1);
    await page.evaluate((was) => {
      if (was.kind !== 'notice' || !was.retry) throw new Error('A retry was expected.');
      window.harness.change({ op: 'put', item: { ...was, retry: { ...was.retry, isOver: true } } });
    }, item);
    await page.locator('.notice', { hasText: 'Told' }).waitFor();
    assert.equal(await row.count(), 0);
  });
});

test('a question of an agent without a sandbox says that the answer protects from nothing', async () => {
  await withPage('?empty', async (page) => {
    await page.evaluate(() => window.harness.changeAgent({ sandboxMode: 'off' }));
    await ask(page, 1);
    await page.locator('.question.open').getByText('This agent is not sandboxed').waitFor();
    await page.locator('.question.open [data-decision=deny]:not([disabled])').waitFor();
    await looksGood(page, 'unfenced');
  });
});

/** In both themes: kept to be looked at, and nothing serious for those who cannot. */
async function looksGood(page: Page, name: string): Promise<void> {
  const folder = join(root, 'test-output', 'screenshots');
  mkdirSync(folder, { recursive: true });
  for (const theme of ['dark', 'light'] as const) {
    await page.evaluate((wanted) => window.harness.theme(wanted), theme);
    assert.deepEqual(await seriousFindings(page), []);
    await page.screenshot({ path: join(folder, `chat-page-${name}-${theme}.png`) });
  }
}
