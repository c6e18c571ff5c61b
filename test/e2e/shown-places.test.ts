/** What a command asks the pages to show, however far away it is, with VS Code and the backend played by the harness. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { requests, startHarness } from '../support/chat-harness/harness-page.ts';

const harness = await startHarness();
after(() => harness.close());
const { withPage } = harness;

test('an item far up is loaded, opened and marked for a moment, and the keyboard is there', async () => {
  await withPage('?many=3000&paged', async (page) => {
    await page.locator('[data-kind]').getByText('Message 2998').first().waitFor();
    await page.evaluate(() => {
      const { harness } = window;
      const itemId = harness.items[6]?.id ?? '';
      harness.tell({ type: 'showItem', agentId: harness.agent.id, sessionId: harness.sessions[0]?.id ?? '', itemId, takesKeyboard: true });
    });
    const found = page.locator('.row.found', { hasText: 'npm run step-6' });
    await found.waitFor();
    // Its mark passes meanwhile.
    await page.locator('.row', { hasText: 'npm run step-6' }).getByText('step 6 done').waitFor();
    await page.locator('.scroller:focus').waitFor();
    assert.equal((await requests(page, 'session/items')).at(-1)?.limit, 1000);
    await page.getByRole('status').getByText('The place that was found is shown.').waitFor({ state: 'attached' });
    await found.waitFor({ state: 'detached' });
    await page.getByText('npm run step-6').waitFor();
  });
});

test('an item of another session is shown in that session, and the keyboard stays where it is', async () => {
  await withPage('', async (page) => {
    await page.getByRole('textbox', { name: 'Prompt' }).click();
    await page.evaluate(() => {
      const { harness } = window;
      const itemId = harness.items[0]?.id ?? '';
      harness.tell({ type: 'showItem', agentId: harness.agent.id, sessionId: harness.sessions[1]?.id ?? '', itemId, takesKeyboard: false });
    });
    await page.locator('.row.found').waitFor();
    await page.getByText('This is an earlier session').waitFor();
    assert.equal(await page.locator('.scroller:focus').count(), 0);
  });
});

test('an item that is gone is said to be gone', async () => {
  await withPage('?many=700&paged', async (page) => {
    await page.locator('[data-kind]').getByText('Message 698').first().waitFor();
    await page.evaluate(() => {
      const { harness } = window;
      const sessionId = harness.sessions[0]?.id ?? '';
      harness.tell({ type: 'showItem', agentId: harness.agent.id, sessionId, itemId: 'elsewhere', takesKeyboard: true });
    });
    await page.getByRole('alert').getByText('is not in this conversation any more').waitFor();
  });
});

test('a message on an earlier page is loaded and marked, and one that is gone is said to be gone', async () => {
  await withPage('?manyMessages=120', async (page) => {
    await page.evaluate(() => {
      const { harness } = window;
      harness.tell({ type: 'showComms', messageId: harness.mail.messages[2]?.id ?? null, takesKeyboard: true });
    });
    await page.locator('.message.found:focus', { hasText: 'Message number 3' }).waitFor();
    await page.evaluate(() => window.harness.tell({ type: 'showComms', messageId: 'elsewhere', takesKeyboard: true }));
    await page.getByRole('alert').getByText('is not among the messages of this agent any more').waitFor();
  });
});
