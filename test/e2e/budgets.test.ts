/** A budget that is used up and a loop that was stopped, as a real VS Code shows them, and how a person lets the agent go on. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Agent } from '../../server/protocol/agent.ts';
import type { Budget } from '../../server/protocol/budget.ts';
import { Chat } from '../support/chat.ts';
import { startEditor } from '../support/editor.ts';
import { until } from '../support/live-backend.ts';

const programs = join(import.meta.dirname, '../fixtures/programs');
const editor = await startEditor({ settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
const window = await editor.openPage();
const { page } = window;
let chat: Chat;
const pick = page.locator('.quick-input-widget');
const entry = (text: string | RegExp) => pick.locator('.monaco-list-row', { hasText: text });
const named = async (name: string) => {
  const { agents } = await editor.agor<{ agents: Agent[] }>(['agent', 'list']);
  return agents.find((agent) => agent.name === name);
};
const isIn = (name: string, state: Agent['state']) => until(async () => (await named(name))?.state === state, 60_000);

before(async () => {
  await window.connected();
  await window.openViewContainer('Agor');
  // Inside the fence an agent sees its project, and so its program.
  for (const name of ['runs-away.mjs', 'acp-lines.mjs']) copyFileSync(join(programs, name), join(editor.folder, name));
  for (const name of ['spender', 'circler']) {
    const added = ['agent', 'add', name, '--provider', 'acp', '--project', 'sample'];
    await editor.agor([...added, '--', process.execPath, join(editor.folder, 'runs-away.mjs')]);
  }
});
after(() => editor.stop());

test('an agent whose budget is used up says so in the tree and in its chat', { timeout: 180_000 }, async () => {
  chat = await Chat.open(window, 'spender');
  await chat.say('spend');
  await isIn('spender', 'held');
  await page.getByRole('treeitem', { name: /^Agent spender, .*Paused by budget/ }).waitFor();
  await (await chat.frame())
    .getByRole('region', { name: 'Prompt' })
    .getByText(/Paused by budget: .* of 5\.00 USD \(agent\)/)
    .waitFor();
  await chat.turnEnd(/Paused by budget/);
  await window.screenshot('budget-chat-dark');
});

test('raising it in the chat lets what waited go on', { timeout: 120_000 }, async () => {
  await chat.say('hello');
  await (await chat.frame()).getByRole('button', { name: 'Raise Budget…' }).click();
  await window.chosenRow('Raise by half, today only').waitFor();
  await window.screenshot('budget-raise-dark');
  await page.keyboard.press('Enter');
  await (await chat.row('text', 'Done: hello')).waitFor();
  await isIn('spender', 'idle');
});

test('an agent that went round in circles is in What Needs You, where it is resumed', { timeout: 180_000 }, async () => {
  await editor.agor(['agent', 'prompt', 'circler', 'tool']);
  await isIn('circler', 'held');
  await window.statusBarItem('Agor: 1 needs you').waitFor();
  await window.statusBarItem('Agor: 1 needs you').click();
  await window
    .chosenRow('circler')
    .filter({ hasText: /Resume.*It went round in circles: \d+ times/s })
    .waitFor();
  await window.screenshot('loop-needs-dark');
  await page.keyboard.press('Enter');
  await isIn('circler', 'idle');
});

test('all budgets are in one list, where a limit is set, and 0 is refused', { timeout: 120_000 }, async () => {
  await window.runCommand('Agor: Budgets');
  await entry('All agents today').first().waitFor();
  await window.screenshot('budget-list-dark');
  await pick.locator('input.input').fill('spender');
  await window.chosenRow(/spender today.*USD/).waitFor();
  await page.keyboard.press('Enter');
  const input = pick.locator('input.input');
  await input.fill('0');
  await pick.getByText('0 is no limit that could be meant').waitFor();
  await input.fill('40');
  await page.keyboard.press('Enter');
  await until(async () => {
    const { budgets } = await editor.agor<{ budgets: Budget[] }>(['budget', 'show', 'spender']);
    return budgets.some(({ scope, unit, limit, limitFrom }) => scope === 'agent' && unit === 'usd' && limit === 40 && limitFrom === 'own');
  });
});

test('the metrics say what was spent today, of what, and who says so', { timeout: 120_000 }, async () => {
  await window.runCommand('Agor: Open Metrics');
  const frame = await window.webviewFrame('agor-metrics-page');
  await frame.getByText('Spent today').waitFor();
  await frame.getByText(/of \$50\.00 · agent/).waitFor();
  await window.screenshot('budget-metrics-dark');
});
