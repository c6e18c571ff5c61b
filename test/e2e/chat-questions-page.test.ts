/** What a question of the chat page says beside what is asked, and the way from it to a rule, with VS Code played by the harness. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { seriousFindings } from '../support/accessibility.ts';
import { ask, requests, startHarness } from '../support/chat-harness/harness-page.ts';

const harness = await startHarness();
after(() => harness.close());
const { withPage } = harness;

test('a rule is one button away, rests at first, and says which question was shown', async () => {
  await withPage('?empty', async (page) => {
    await ask(page, 1);
    await page.locator('.question.open [data-decision=deny]:not([disabled])').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Always Allow…' }).count(), 0);
    await page.getByRole('button', { name: 'More Answers' }).press('Enter');
    await page.locator('[data-decision=always]:not([disabled])').press('Enter');
    await page.locator('[data-decision=never]').press('Enter');
    const posted = await page.evaluate(() => window.harness.sent.filter(({ type }) => type === 'addRule'));
    assert.deepEqual(
      posted.map((message) => message.type === 'addRule' && [message.effect, message.hash]),
      [
        ['always', 'hash-1'],
        ['never', 'hash-1'],
      ],
    );
    assert.equal((await requests(page, 'approval/answer')).length, 0);
  });
});

test('a question tells its kind, its time, and why it is asked at all; an answer by a rule or a mode tells by what', async () => {
  await withPage('?empty', async (page) => {
    await page.evaluate(() => {
      window.harness.terms = { kindLabel: 'npm (Bash)', expiresInMs: 720_000, askedBecause: 'Its sandbox is off.' };
    });
    for (const number of [1, 2, 3]) await ask(page, number);
    await page.evaluate(() => {
      for (const state of ['away', 'connected'] as const) window.harness.connection(state);
    });
    const first = page.locator('.question.open').first();
    await first.locator('.facts', { hasText: 'npm (Bash)' }).waitFor();
    await first.locator('.facts', { hasText: /Denied unless answered in\s+1[12]/ }).waitFor();
    await first.getByText('You are asked because: Its sandbox is off.').waitFor();
    assert.deepEqual(await seriousFindings(page), []);
    await page.evaluate(() => {
      const settled = [
        ['allowedOnce', 'rule:7'],
        ['denied', 'mode:restricted'],
        ['expired', 'time'],
      ] as const;
      for (const [index, [state, answeredBy]] of settled.entries()) {
        const item = window.harness.items[index];
        if (item?.kind === 'permission') window.harness.change({ op: 'put', item: { ...item, state, answeredBy, answeredAt: 1 } });
      }
    });
    for (const text of ['Allowed by a rule', 'Denied, the agent is restricted', 'Nobody answered in time'])
      await page.getByText(text).waitFor();
  });
});
