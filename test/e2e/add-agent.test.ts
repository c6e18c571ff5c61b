/** "Add Agent" by a person in a real VS Code: what is installed, what is not, back and forth, and the agent that comes of it. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import type { Agent } from '../../server/protocol/agent.ts';
import { startEditor } from '../support/editor.ts';
import { until } from '../support/live-backend.ts';

for (const [theme, name] of [
  ['Default Dark Modern', 'dark'],
  ['Default Light Modern', 'light'],
]) {
  test(`a person adds an agent of the catalogue, and is told how to install another (${name})`, async (context) => {
    // VS Code asks the person's shell for the PATH of a window, which depends on the machine; the home folder is ours.
    const HOME = mkdtempSync(join(tmpdir(), 'agor-home-'));
    context.after(() => rmSync(HOME, { recursive: true }));
    install(join(HOME, '.opencode', 'bin'), 'opencode', '1.18.33');
    const editor = await startEditor({ settings: { 'workbench.colorTheme': theme }, env: { HOME } });
    context.after(() => editor.stop());
    const window = await editor.openPage();
    const { page } = window;
    await window.connected();
    await window.openViewContainer('Agor');
    await window.treeRow('demo').waitFor();
    const widget = page.locator('.quick-input-widget');
    const row = (text: string | RegExp) => widget.locator('.monaco-list-row', { hasText: text }).first();

    await window.runCommand('Agor: Add Agent');
    await row('OpenCode').filter({ hasText: '1.18.33' }).waitFor();
    await row('Codex by ACP').filter({ hasText: 'not installed' }).waitFor();
    await window.screenshot(`add-agent-${name}`);

    await widget.locator('input').first().fill('Codex by ACP');
    await window.chosenRow('Codex by ACP').waitFor();
    await page.keyboard.press('Enter');
    await row('Copy Command').filter({ hasText: 'npm install -g @agentclientprotocol/codex-acp' }).waitFor();
    await row('Look Again').waitFor();
    await window.screenshot(`add-agent-install-${name}`);
    // What was installed meanwhile is found.
    install(join(HOME, '.local', 'bin'), 'codex-acp', '@agentclientprotocol/codex-acp 2.6.0');
    await row('Look Again').click();
    await row('Codex by ACP').filter({ hasText: '2.6.0' }).waitFor();

    await row('OpenCode').click();
    await row("Use the program's own login").waitFor();
    await window.screenshot(`add-agent-login-${name}`);
    await page.keyboard.press('Enter');
    await widget.getByText('A name for the agent in sample').waitFor();
    await window.screenshot(`add-agent-name-${name}`);
    await widget.locator('.codicon-quick-input-back').click();
    await row("Use the program's own login").click();
    await widget.getByText('A name for the agent in sample').waitFor();
    await until(async () => (await widget.locator('input.input').inputValue()) === 'opencode');
    await page.keyboard.press('Enter');

    await window.treeRow('opencode').waitFor();
    const { agents } = await editor.agor<{ agents: Agent[] }>(['agent', 'list']);
    const { provider, command, credentials } = agents.find((agent) => agent.name === 'opencode') ?? assert.fail('it was not added');
    assert.deepEqual([provider, credentials, command.slice(1)], ['acp', 'login', ['acp']]);
    assert.equal(basename(command[0] ?? ''), 'opencode');
    await (await window.webviewFrame('agor-chat-page')).getByText('opencode').first().waitFor();
    await window.screenshot(`add-agent-added-${name}`);
    assert.deepEqual(window.errors, []);
  });

  test(`a person names any other program that speaks ACP (${name})`, async (context) => {
    const editor = await startEditor({ settings: { 'workbench.colorTheme': theme } });
    context.after(() => editor.stop());
    const window = await editor.openPage();
    const widget = window.page.locator('.quick-input-widget');
    await window.connected();
    await window.openViewContainer('Agor');
    await window.treeRow('demo').waitFor();
    await window.runCommand('Agor: Add Agent');
    await widget.locator('.monaco-list-row', { hasText: 'Any ACP agent' }).click();
    await widget.getByText('Program and arguments, as in a terminal.').waitFor();
    await window.answer('my-agent "a b" --acp');
    await widget.getByText('A name for the agent in sample').waitFor();
    await window.screenshot(`add-agent-command-${name}`);
    await window.answer('mine');
    await window.treeRow('mine').waitFor();
    const { agents } = await editor.agor<{ agents: Agent[] }>(['agent', 'list']);
    assert.deepEqual(agents.find((agent) => agent.name === 'mine')?.command, ['my-agent', 'a b', '--acp']);
  });
}

test('a person adds OpenCode with a model of their own server', async (context) => {
  const HOME = mkdtempSync(join(tmpdir(), 'agor-home-'));
  context.after(() => rmSync(HOME, { recursive: true }));
  install(join(HOME, '.opencode', 'bin'), 'opencode', '1.18.33');
  const editor = await startEditor({ settings: { 'workbench.colorTheme': 'Default Dark Modern' }, env: { HOME } });
  context.after(() => editor.stop());
  const window = await editor.openPage();
  const widget = window.page.locator('.quick-input-widget');
  await window.connected();
  await window.openViewContainer('Agor');
  await window.treeRow('demo').waitFor();
  await window.runCommand('Agor: Add Agent');
  await widget.locator('.monaco-list-row', { hasText: 'OpenCode' }).click();
  const own = widget.locator('.monaco-list-row', { hasText: 'Use a model of my own server' });
  await own.waitFor();
  await window.screenshot('add-agent-sources-dark');
  await own.click();
  await widget.getByText('The model, as your server calls it.').waitFor();
  await window.answer('qwen3:8b');
  await widget.getByText('Where the server is.').waitFor();
  await window.screenshot('add-agent-server-dark');
  await window.page.keyboard.press('Enter');
  await widget.getByText('A name for the agent in sample').waitFor();
  await window.page.keyboard.press('Enter');
  await window.treeRow('opencode').waitFor();
  const { agents } = await editor.agor<{ agents: Agent[] }>(['agent', 'list']);
  const { model, credentials } = agents.find((agent) => agent.name === 'opencode') ?? assert.fail('it was not added');
  assert.deepEqual([model, credentials], ['local/qwen3:8b', 'login']);
});

function install(folder: string, name: string, says: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), `#!/bin/sh\necho ${says}\n`, { mode: 0o755 });
}
