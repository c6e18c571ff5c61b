/** What a question of the chat page says beside what is asked, and the way from it to a rule, with VS Code played by the harness. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { root } from '../../scripts/environment.ts';
import { seriousFindings } from '../support/accessibility.ts';
import { ask, requests, startHarness } from '../support/chat-harness/harness-page.ts';
import { askForm } from '../support/chat-harness/sample-form.ts';

const harness = await startHarness();
after(() => harness.close());
const { withPage } = harness;
const pictureOf = (name: string) => join(root, 'test-output', 'screenshots', `${name}.png`);

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

test('a form is filled in by the keyboard, says what is wrong, and is sent only when it fits', async () => {
  await withPage('?empty', async (page) => {
    await ask(page, 1, askForm);
    const card = page.locator('.question.open');
    await card.locator('[data-decision=allowOnce]:not([disabled])').waitFor();
    await card.getByText('<b>Allow</b>').waitFor();
    assert.deepEqual(await card.locator('vscode-button').allInnerTexts(), ['Send', 'Decline', 'Cancel']);
    await card.getByRole('button', { name: 'Send' }).press('Enter');
    await card.getByRole('alert').getByText('Stage is needed.').waitFor();
    await page.screenshot({ path: pictureOf('form-problem') });
    assert.equal((await requests(page, 'approval/answer')).length, 0);
    await card.getByLabel('Stage').selectOption('live');
    await card.getByLabel('Copies').fill('9');
    await card.getByRole('alert').getByText('Copies is at most 5.').waitFor();
    await card.getByLabel('Copies').fill('3');
    await card.getByLabel('Note').fill('two\nlines');
    await card.getByLabel('Quiet').selectOption('no');
    await card.getByLabel('Test (test)').check();
    assert.deepEqual(await seriousFindings(page), []);
    await page.screenshot({ path: pictureOf('form-filled') });
    await card.getByRole('button', { name: 'Send' }).press('Enter');
    await page.locator('.question.answered').waitFor();
    const [{ decision, hash, values } = {}] = await requests(page, 'approval/answer');
    const filled = { stage: 'live', copies: 3, note: 'two\nlines', quiet: false, zones: ['test'] };
    assert.deepEqual([decision, hash, values], ['allowOnce', 'hash-1', filled]);
    await page.locator('.question.answered .fold').press('Enter');
    await page.locator('.question.answered').getByText('copies').waitFor();
  });
});

test('a form is declined, or neither answered nor declined, and no rule answers it with yes', async () => {
  await withPage('?empty', async (page) => {
    for (const [number, decision] of [
      [1, 'deny'],
      [2, 'cancel'],
    ] as const) {
      await ask(page, number, askForm);
      const card = page.locator('.question.open');
      await card.locator(`[data-decision=${decision}]:not([disabled])`).waitFor();
      await card.getByRole('button', { name: 'More Answers' }).press('Enter');
      await card.locator('[data-decision=never]').waitFor();
      assert.equal(await card.locator('[data-decision=always]').count(), 0);
      await card.locator(`[data-decision=${decision}]:not([disabled])`).press('Enter');
      await card.waitFor({ state: 'detached' });
    }
    const answers = await requests(page, 'approval/answer');
    assert.deepEqual(
      answers.map(({ decision, values }) => [decision, values]),
      [
        ['deny', undefined],
        ['cancel', undefined],
      ],
    );
    await page.getByText('Cancelled').waitFor();
  });
});
