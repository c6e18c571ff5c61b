/** One queue of decisions in a real VS Code: the view, the list that goes through it, rules, modes, and what comes too late. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import type { Agent } from '../../server/protocol/agent.ts';
import type { Approval } from '../../server/protocol/approval.ts';
import { seriousFindings } from '../support/accessibility.ts';
import { Chat } from '../support/chat.ts';
import { startEditor } from '../support/editor.ts';
import { until } from '../support/live-backend.ts';

const mostTries = 10;
const editor = await startEditor({ settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
const window = await editor.openPage();
const { page } = window;
const pick = page.locator('.quick-input-widget');
const entry = (text: string | RegExp) => pick.locator('.monaco-list-row', { hasText: text });
const decisions = page.locator('.sidebar .pane', { has: page.locator('.pane-header', { hasText: 'Decisions' }) });
const row = (text: string | RegExp) => decisions.locator('.monaco-list-row', { hasText: text });
const document = page.locator('.editor-instance .view-lines');

const questions = async (...options: string[]) =>
  (await editor.agor<{ approvals: Approval[] }>(['approve', '--list', ...options])).approvals;
const named = async (name: string) =>
  (await editor.agor<{ agents: Agent[] }>(['agent', 'list'])).agents.find((agent) => agent.name === name);
const current = async ({ id }: Approval) => (await questions('--all')).find((approval) => approval.id === id);

/** The question that the agent then asks, however it is answered. */
async function ask(name: string, scene: 'ask' | 'edit'): Promise<Approval> {
  const agent = await named(name);
  const before = (await questions('--all')).length;
  await editor.agor(['agent', 'prompt', name, scene]);
  await until(async () => (await questions('--all')).length > before);
  const [asked] = await questions('--all');
  assert.equal(asked?.agentId, agent?.id);
  assert.ok(asked);
  return asked;
}

async function settled(asked: Approval): Promise<Approval> {
  await until(async () => (await current(asked))?.state !== 'open');
  const settled = await current(asked);
  assert.ok(settled);
  return settled;
}

/** As a person does it: again when the list has only just changed and took no answer. */
async function pressUntilAnswered(asked: Approval, press: () => Promise<void>): Promise<Approval> {
  await until(async () => {
    if ((await current(asked))?.state !== 'open') return true;
    await press().catch(() => undefined);
    return false;
  });
  return settled(asked);
}

/** Chooses a row of a list that leads to another list; the list is opened again where what has just closed took it away. */
async function pressUntilShown(command: string, label: string, next: string): Promise<void> {
  for (let tries = 1; tries <= mostTries; tries += 1) {
    if (await entry(next).isVisible()) return;
    if (!(await entry(label).isVisible())) await window.runCommand(command);
    await entry(label)
      .click({ timeout: 1_000 })
      .catch(() => undefined);
    await entry(next)
      .waitFor({ timeout: 2_000 })
      .catch(() => undefined);
  }
  throw new Error(`"${label}" led to no "${next}" in ${mostTries} tries.`);
}

async function inEachTheme(look: (theme: string) => Promise<void>): Promise<void> {
  for (const [theme, base, name] of [
    ['Default High Contrast', 'hc-black', 'contrast'],
    ['Default Light Modern', 'vs', 'light'],
    ['Default Dark Modern', 'vs-dark', 'dark'],
  ] as const) {
    editor.changeSettings({ 'workbench.colorTheme': theme });
    await page.locator(`.monaco-workbench.${base}`).waitFor();
    await look(name);
  }
}

before(async () => {
  await window.connected();
  await window.openViewContainer('Agor');
  const quick = { AGOR_DEMO_SPEED: '20' };
  for (const name of ['ann', 'bob', 'cleo'])
    await editor.agor(['agent', 'add', name, '--provider', 'demo', '--project', 'sample', '--env', 'AGOR_DEMO_SPEED'], quick);
});
after(() => editor.stop());

test('without a question the view says so, and the way to the rules', async () => {
  await decisions.getByText('Nothing waits for your decision').waitFor();
  await window.screenshot('decisions-empty-dark');
});

test('questions of all agents stand in the order in which they were asked, each with who asks, and their number is on the icon', async () => {
  for (const [name, scene] of [
    ['ann', 'ask'],
    ['bob', 'edit'],
    ['cleo', 'ask'],
  ] as const)
    await ask(name, scene);
  const inOrder = [
    ['ann', 'Ask Node.js for its version'],
    ['bob', 'Create agor-demo.md'],
    ['cleo', 'Ask Node.js for its version'],
  ];
  await until(async () => {
    const labels = await decisions
      .locator('.monaco-list-row')
      .evaluateAll((rows) => rows.map((each) => each.getAttribute('aria-label') ?? ''));
    return isDeepStrictEqual(
      labels.map((label) => /^(\w+) asks: (.*?),/.exec(label)?.slice(1)),
      inOrder,
    );
  });
  await page.locator('.activitybar .action-item', { hasText: '3' }).first().waitFor();
});

test('a question that is opened is shown whole, and the document says when it was answered', async () => {
  await row('bob').click();
  await document.getByText('bob asks').waitFor();
  for (const text of ['State:', 'Project:', 'Kind:', 'New file:', 'A note from the demo agent'])
    await document.getByText(text).first().waitFor();
  await inEachTheme(async (theme) => {
    await row('ann').hover();
    await window.screenshot(`decisions-tree-${theme}`);
  });
  const [, asked] = await questions();
  assert.ok(asked);
  const answered = await pressUntilAnswered(asked, async () => {
    await row('bob').hover({ timeout: 1_000 });
    await row('bob').getByRole('button', { name: 'Allow' }).click({ timeout: 1_000 });
  });
  assert.deepEqual([answered.state, answered.answeredBy], ['allowedOnce', 'extension']);
  await document.getByText('allowed once').waitFor();
  await row('bob').waitFor({ state: 'detached' });
});

test('the list goes through the questions by keyboard, the oldest first, each shown whole beside it', async () => {
  const bobs = await ask('bob', 'edit');
  const [anns] = await questions();
  assert.ok(anns);
  await row('bob').waitFor();
  await window.runCommand('Agor: Answer Approvals');
  await pick.getByText('Answer Approvals: 3 Wait').waitFor();
  await document.getByText('ann asks').waitFor();
  await entry('Answer All 2 of This Kind…').waitFor();
  await inEachTheme((theme) => window.screenshot(`decisions-pick-${theme}`).then(() => undefined));
  await page.keyboard.press('ArrowDown');
  const answered = await pressUntilAnswered(anns, () => page.keyboard.press('Enter'));
  assert.equal(answered.state, 'allowedOnce');
  await pick.getByText('Answer Approvals: 2 Wait').waitFor();
  await document.getByText('cleo asks').waitFor();
  assert.deepEqual(
    (await questions()).map(({ state }) => state),
    ['open', 'open'],
  );
  assert.equal((await current(bobs))?.state, 'open');
});

test('when the question is answered elsewhere, the list says so and goes on with the next one', async () => {
  const [cleos] = await questions();
  assert.ok(cleos);
  await editor.agor(['deny', cleos.id]);
  await document.getByText('bob asks').waitFor();
  await pick.locator('input[placeholder*="answered elsewhere or withdrawn"]').waitFor();
  await window.screenshot('decisions-elsewhere-dark');
  const [bobs] = await questions();
  assert.ok(bobs);
  await pressUntilAnswered(bobs, () => page.keyboard.press('Enter'));
  assert.equal((await current(bobs))?.state, 'denied');
  await pick.waitFor({ state: 'hidden' });
  await page.getByRole('tab', { name: 'Approval.txt' }).waitFor({ state: 'detached' });
});

test('a rule is made from a question in a few keys, answers the like by itself, and is removed again', async () => {
  const asked = await ask('ann', 'ask');
  await row('ann').waitFor();
  await window.runCommand('Agor: Answer Approvals');
  await pick.getByText('Answer Approvals').waitFor();
  await pressUntilShown('Agor: Answer Approvals', 'Always Allow…', 'For 7 Days');
  await window.screenshot('decisions-days-dark');
  await window.goToRow('For 7 Days');
  await page.keyboard.press('Enter');
  assert.equal((await settled(asked)).state, 'allowedOnce');
  const again = await settled(await ask('cleo', 'ask'));
  assert.match(again.answeredBy ?? '', /^rule:/);
  const chat = await Chat.open(window, 'cleo');
  await (await chat.row('permission', 'Allowed by a rule')).waitFor();
  await window.runCommand('Agor: Permission Rules');
  await entry(/Always: .*--version/).waitFor();
  await window.chosenRow('used once').waitFor();
  await window.screenshot('decisions-rules-dark');
  await page.keyboard.press('Enter');
  await window.goToRow('Remove Rule');
  await page.keyboard.press('Enter');
  await entry('There is no rule.').waitFor();
  await page.keyboard.press('Escape');
});

test('several of one kind are answered at once from the menu of one of them', async () => {
  const both = [await ask('ann', 'ask'), await ask('cleo', 'ask')];
  await row('cleo').waitFor();
  await row('ann').click({ button: 'right' });
  await window.screenshot('decisions-menu-dark');
  await page.getByRole('menuitem', { name: 'Answer All of This Kind…' }).click();
  await pick.getByText('2 Questions of One Kind').waitFor();
  await document.getByText('cleo asks').waitFor();
  await window.screenshot('decisions-batch-dark');
  await page.keyboard.press('Enter');
  await window.chosenRow('Deny These 2').waitFor();
  await window.screenshot('decisions-batch-answer-dark');
  await page.keyboard.press('Enter');
  for (const asked of both) assert.equal((await settled(asked)).state, 'denied');
  // A tab that closes takes the keyboard from a list that has just opened.
  await page.getByRole('tab', { name: 'Approvals.txt' }).waitFor({ state: 'detached' });
  await decisions.getByText('Nothing waits for your decision').waitFor();
});

test('a restricted agent is told no at once, and its row and its chat say how it is', async () => {
  await window.runCommand('Agor: Set Permission Mode');
  await window.answer('ann');
  await entry('Restricted').waitFor();
  await window.screenshot('decisions-modes-dark');
  await window.answer('Restricted');
  await until(async () => (await named('ann'))?.mode === 'restricted');
  await page.getByRole('treeitem', { name: /^Agent ann, .*restricted/ }).waitFor();
  const asked = await settled(await ask('ann', 'ask'));
  assert.deepEqual([asked.state, asked.answeredBy], ['denied', 'mode:restricted']);
  const chat = await Chat.open(window, 'ann');
  await (await chat.row('permission', 'Denied, the agent is restricted')).waitFor();
  await (await chat.frame()).getByRole('button', { name: /^Restricted\./ }).waitFor();
  await window.screenshot('decisions-restricted-dark');
});

test('an agent becomes autonomous only after a word about its fence, and the status bar counts it', async () => {
  await (await (await Chat.open(window, 'ann')).frame()).getByRole('button', { name: /^Restricted\./ }).click();
  await entry('Autonomous').click();
  const dialog = page.getByRole('dialog', { name: /Let ann act without asking/ });
  await dialog.getByText(/Sandbox: /).waitFor();
  await window.screenshot('decisions-autonomous-dark');
  await dialog.getByRole('button', { name: 'Make It Autonomous' }).click();
  await window.statusBarItem('1 autonomous').waitFor();
  const asked = await ask('ann', 'ask');
  const isFenced = (await named('ann'))?.sandbox?.files !== 'off';
  if (isFenced) assert.equal((await settled(asked)).answeredBy, 'mode:autonomous');
  else assert.ok(asked.askedBecause);
  await window.screenshot('decisions-autonomous-done-dark');
  await window.runCommand('Agor: Set Permission Mode');
  await window.answer('ann');
  await entry('The usual mode').waitFor();
  await window.answer('Ask');
  await window.statusBarItem('autonomous').waitFor({ state: 'detached' });
  if (!isFenced) await editor.agor(['deny', asked.id]);
});

test('in the chat a question says where it would run, as what and of which kind, and leads to rules behind one button', async () => {
  const asked = await ask('bob', 'ask');
  // It moves up among the others, and what is under the pointer then is another one.
  await until(async () => /^Agent bob,/.test((await window.treeRows())[1] ?? ''));
  const chat = await Chat.open(window, 'bob');
  const frame = await chat.frame();
  const question = frame.locator('.question.open');
  for (const text of ['Tool', 'Program', 'In']) await question.locator('.facts', { hasText: text }).waitFor();
  await question.getByRole('button', { name: 'More Answers' }).click();
  await question.locator('[data-decision=always]:not([disabled])').waitFor();
  assert.deepEqual(await seriousFindings(frame), []);
  await inEachTheme((theme) => window.screenshot(`decisions-chat-${theme}`).then(() => undefined));
  await until(async () => {
    await question
      .locator('[data-decision=never]')
      .click({ timeout: 1_000 })
      .catch(() => undefined);
    return entry('For 1 Day').isVisible();
  });
  await entry('For 1 Day').click();
  assert.equal((await settled(asked)).state, 'denied');
  const again = await settled(await ask('bob', 'ask'));
  assert.match(again.answeredBy ?? '', /^rule:/);
  await (await chat.row('permission', 'Denied by a rule')).waitFor();
  assert.deepEqual(window.errors, []);
});
