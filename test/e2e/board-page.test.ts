/** The board's page in a browser, with VS Code and the backend played by the harness. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Page } from 'playwright-core';
import { processorSeconds } from '../bench/page-work.ts';
import { requests, startHarness } from '../support/chat-harness/harness-page.ts';
import { looksGood } from '../support/chat-harness/looks-good.ts';

const harness = await startHarness();
after(() => harness.close());
const { withPage } = harness;

const movedFrames = 30;

test('the page keeps to its policy and says no error', async () => {
  await withPage('board', async (page) => {
    await open(page, 4);
    await page.getByRole('button', { name: 'New Task' }).click();
    const said = await page.evaluate(() => [...window.board.violations, ...window.board.sent.filter(({ type }) => type === 'failed')]);
    assert.deepEqual(said, []);
  });
});

for (const theme of ['dark', 'light', 'highContrast'] as const) {
  test(`the board has no serious accessibility findings in the ${theme} theme, wide and narrow`, async () => {
    await withPage(`board?theme=${theme}`, async (page) => {
      await looksGood(page, `board-${theme}`, { width: 1400, height: 800 });
      await open(page, 3);
      await page.getByRole('button', { name: 'Delete Task' }).click();
      await looksGood(page, `board-details-${theme}`, { width: 1400, height: 900 });
      await looksGood(page, `board-narrow-details-${theme}`, { width: 440, height: 800 });
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'New Task' }).click();
      await looksGood(page, `board-narrow-${theme}`, { width: 440, height: 800 });
    });
  });
}

test('a card is dragged to another column, above another card', async () => {
  await withPage('board', async (page) => {
    await page.setViewportSize({ width: 1400, height: 800 });
    await dragTo(page, 1, 5);
    await page.locator('.board.dragging .drop').waitFor();
    await looksGood(page, 'board-dragging', { width: 1400, height: 800 });
    await page.mouse.up();
    await inColumn(page, 'progress', [4, 1, 5]);
    const [move] = await requests(page, 'task/move');
    assert.deepEqual([move?.state, move?.version, typeof move?.before], ['progress', 1, 'string']);
    await page.locator('[role=status]', { hasText: '#1 moved to In Progress, place 2 of 3.' }).waitFor();
    // The release of the button was no click.
    assert.equal(await page.locator('agor-task-detail').count(), 0);
  });
});

test('Escape ends a drag, and the card is where it was', async () => {
  await withPage('board', async (page) => {
    await page.setViewportSize({ width: 1400, height: 800 });
    await dragTo(page, 1, 5);
    await page.locator('.drop').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.drop').waitFor({ state: 'detached' });
    await page.mouse.up();
    await inColumn(page, 'todo', [1, 2, 3]);
    assert.deepEqual(await requests(page, 'task/move'), []);
    assert.equal(await page.locator('agor-task-detail').count(), 0);
  });
});

test('keys go from card to card, and Alt with an arrow moves one and stays on it', async () => {
  await withPage('board', async (page) => {
    await card(page, 1).focus();
    await page.keyboard.press('ArrowDown');
    await isFocused(page, 2);
    await page.keyboard.press('ArrowRight');
    await isFocused(page, 5);
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Alt+ArrowRight');
    await inColumn(page, 'progress', [4, 2, 5]);
    await isFocused(page, 2);
    await page.keyboard.press('Alt+ArrowUp');
    await inColumn(page, 'progress', [2, 4, 5]);
    await isFocused(page, 2);
  });
});

test('Space picks a card up and puts it down, and says so to those who do not see it', async () => {
  await withPage('board', async (page) => {
    await card(page, 3).focus();
    await page.keyboard.press('Space');
    await page.locator('[role=status]', { hasText: 'Picked up #3.' }).waitFor();
    await page.keyboard.press('ArrowRight');
    await page.locator('[role=status]', { hasText: '#3 is in In Progress, place 3 of 3.' }).waitFor();
    await isFocused(page, 3);
    await page.keyboard.press('Escape');
    await inColumn(page, 'todo', [1, 2, 3]);
    assert.deepEqual(await requests(page, 'task/move'), []);
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Space');
    await inColumn(page, 'todo', [1, 3, 2]);
    assert.equal((await requests(page, 'task/move')).length, 1);
  });
});

test('a task that an agent changed meanwhile goes back, with what happened', async () => {
  await withPage('board', async (page) => {
    await page.evaluate(() => {
      window.board.tasks = window.board.tasks.map((task) => (task.number === 2 ? { ...task, state: 'blocked', version: 7 } : task));
      window.board.refusals.set('task/move', { code: 'conflict', message: 'Task #2 is at version 7.' });
    });
    await card(page, 2).focus();
    await page.keyboard.press('Alt+ArrowRight');
    await page.getByRole('alert').getByText('Task #2 was changed meanwhile: it is now in Blocked, assigned to builder.').waitFor();
    await inColumn(page, 'blocked', [2, 9]);
    await looksGood(page, 'board-conflict', { width: 1400, height: 800 });
  });
});

test('a slash goes to the filter, which leaves what fits', async () => {
  await withPage('board', async (page) => {
    await card(page, 1).focus();
    await page.keyboard.press('/');
    await page.keyboard.type('tester test');
    await inColumn(page, 'progress', [5]);
    await page.keyboard.press('Escape');
    await page.getByRole('combobox', { name: 'Assignee' }).selectOption({ label: 'Nobody' });
    await inColumn(page, 'todo', [1, 3]);
    await inColumn(page, 'progress', []);
    await page.getByRole('button', { name: 'Show rejected tasks' }).click();
    await inColumn(page, 'rejected', [10]);
    await page.reload();
    await inColumn(page, 'rejected', [10]);
  });
});

test('tasks are added one after the other without the mouse', async () => {
  await withPage('board?empty', async (page) => {
    await page.getByText('One board for the whole team').waitFor();
    await looksGood(page, 'board-empty', { width: 900, height: 600 });
    await page.getByRole('button', { name: 'New Task' }).last().click();
    await page.locator('agor-new-task input:focus').waitFor();
    await page.keyboard.type('First');
    await page.keyboard.press('Enter');
    await inColumn(page, 'todo', [1]);
    await page.keyboard.type('Second');
    await page.keyboard.press('Enter');
    await inColumn(page, 'todo', [1, 2]);
    await page.keyboard.press('Escape');
    await page.locator('agor-new-task').waitFor({ state: 'detached' });
  });
});

test('a task is read, commented, assigned and deleted in its details', async () => {
  await withPage('board', async (page) => {
    await card(page, 4).focus();
    await page.keyboard.press('Enter');
    const details = page.getByRole('complementary', { name: 'Task #4' });
    await details.getByText('Keep the public type as it is.').waitFor();
    await details.getByRole('textbox', { name: 'Add a comment' }).fill('Thank you.');
    await details.getByRole('button', { name: 'Comment' }).click();
    await details.getByText('Thank you.').waitFor();
    await details.getByRole('combobox', { name: 'Assignee' }).selectOption({ label: 'tester' });
    await card(page, 4).getByText('tester').waitFor();
    await details.getByRole('button', { name: 'Delete Task' }).click();
    await details.getByRole('button', { name: 'Keep Task' }).click();
    await details.getByRole('button', { name: 'Delete Task' }).click();
    await details.getByRole('button', { name: 'Delete Task' }).click();
    await details.waitFor({ state: 'detached' });
    await inColumn(page, 'progress', [5]);
  });
});

test('a task that is held shows why, and is released', async () => {
  await withPage('board', async (page) => {
    await open(page, 3);
    await page.getByText('Tells the reader to forget its orders.').waitFor();
    await page.getByRole('button', { name: 'Release' }).click();
    await page.waitForFunction(() =>
      window.board.sent.some((message) => message.type === 'request' && message.method === 'screening/release'),
    );
    await page.evaluate(() => window.board.change(3, { isHeld: false, findings: [] }));
    await page.getByText('Tells the reader to forget its orders.').waitFor({ state: 'detached' });
  });
});

test('what happens elsewhere is on the board at once, and everything anew when the connection is back', async () => {
  await withPage('board', async (page) => {
    await page.evaluate(() => window.board.change(5, { state: 'done' }));
    await inColumn(page, 'progress', [4]);
    await page.evaluate(() => window.board.connection('away'));
    await page.locator('.banner').getByText('Reconnecting…').waitFor();
    await looksGood(page, 'board-away', { width: 1400, height: 800 });
    await page.evaluate(() => {
      window.board.tasks = window.board.tasks.filter(({ number }) => number !== 4);
      window.board.connection('connected');
    });
    await inColumn(page, 'progress', []);
  });
});

test('a board that cannot be loaded says why, and one without a team what is missing', async () => {
  await withPage('board?fails', async (page) => {
    await page.getByText('The database of tasks is damaged.').waitFor();
    await looksGood(page, 'board-failed', { width: 900, height: 600 });
    await page.getByRole('button', { name: 'Try Again' }).click();
    await inColumn(page, 'todo', [1, 2, 3]);
  });
  await withPage('board?noTeam', async (page) => {
    await page.getByText('There is no team yet').waitFor();
  });
});

test('of several teams each has its own board', async () => {
  await withPage('board?teams', async (page) => {
    await page.getByRole('combobox', { name: 'Team' }).selectOption({ label: 'website' });
    await page.getByText('One board for the whole team').waitFor();
  });
});

test('one of five hundred tasks is moved with little work for each frame', async () => {
  await withPage('board?many=500', async (page) => {
    await page.setViewportSize({ width: 1400, height: 800 });
    await dragTo(page, 1, 7);
    const worked = await processorSeconds(page);
    const before = await worked();
    await page.evaluate(async (frames) => {
      for (let frame = 0; frame < frames; frame++) {
        window.dispatchEvent(new PointerEvent('pointermove', { clientX: 400, clientY: 200 + frame * 10, pointerId: 1 }));
        await new Promise(requestAnimationFrame);
      }
    }, movedFrames);
    // Of the page's own processor time: a machine with other work has long frames as well.
    const eachMs = ((await worked()) - before) * (1_000 / movedFrames);
    await page.mouse.up();
    assert.ok(eachMs < 100, `Each frame took ${Math.round(eachMs)} ms of work.`);
  });
});

function card(page: Page, number: number) {
  return page.locator('.board [data-task]', { has: page.getByText(`#${number}`, { exact: true }) });
}

async function open(page: Page, number: number): Promise<void> {
  await card(page, number).click();
  await page.getByRole('complementary', { name: `Task #${number}` }).waitFor();
}

/** Holds the card above the upper half of another one. */
async function dragTo(page: Page, number: number, target: number): Promise<void> {
  const [from, to] = [await card(page, number).boundingBox(), await card(page, target).boundingBox()];
  assert.ok(from && to);
  await page.mouse.move(from.x + 40, from.y + 30);
  await page.mouse.down();
  await page.mouse.move(from.x + 60, from.y + 40);
  await page.mouse.move(to.x + 60, to.y + 10, { steps: 4 });
}

/** Waits until the column shows the tasks of these numbers, in this order. */
async function inColumn(page: Page, state: string, numbers: readonly number[]): Promise<void> {
  await page.waitForFunction(
    ([wantedState, wanted]) => {
      const host = document.querySelector('agor-board-page')?.shadowRoot?.querySelector('agor-board-columns')?.shadowRoot;
      const shown = [...(host?.querySelectorAll(`[data-state="${wantedState}"] .number`) ?? [])].map((element) => element.textContent);
      return host !== undefined && JSON.stringify(shown) === wanted;
    },
    [state, JSON.stringify(numbers.map((number) => `#${number}`))] as const,
  );
}

async function isFocused(page: Page, number: number): Promise<void> {
  await page.locator('.board [data-task]:focus', { has: page.getByText(`#${number}`, { exact: true }) }).waitFor();
}
