/** The audit panel's page in a browser, with VS Code and the backend played by the harness. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Page } from 'playwright-core';
import { requests, startHarness } from '../support/chat-harness/harness-page.ts';
import { looksGood } from '../support/chat-harness/looks-good.ts';

const harness = await startHarness();
after(() => harness.close());
const { withPage } = harness;

for (const theme of ['dark', 'light', 'highContrast'] as const) {
  test(`the audit panel has no serious accessibility findings in the ${theme} theme, wide and narrow`, async () => {
    await withPage(`audit?theme=${theme}`, async (page) => {
      await looksGood(page, `audit-${theme}`, { width: 1400, height: 760 });
      await page.getByRole('combobox', { name: 'Time' }).selectOption('between');
      await row(page, 11).click();
      await page.getByRole('button', { name: 'Create Task from This' }).click();
      await looksGood(page, `audit-task-${theme}`, { width: 1400, height: 900 });
      await page.keyboard.press('Escape');
      await looksGood(page, `audit-narrow-details-${theme}`, { width: 420, height: 760 });
      await page.getByRole('button', { name: 'Close' }).click();
      await page.evaluate(() => {
        window.audit.breaks = [{ seq: 7, kind: 'changed', detail: 'Row 7 is not what was written.' }];
      });
      await page.getByRole('button', { name: 'Verify' }).click();
      await page.getByRole('alert').waitFor();
      await looksGood(page, `audit-narrow-broken-${theme}`, { width: 420, height: 760 });
      await looksGood(page, `audit-broken-${theme}`, { width: 1400, height: 760 });
    });
  });
}

test('what happens is there at once, and a busy log is not told of row by row', async () => {
  await withPage('audit', async (page) => {
    await page.evaluate(() => window.audit.append({ event: 'agent_stalled', detail: { sinceMs: 900_000 } }));
    await row(page, 13).getByText('agent_stalled').waitFor();
    await page.evaluate(() => {
      for (let count = 0; count < 50; count += 1) window.audit.append({ event: 'turn_started' });
    });
    await row(page, 63).waitFor();
    const asked = await requests(page, 'audit/list');
    assert.ok(asked.slice(1).every(({ afterSeq }) => typeof afterSeq === 'number'));
  });
});

test('news that were lost are made up for by a look now and then', async () => {
  await withPage('audit', async (page) => {
    await page.clock.install();
    await page.reload();
    await row(page, 12).waitFor();
    await page.evaluate(() => window.audit.append({ event: 'agent_stalled' }));
    await row(page, 13).waitFor();
    await page.evaluate(() => {
      const [newest] = window.audit.rows;
      if (newest) window.audit.rows = [{ ...newest, seq: 14, event: 'agent_recovered' }, ...window.audit.rows];
    });
    await page.clock.runFor(5_100);
    await row(page, 14).getByText('agent_recovered').waitFor();
  });
});

test('rows are narrowed down by event, group, agent and text, and that stays over a reload', async () => {
  await withPage('audit', async (page) => {
    const event = page.getByRole('combobox', { name: 'Event' });
    await event.selectOption('group:alerts');
    await shows(page, [11, 6]);
    await page.reload();
    await shows(page, [11, 6]);
    await page.getByRole('combobox', { name: 'Agent' }).selectOption({ label: 'reviewer' });
    await shows(page, [6]);
    await page.getByRole('button', { name: 'Clear Filter' }).click();
    await shows(page, [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    await row(page, 12).focus();
    await page.keyboard.press('/');
    await page.keyboard.type('npm test');
    await shows(page, [9, 8]);
    await page.getByRole('textbox', { name: 'Text in the details' }).fill('nowhere');
    await page.getByText('No row fits').waitFor();
    await looksGood(page, 'audit-no-match', { width: 1000, height: 600 });
  });
});

test('heartbeats are there when they are asked for', async () => {
  await withPage('audit?many=20', async (page) => {
    const heartbeat = page.locator('agor-audit-rows').getByText('heartbeat', { exact: true });
    assert.equal(await heartbeat.count(), 0);
    await page.getByRole('button', { name: 'Show heartbeats' }).click();
    await heartbeat.first().waitFor();
    assert.equal(await heartbeat.count(), 4);
  });
});

test('heartbeats that follow each other are one row, which unfolds by mouse and by key', async () => {
  await withPage('audit', async (page) => {
    await page.getByRole('button', { name: 'Show heartbeats' }).click();
    await page.evaluate(() => {
      const agents = window.audit.rows.flatMap(({ agentId }) => agentId ?? []);
      for (let beat = 0; beat < 30; beat += 1) window.audit.append({ event: 'heartbeat', agentId: agents[beat % 2] ?? null });
      window.audit.append({ event: 'agent_stalled' });
    });
    await row(page, 43).waitFor();
    await row(page, 42).getByText('30 heartbeats since').waitFor();
    await looksGood(page, 'audit-heartbeats', { width: 1200, height: 760 });
    assert.equal(await row(page, 41).count(), 0);
    await row(page, 42).focus();
    await page.keyboard.press('ArrowRight');
    await row(page, 13).waitFor();
    await page.keyboard.press('ArrowLeft');
    await row(page, 41).waitFor({ state: 'detached' });
    await row(page, 42).getByRole('button', { name: 'Show each heartbeat' }).click();
    await row(page, 41).waitFor();
    await looksGood(page, 'audit-heartbeats-unfolded', { width: 1200, height: 760 });
    assert.equal(await page.locator('agor-audit-detail').count(), 0);
  });
});

test('keys go from row to row, open one, follow with the details, and come back', async () => {
  await withPage('audit', async (page) => {
    await row(page, 12).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await details(page, 11).waitFor();
    await page.keyboard.press('ArrowDown');
    await details(page, 10).waitFor();
    await page.keyboard.press('End');
    await details(page, 1).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('agor-audit-rows [data-seq="1"]:focus').waitFor();
    assert.equal(await page.locator('agor-audit-detail').count(), 0);
  });
});

test('of ten thousand rows only those that were asked for are in the page', async () => {
  await withPage('audit?many=10000', async (page) => {
    for (let count = 0; count < 5; count += 1) await page.getByRole('button', { name: 'Load Older Rows' }).click();
    await page.waitForFunction(
      () =>
        document.querySelector('agor-audit-page')?.shadowRoot?.querySelector('agor-audit-rows')?.shadowRoot?.querySelectorAll('[data-seq]')
          .length === 1_200,
    );
    await looksGood(page, 'audit-many', { width: 1400, height: 760 });
  });
});

test('a row is shown among its neighbours when a command asks for it', async () => {
  await withPage('audit?many=900', async (page) => {
    await page.evaluate(() => window.audit.show(300));
    await details(page, 300).waitFor();
    await page.getByText('Rows around row 300 are shown.').waitFor();
    await looksGood(page, 'audit-around', { width: 1400, height: 760 });
    await page.getByRole('button', { name: 'Show Newest' }).click();
    await row(page, 899).waitFor();
  });
});

test('a check that finds nothing says so and gives a proof; one that does leads to the place', async () => {
  await withPage('audit', async (page) => {
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByText('All 12 rows are what was written.').waitFor();
    await looksGood(page, 'audit-whole', { width: 1400, height: 760 });
    await page.getByRole('button', { name: 'Copy Proof' }).click();
    const copied = await page.evaluate(() => window.audit.sent.find(({ type }) => type === 'copy'));
    assert.match(JSON.stringify(copied), /"12:[0-9a-f]{64}"/);
    await page.evaluate(() => {
      window.audit.breaks = [{ seq: 7, kind: 'missing', detail: 'Row 7 is gone.' }];
    });
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByRole('alert').getByText('Row 7 is gone.').waitFor();
    await page.getByRole('button', { name: 'Show row 7' }).click();
    await details(page, 7).waitFor();
  });
});

test('a task is made of a row when the person says so, in the team of its agent', async () => {
  await withPage('audit', async (page) => {
    await row(page, 6).click();
    await page.getByRole('button', { name: 'Create Task from This' }).click();
    assert.equal(await page.getByRole('textbox', { name: 'Title' }).inputValue(), 'Look into agent_failed of reviewer');
    assert.deepEqual(await requests(page, 'task/add'), []);
    await page.getByRole('button', { name: 'Add Task' }).click();
    await page.locator('agor-audit-detail').getByText('Task #11 is on the board.').waitFor();
    const [added] = await requests(page, 'task/add');
    assert.match(String(added?.description), /^Audit row 6: agent_failed/);
    assert.equal(added?.team, '00007ea4-0000-7000-8000-000000000001');
  });
});

test('an export asks for the chosen time', async () => {
  await withPage('audit', async (page) => {
    await page.getByRole('combobox', { name: 'Time' }).selectOption('between');
    await page.getByLabel('From').fill('2020-05-01T10:00:00');
    await page.getByRole('button', { name: 'Export' }).click();
    const asked = await page.evaluate(() => window.audit.sent.filter(({ type }) => type === 'exportAudit'));
    assert.deepEqual(asked, [{ type: 'exportAudit', from: await page.evaluate(() => Date.parse('2020-05-01T10:00:00')) }]);
  });
});

test('without rows, without the log and without the backend it says what is the matter', async () => {
  await withPage('audit?empty', async (page) => {
    await page.getByText('Nothing is recorded yet').waitFor();
    await looksGood(page, 'audit-empty', { width: 1000, height: 600 });
    await page.evaluate(() => window.audit.append({ event: 'project_added' }));
    await row(page, 1).waitFor();
  });
  await withPage('audit?fails', async (page) => {
    await page.getByText('The database is damaged.').waitFor();
    await looksGood(page, 'audit-failed', { width: 1000, height: 600 });
    await page.getByRole('button', { name: 'Try Again' }).click();
    await row(page, 12).waitFor();
    await page.evaluate(() => window.audit.connection('away'));
    await page.locator('.banner').getByText('Reconnecting…').waitFor();
  });
});

function row(page: Page, seq: number) {
  return page.locator(`agor-audit-rows [data-seq="${seq}"]`);
}

function details(page: Page, seq: number) {
  return page.getByRole('complementary', { name: `Row ${seq}`, exact: true });
}

/** Waits until exactly these rows are shown, in this order. */
async function shows(page: Page, seqs: readonly number[]): Promise<void> {
  await page.waitForFunction(
    (wanted) => {
      const list = document.querySelector('agor-audit-page')?.shadowRoot?.querySelector('agor-audit-rows')?.shadowRoot;
      return JSON.stringify([...(list?.querySelectorAll('[data-seq]') ?? [])].map((each) => each.getAttribute('data-seq'))) === wanted;
    },
    JSON.stringify(seqs.map(String)),
  );
}
