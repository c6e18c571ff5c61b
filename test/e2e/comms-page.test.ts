/** The Comms tab of the chat page in a browser, with VS Code and the backend played by the harness. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Page } from 'playwright-core';
import { requests, startHarness } from '../support/chat-harness/harness-page.ts';
import { looksGood } from '../support/chat-harness/looks-good.ts';

const harness = await startHarness();
after(() => harness.close());
const { withPage } = harness;

for (const theme of ['dark', 'light', 'highContrast'] as const) {
  test(`messages have no serious accessibility findings in the ${theme} theme, wide and narrow`, async () => {
    await withPage(`?theme=${theme}`, async (page) => {
      await openComms(page);
      await looksGood(page, `comms-${theme}`, { width: 1000, height: 1300 });
      await page.getByRole('button', { name: 'review-queue' }).click();
      await page.getByText('Task #7 is in review').waitFor();
      await looksGood(page, `comms-channel-${theme}`, { width: 900, height: 700 });
      await page.getByRole('button', { name: 'Messages' }).click();
      await looksGood(page, `comms-narrow-${theme}`, { width: 420, height: 800 });
      assert.deepEqual(await page.evaluate(() => window.harness.violations), []);
    });
  });
}

test('unread messages are counted on the tab, read when it is looked at, and the tab is there after a reload', async () => {
  await withPage('', async (page) => {
    const tab = page.getByRole('tab', { name: 'Comms' });
    await tab.getByText('1 unread message for you').waitFor();
    await page.getByRole('tab', { name: 'Chat' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.locator('.message.unread').getByText('a test holds it').waitFor();
    await tab.getByText('1 unread message for you').waitFor({ state: 'detached' });
    assert.equal((await requests(page, 'message/read')).length, 1);
    await page.reload();
    await page.locator('.thread').first().waitFor();
  });
});

test('a reply is written with the keyboard, and stays with the reason when it is refused', async () => {
  await withPage('', async (page) => {
    await openComms(page);
    await page.getByRole('button', { name: 'Reply to reviewer' }).click();
    await page.locator('.composer').getByText('Reply to reviewer: Yes. It is truncated').waitFor();
    await page.getByRole('textbox', { name: 'Reply to reviewer' }).click();
    await page.keyboard.type('Then merge it.');
    await page.evaluate(() => window.harness.refusals.set('message/reply', 'The agent was removed.'));
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('The agent was removed.').waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.message.reply', { hasText: 'Then merge it.' }).waitFor();
  });
});

test('what is held says why and is released, and what did not arrive is sent again', async () => {
  await withPage('', async (page) => {
    await openComms(page);
    await page.getByText('2 messages wait for your decision.').waitFor();
    await page.locator('.line').getByRole('button', { name: 'Show' }).click();
    const held = page.getByRole('region', { name: 'Held for you' });
    await held.getByText('Tells the reader to forget its orders.').waitFor();
    await held.getByRole('button', { name: 'Release' }).click();
    await held.waitFor({ state: 'detached' });
    const dead = page.getByRole('region', { name: 'Not delivered' });
    await dead.getByRole('button', { name: 'Redeliver' }).click();
    await dead.waitFor({ state: 'detached' });
  });
});

test('the text of a message is never more than text', async () => {
  await withPage('?noMail', async (page) => {
    await openComms(page);
    await page.getByText('No messages yet').waitFor();
    await looksGood(page, 'comms-empty', { width: 900, height: 600 });
    await page.evaluate(() => {
      const { agent, mail } = window.harness;
      const to = { id: 'person' as never, name: 'you' };
      const report = {
        to,
        state: 'delivered',
        by: null,
        queuedAt: 1,
        deliveredAt: 2,
        seenAt: null,
        answeredAt: null,
        deadAt: null,
      } as const;
      mail.arrive({
        ...{
          id: agent.id as never,
          threadId: agent.id as never,
          from: { id: agent.id as never, name: agent.name },
          to,
          channel: null,
          teamId: null,
        },
        ...{ replyTo: null, expectsReply: false, hops: 0, isOrder: false, attachments: [], verdict: 'deliver', findings: [], sentAt: 1 },
        text: '<img src=x onerror=alert(1)> [a](command:x)\u202egpj.exe',
        deliveries: [{ ...report, expiresAt: null, reason: '' }],
      });
    });
    await page.locator('.message').getByText('<img src=x onerror=alert(1)>').waitFor();
    assert.equal(await page.locator('.message img, .message a').count(), 0);
    await page.locator('.message').getByText('U+202E').waitFor();
    await page.locator('[role=status]', { hasText: 'reviewer wrote: <img' }).waitFor();
  });
});

test('earlier messages come by pages, and what is read stays where it is', async () => {
  await withPage('?manyMessages=120', async (page) => {
    await openComms(page);
    await page.getByText('Message number 120', { exact: true }).waitFor();
    const row = page.getByText('Message number 71', { exact: true });
    await row.scrollIntoViewIfNeeded();
    await page.getByRole('button', { name: 'Earlier' }).scrollIntoViewIfNeeded();
    const before = await row.boundingBox();
    await page.getByRole('button', { name: 'Earlier' }).click();
    await page.getByText('Message number 21', { exact: true }).waitFor({ state: 'attached' });
    const after = await row.boundingBox();
    assert.ok(before && after && Math.abs(before.y - after.y) < 40, `${before?.y} and ${after?.y}`);
  });
});

test('a command goes to one message, and the chat shows what was brought to the agent', async () => {
  await withPage('', async (page) => {
    await page.evaluate(() => {
      window.harness.tell({ type: 'showComms', takesKeyboard: true, messageId: window.harness.mail.messages[0]?.id ?? null });
    });
    await page.locator('.message:focus', { hasText: 'Look at what builder did' }).waitFor();
    await page.getByRole('tab', { name: 'Chat' }).click();
    await page.evaluate(() => {
      const { harness } = window;
      harness.add({
        kind: 'prompt',
        promptId: 'p' as never,
        text: '<message from="builder">Done.</message>',
        state: 'sent',
        origin: 'mail',
      });
      harness.add({ kind: 'prompt', promptId: 'q' as never, text: 'Two tasks wait for review.', state: 'sent', origin: 'wake' });
      harness.add({ kind: 'mail', messageIds: ['m' as never], by: 'stop', text: 'From builder: Done.' });
    });
    await page.getByRole('button', { name: 'Messages brought to the agent' }).click();
    await page.locator('.mail-text', { hasText: '<message from="builder">Done.</message>' }).waitFor();
    await page.getByRole('button', { name: 'Woken' }).waitFor();
    await page.getByText('1 message, given at the end of the turn').waitFor();
    await looksGood(page, 'chat-mail', { width: 900, height: 700 });
  });
});

async function openComms(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Comms' }).click();
  await page.locator('agor-comms .scroller').waitFor();
}
