/** The chat page in a browser, with VS Code and the backend played by the harness. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import type { Locator } from 'playwright-core';
import { root } from '../../scripts/environment.ts';
import { seriousFindings } from '../support/accessibility.ts';
import { ask, requests, startHarness } from '../support/chat-harness/harness-page.ts';
import { focusedName, isAtEnd, settledTopRow, stateOfFirst } from '../support/chat-harness/page-state.ts';
import { until } from '../support/live-backend.ts';
import { plainCapabilities } from '../support/protocol-samples.ts';

const harness = await startHarness();
after(() => harness.close());
const { withPage } = harness;

const text = { kind: 'text', complete: true, interrupted: false } as const;

test('the page keeps to its policy, also when it colours code, and says no error', async () => {
  await withPage('?theme=dark', async (page) => {
    await page.locator('.code .token-keyword').first().waitFor();
    const { violations, failed } = await page.evaluate(() => ({
      violations: window.harness.violations,
      failed: window.harness.sent.filter(({ type }) => type === 'failed'),
    }));
    assert.deepEqual({ violations, failed }, { violations: [], failed: [] });
  });
});

for (const theme of ['dark', 'light', 'highContrast'] as const) {
  test(`the page has no serious accessibility findings in the ${theme} theme`, async () => {
    await withPage(`?theme=${theme}`, async (page) => {
      await page.locator('.code .token-keyword').first().waitFor();
      await page.setViewportSize({ width: 900, height: 3000 });
      // Everything that can be opened is open.
      const closed = page.locator('.fold[aria-expanded=false]');
      while ((await closed.count()) > 0) await closed.first().click();
      await page.evaluate(() => window.harness.connection('away'));
      await page.locator('.banner').waitFor();
      assert.deepEqual(await seriousFindings(page), []);
      const folder = join(root, 'test-output', 'screenshots');
      mkdirSync(folder, { recursive: true });
      await page.screenshot({ path: join(folder, `chat-page-${theme}.png`) });
    });
  });
}

test('Enter sends, Shift+Enter breaks the line, and what is refused stays with the reason', async () => {
  await withPage('', async (page) => {
    const composer = page.getByRole('textbox', { name: 'Prompt' });
    await composer.click();
    await page.keyboard.type('first');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('second');
    await page.evaluate(() => window.harness.refusals.set('agent/prompt', 'The project is not trusted. Trust it first.'));
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('The project is not trusted. Trust it first.').waitFor();
    await holds(composer, 'first\nsecond');
    await page.keyboard.press('Enter');
    await page.locator('[data-kind=prompt]', { hasText: 'first\nsecond' }).waitFor();
    await holds(composer, '');
    const prompts = await requests(page, 'agent/prompt');
    assert.equal(prompts.length, 2);
    assert.equal(prompts[0]?.promptId, prompts[1]?.promptId);
  });
});

test('the end is followed until the reader scrolls up, and again after a jump', async () => {
  await withPage('?many=300', async (page) => {
    await page.evaluate(() => window.harness.stream(60));
    await isAtEnd(page);
    await page.locator('.scroller').hover();
    await page.mouse.wheel(0, -600);
    await page.getByRole('button', { name: 'Jump to Latest' }).waitFor();
    const before = await settledTopRow(page);
    await page.evaluate(() => window.harness.stream(60));
    assert.deepEqual(await settledTopRow(page), before);
    await page.getByRole('button', { name: 'Jump to Latest' }).click();
    await page.getByRole('button', { name: 'Jump to Latest' }).waitFor({ state: 'detached' });
    await isAtEnd(page);
  });
});

test('the end stays in sight when a banner takes some of the page', async () => {
  await withPage('?many=300', async (page) => {
    await page.locator('[data-index="299"]').waitFor();
    await isAtEnd(page);
    await page.evaluate(() => window.harness.connection('away'));
    await page.locator('.banner').waitFor();
    await isAtEnd(page);
  });
});

test('ten thousand items stay a small page, from the last to the first', async () => {
  await withPage('?many=10000', async (page) => {
    await page.locator('[data-index="9999"]').waitFor();
    assert.ok((await page.locator('.row').count()) < 60);
    const scroller = page.locator('.scroller');
    await scroller.focus();
    await page.keyboard.press('Home');
    await page.locator('[data-index="0"]').getByText('Prompt number 0: what next?').waitFor();
    assert.ok((await page.locator('.row').count()) < 60);
    assert.ok((await scroller.locator('*').count()) < 500);
  });
});

test('earlier pages are loaded on the way up, and what is read keeps its place', async () => {
  await withPage('?many=700&paged', async (page) => {
    await page.locator('[data-kind]').getByText('Message 698').first().waitFor();
    await page.locator('.scroller').focus();
    // Each press of Home ends at the first loaded row, and the page before it arrives.
    while ((await page.getByText('Prompt number 0: what next?').count()) === 0) await page.keyboard.press('Home');
    const pages = await requests(page, 'session/items');
    assert.deepEqual(
      pages.map(({ beforeOrdinal }) => beforeOrdinal),
      [501, 301, 101],
    );
  });
});

test('of a long conversation that is followed the far end is let go, and loaded again on the way there', async () => {
  await withPage('?many=2000', async (page) => {
    await page.locator('[data-index="1999"]').waitFor();
    await page.evaluate(() => window.harness.stream(60));
    await isAtEnd(page);
    await page.locator('.scroller').focus();
    while ((await page.getByText('Prompt number 0: what next?').count()) === 0) await page.keyboard.press('Home');
    assert.equal((await requests(page, 'session/items')).length, 6);
  });
});

test('a question shows what is hidden, rests at first, and takes one answer', async () => {
  await withPage('?empty', async (page) => {
    const atFirst = page.evaluate(stateOfFirst, '[data-decision=allowOnce]');
    await ask(page, 1);
    await ask(page, 2);
    assert.equal(await atFirst, 'disabled');
    const [first, second] = [page.locator('.question.open').nth(0), page.locator('.question.open').nth(1)];
    await first.getByText('U+202E').waitFor();
    await first.getByText('Contains 4 invisible or misleading characters, shown by their code').waitFor();
    await page.getByText('2 approvals wait for you.').waitFor();
    const allow = first.getByRole('button', { name: 'Allow Once' });
    // A double click answers the first question and not the one that moves into its place.
    await allow.dblclick();
    await page.getByText('Allowed once').waitFor();
    await page.getByText('The agent waits for your approval.', { exact: true }).waitFor();
    assert.equal((await requests(page, 'approval/answer')).length, 1);
    await page.locator('.question.open [data-decision=deny]:not([disabled])').press('Enter');
    await page.getByText('Denied').waitFor();
    assert.deepEqual(
      (await requests(page, 'approval/answer')).map(({ decision, hash }) => [decision, hash]),
      [
        ['allowOnce', 'hash-1'],
        ['deny', 'hash-2'],
      ],
    );
    await second.waitFor({ state: 'detached' });
    await until(async () => (await focusedName(page)) === 'Prompt');
  });
});

test('the question is reached by keyboard from the line above the composer', async () => {
  await withPage('?many=300', async (page) => {
    await ask(page, 1);
    await page.locator('.question.open [data-decision=deny]:not([disabled])').waitFor();
    await page.locator('.scroller').focus();
    await page.keyboard.press('Home');
    await page.locator('.question.open').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Show', exact: true }).press('Enter');
    await page.locator('.question.open:focus').waitFor();
    await page.locator('.question.open [data-decision=allowOnce]:not([disabled])').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await until(async () => (await focusedName(page)) === 'Allow Once');
  });
});

test('a link asks the panel, and the page stays', async () => {
  await withPage('', async (page) => {
    await page.evaluate((item) => window.harness.add({ ...item, text: '[site](https://example.test/a) [file](src/a.ts:7)' }), text);
    await page.getByRole('link', { name: 'site' }).click();
    await page.getByRole('link', { name: 'file' }).click();
    await page.getByRole('link', { name: 'site' }).click({ button: 'middle' });
    const sent = await page.evaluate(() => window.harness.sent.filter(({ type }) => type.startsWith('open')));
    assert.deepEqual(sent, [
      { type: 'openLink', href: 'https://example.test/a' },
      { type: 'openFile', path: 'src/a.ts', line: 7 },
    ]);
    assert.equal(new URL(page.url()).pathname, '/');
  });
});

test('HTML of an agent is text', async () => {
  await withPage('?empty', async (page) => {
    await page.evaluate((item) => window.harness.add({ ...item, text: '<img src=x onerror="window.hacked = true"> <b>bold</b>' }), text);
    await page.locator('.markdown').getByText('<b>bold</b>').waitFor();
    assert.equal(await page.locator('.markdown img, .markdown b').count(), 0);
  });
});

test('after a reload draft and place are as they were', async () => {
  await withPage('?many=700&paged', async (page) => {
    await page.getByRole('textbox', { name: 'Prompt' }).fill('half a thought');
    await page.locator('.scroller').hover();
    await page.mouse.wheel(0, -2500);
    await page.getByRole('button', { name: 'Jump to Latest' }).waitFor();
    const before = await settledTopRow(page);
    await page.evaluate(() => window.dispatchEvent(new Event('blur')));
    await page.reload();
    await page.getByRole('button', { name: 'Jump to Latest' }).waitFor();
    await holds(page.getByRole('textbox', { name: 'Prompt' }), 'half a thought');
    // The page goes there once the rows are loaded.
    await until(async () => isDeepStrictEqual(await settledTopRow(page), before));
  });
});

test('a demo agent without a transcript offers its words', async () => {
  await withPage('?empty&demo&theme=light', async (page) => {
    await page.getByRole('heading', { name: 'What should demo do?' }).waitFor();
    assert.deepEqual(await seriousFindings(page), []);
    await page.getByRole('button', { name: /^ask/ }).click();
    await page.locator('[data-kind=prompt]', { hasText: 'ask' }).waitFor();
  });
});

test('the agent can be stopped in its turn, and what is typed meanwhile waits', async () => {
  await withPage('', async (page) => {
    await page.evaluate(() => {
      window.harness.items.pop();
      window.harness.changeAgent({ state: 'running', stateDetail: 'Running npm test', queuedPrompts: 1 });
      window.harness.add({ kind: 'prompt', promptId: window.harness.items[0]?.id as never, text: 'Next, please', state: 'queued' });
    });
    await page.getByText('1 prompt waits for its turn').waitFor();
    await page.getByText('Queued').waitFor();
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    assert.equal((await requests(page, 'agent/interrupt')).length, 1);
  });
});

test('a prompt that waits is sent into the turn by a button, the first one only, where the program takes it', async () => {
  await withPage('', async (page) => {
    await page.evaluate(() => {
      window.harness.items.pop();
      const wait = (text: string, id: string) => window.harness.add({ kind: 'prompt', promptId: id as never, text, state: 'queued' });
      wait('Mind the tests', '018f0000-0000-7000-8000-000000000001');
      wait('Then the docs', '018f0000-0000-7000-8000-000000000002');
      window.harness.changeAgent({ state: 'running', stateDetail: 'Running npm test', queuedPrompts: 2 });
    });
    await page.getByText('2 prompts wait for their turn').waitFor();
    const button = page.getByRole('button', { name: 'Send Now' });
    assert.equal(await button.count(), 0);
    await page.evaluate((capabilities) => window.harness.changeAgent({ capabilities }), { ...plainCapabilities, steer: true });
    await button.waitFor();
    assert.equal(await button.count(), 1);
    await page.screenshot({ path: join(root, 'test-output', 'screenshots', 'chat-page-send-now.png') });
    await button.press('Enter');
    const [asked] = await requests(page, 'agent/steer');
    assert.match(JSON.stringify(asked), /018f0000-0000-7000-8000-000000000001/);
  });
});

/** The text area shows a new value a frame later. */
async function holds(field: Locator, value: string): Promise<void> {
  while ((await field.inputValue()) !== value) await field.page().evaluate(() => new Promise(requestAnimationFrame));
}
