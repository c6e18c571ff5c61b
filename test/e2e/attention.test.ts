/** Who needs the person, and why, as a real VS Code shows it in its status bar, its list and its tree. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import type { Agent } from '../../server/protocol/agent.ts';
import type { Approval } from '../../server/protocol/approval.ts';
import { startEditor } from '../support/editor.ts';
import { until } from '../support/live-backend.ts';

const editor = await startEditor({ settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
const window = await editor.openPage();
const { page } = window;
const pick = page.locator('.quick-input-widget');
const entry = (text: string | RegExp) => pick.locator('.monaco-list-row', { hasText: text });
const agents = async () => (await editor.agor<{ agents: Agent[] }>(['agent', 'list'])).agents;
const named = async (name: string) => (await agents()).find((agent) => agent.name === name);

async function answer(name: string, verb: 'approve' | 'deny'): Promise<void> {
  const { approvals } = await editor.agor<{ approvals: Approval[] }>(['approve', '--list']);
  const agentId = (await named(name))?.id;
  const asked = approvals.find((approval) => approval.agentId === agentId);
  assert.ok(asked);
  await editor.agor([verb, asked.id]);
}

/** So slow that nothing is heard of it between two words. */
const silence = { AGOR_DEMO_SPEED: '0.0001' };

before(async () => {
  await window.connected();
  await window.openViewContainer('Agor');
  for (const name of ['builder', 'reviewer', 'writer'])
    await editor.agor(['agent', 'add', name, '--provider', 'demo', '--project', 'sample']);
  await editor.agor(['agent', 'add', 'silent', '--provider', 'demo', '--project', 'sample', '--env', 'AGOR_DEMO_SPEED'], silence);
});
after(() => editor.stop());

test('while an agent works nobody is called, and a file that the person saves after an agent wrote it is a conflict', async () => {
  await editor.agor(['team', 'configure', 'silent', '--stall-threshold', '1']);
  await editor.agor(['agent', 'prompt', 'silent', 'slow']);
  await window.statusBarItem('Agor: 1 working').waitFor();
  await window.screenshot('attention-working-dark');
  await editor.agor(['agent', 'prompt', 'writer', 'edit']);
  await window.statusBarItem('Agor: 1 working, 1 needs you').waitFor();
  await answer('writer', 'approve');
  await until(async () => (await named('writer'))?.state === 'idle');
  await page.keyboard.press('Control+P');
  await pick.locator('input.input').fill(join(editor.folder, 'agor-demo.md'));
  await entry('agor-demo.md').first().waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('tab', { name: 'agor-demo.md' }).waitFor();
  await page.locator('.editor-instance .view-lines').click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('- by the person');
  await page.keyboard.press('Control+S');
  await page.getByRole('treeitem', { name: /^Agent writer, idle, 1 file in conflict/ }).waitFor();
});

test('an agent that nothing is heard of is stalled after its time, and the status bar says so', { timeout: 180_000 }, async () => {
  await window.statusBarItem('Agor: 1 needs you, 1 stalled').waitFor({ timeout: 120_000 });
});

test('who needs the person stands at the top of the tree, each with its reason, in every kind of theme', async () => {
  await editor.agor(['agent', 'prompt', 'builder', 'ask']);
  await editor.agor(['agent', 'prompt', 'reviewer', 'error']);
  await window.statusBarItem('Agor: 3 need you, 1 stalled').waitFor();
  const names = async () => (await window.treeRows()).flatMap((label) => /^Agent (\w+), (\w+)/.exec(label)?.slice(1, 3).join(' ') ?? []);
  const inOrder = ['silent stalled', 'builder running', 'reviewer idle', 'writer idle', 'demo inactive'];
  await until(async () => isDeepStrictEqual(await names(), inOrder));
  await until(async () => /silent: stalled · 3 more/.test((await window.treeRows())[0] ?? ''));
  for (const [theme, base, name] of [
    ['Default Dark Modern', 'vs-dark', 'dark'],
    ['Default Light Modern', 'vs', 'light'],
    ['Default High Contrast', 'hc-black', 'contrast'],
  ] as const) {
    editor.changeSettings({ 'workbench.colorTheme': theme });
    await page.locator(`.monaco-workbench.${base}`).waitFor();
    await window.hoverUntil(
      window.statusBarItem('Agor: 3 need you'),
      page.locator('.workbench-hover', { hasText: 'Click to see what needs you' }),
    );
    await window.screenshot(`attention-tree-${name}`);
    await page.keyboard.press('Escape');
    await window.statusBarItem('Agor: 3 need you').click();
    await entry('builder').waitFor();
    await window.screenshot(`attention-pick-${name}`);
    await page.keyboard.press('Escape');
  }
});

test('the list is used with the keyboard alone, follows what happens, and ends with a sentence', async () => {
  await window.pressUntil(['Control+K', 'Control+Alt+N'], entry('silent'));
  await page.keyboard.type('builder');
  await window.chosenRow('builder').waitFor();
  await window.pressUntil(['ArrowRight'], entry('Open Chat'));
  await pick.locator('.quick-input-title', { hasText: /^builder$/ }).waitFor();
  await window.screenshot('attention-actions-contrast');
  await page.keyboard.press('Escape');
  await entry('reviewer').waitFor();
  await answer('builder', 'deny');
  await entry('builder').waitFor({ state: 'detached' });
  await page.keyboard.type('writer');
  await window.chosenRow('writer').waitFor();
  await page.keyboard.press('Enter');
  await pick.getByText('Conflicting Files of writer').waitFor();
  await window.screenshot('attention-conflicts-contrast');
  await page.keyboard.press('Enter');
  await page.getByRole('tab', { name: 'agor-demo.md' }).waitFor();
  assert.deepEqual(window.errors, []);
});
