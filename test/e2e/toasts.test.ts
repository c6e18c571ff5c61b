/** What comes onto the screen by itself, in a VS Code as its users have it, with the packed extension. */
import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { until } from '../support/live-backend.ts';
import { startPackedEditor } from '../support/packed-extension.ts';

const passesInMs = 4_000;
const mostMs = 90_000;
const programs = join(import.meta.dirname, '../fixtures/programs');
const editor = await startPackedEditor();
const window = await editor.openPage();

before(async () => {
  await window.connected();
  await window.openViewContainer('Agor');
  await window.treeRow('demo').waitFor();
});
after(() => editor.stop());

/** An agent with a program of the tests; inside the fence it sees its project, and so its program. */
async function addAgent(name: string, program: string, ...options: string[]): Promise<void> {
  for (const file of [program, 'acp-lines.mjs']) copyFileSync(join(programs, file), join(editor.folder, file));
  const command = [process.execPath, join(editor.folder, program)];
  await editor.agor(['agent', 'add', name, '--provider', 'acp', '--project', 'sample', ...options, '--', ...command]);
}

test('a finished turn passes by', async () => {
  await editor.agor(['agent', 'prompt', 'demo', 'hello']);
  const passing = window.toast('demo has finished');
  await passing.waitFor();
  await window.screenshot('toast-finished');
  await passing.waitFor({ state: 'detached' });
});

test('the link of one that passes by leads to its session', async () => {
  const link = window.toast('demo has finished').getByRole('link', { name: 'Open' });
  // It is there for four seconds: whoever was too slow takes the next one.
  await until(async () => {
    await editor.agor(['agent', 'prompt', 'demo', 'hello']);
    await link.waitFor();
    return link.click({ timeout: passesInMs }).then(
      () => true,
      () => false,
    );
  }, mostMs);
  await window.page.getByRole('tab', { name: /^demo/ }).waitFor();
  // A key that is pressed while the page loads goes nowhere.
  await window.webviewFrame('text=What you can try');
  assert.deepEqual(window.errors, []);
});

test('a question stays, and its button leads to where it is asked', async () => {
  await window.runCommand('View: Close All Editors');
  await window.page.getByRole('tab', { name: /^demo/ }).waitFor({ state: 'detached' });
  await editor.agor(['agent', 'prompt', 'demo', 'ask']);
  const question = window.toast('demo waits for your answer');
  await question.waitFor();
  await window.screenshot('toast-question');
  await question.getByRole('button', { name: 'Open', exact: true }).click();
  await window.page.getByRole('tab', { name: /^demo/ }).waitFor();
  const frame = await window.webviewFrame('text=Allow Once');
  await frame.locator('.row.found', { hasText: 'Allow Once' }).waitFor();
  await window.screenshot('toast-question-opened');
  await frame.getByRole('button', { name: 'Deny' }).click();
  // Nobody is told any more that it waits.
  await window.page.getByRole('button', { name: 'Agor: Notifications: No unread notifications of agents' }).waitFor();
  assert.deepEqual(window.errors, []);
});

test('a budget that is used up stays, and its button raises it', { timeout: 180_000 }, async () => {
  await addAgent('spender', 'runs-away.mjs');
  await editor.agor(['agent', 'prompt', 'spender', 'spend']);
  const reached = window.toast('spender is paused: the budget is used up');
  await reached.waitFor();
  await window.screenshot('toast-budget');
  await reached.getByRole('button', { name: 'Raise Budget…' }).click();
  const half = window.page.locator('.quick-input-widget .monaco-list-row', { hasText: 'Raise by half, today only' });
  await half.waitFor();
  await window.screenshot('toast-budget-raise');
  await window.page.keyboard.press('Enter');
  await half.waitFor({ state: 'hidden' });
  await window.page.getByRole('treeitem', { name: /^Agent spender, (?!.*Paused by budget)/ }).waitFor();
  assert.deepEqual(window.errors, []);
});

test('a secret that an agent said stays, and its button rotates it', { timeout: 180_000 }, async () => {
  await window.runCommand('Agor: Set Secret');
  await window.answer('canary');
  await window.page.locator('.quick-input-widget input[type=password]').fill('sk-canary-toast-0001');
  await window.page.keyboard.press('Enter');
  await addAgent('teller', 'tells-secrets.mjs', '--secret', 'AGENT_CANARY=canary');
  await editor.agor(['agent', 'prompt', 'teller', 'fail']);
  const withheld = window.toast('The secret canary was taken out of what teller said');
  await withheld.waitFor();
  await window.screenshot('toast-secret');
  await withheld.getByRole('button', { name: 'Rotate…' }).click();
  const field = window.page.locator('.quick-input-widget input[type=password]');
  await field.waitFor();
  await window.screenshot('toast-secret-rotate');
  await field.fill('sk-canary-toast-0002');
  await window.page.keyboard.press('Enter');
  await field.waitFor({ state: 'hidden' });
  const seen = await window.page.content();
  assert.deepEqual([seen.includes('canary-toast-0001'), seen.includes('canary-toast-0002')], [false, false]);
  assert.deepEqual(window.errors, []);
});

test('the tooltip of an agent says how it is and what it cannot tell', { timeout: 60_000 }, async () => {
  await window.treeRow('spender').hover();
  const tooltip = window.page.locator('.monaco-hover', { hasText: 'spender' });
  await tooltip.waitFor();
  await window.screenshot('tooltip-agent');
  assert.match(await tooltip.innerText(), /Without:\s+cannot\s+resume\s+·\s+retries\s+are\s+not\s+told[\s\S]*Command:\s.*runs-away\.mjs/);
});
