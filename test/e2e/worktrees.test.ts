/** Worktrees in a real VS Code of each kind of theme: the list with its proofs, what can be done, and the changes. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Worktree } from '../../server/protocol/worktree.ts';
import { type Editor, startEditor } from '../support/editor.ts';
import type { Workbench } from '../support/workbench.ts';

for (const [theme, name] of [
  ['Default Dark Modern', 'dark'],
  ['Default Light Modern', 'light'],
  ['Default High Contrast', 'contrast'],
]) {
  test(`a worktree is made, looked into, removed and restored (${name})`, async (context) => {
    const editor = await startEditor({ settings: { 'workbench.colorTheme': theme } });
    context.after(async () => {
      await editor.stop();
      rmSync(`${editor.folder}.worktrees`, { recursive: true, force: true, maxRetries: 10 });
    });
    const window = await editor.openPage();
    await window.connected();
    await window.openViewContainer('Agor');
    await window.treeRow('demo').waitFor();
    const row = (text: string) => window.page.locator('.quick-input-list .monaco-list-row', { hasText: text });

    await chooseFrom(window, 'Agor: Show Worktrees', async () => {
      await row('Create Worktree').waitFor();
      await window.screenshot(`worktrees-none-${name}`);
      await row('Create Worktree').click({ timeout: 3_000 });
    });
    await row('Where the project is').click();
    await row('Without').waitFor();
    await window.screenshot(`worktrees-create-${name}`);
    await row('Without').click();
    await window.page.getByText('works on the branch agor/demo').first().waitFor();

    const { path } = await work(editor);
    await window.runCommand('Agor: Show Worktrees');
    await row('1 file in no commit, 1 commit that is only here').waitFor();
    await window.screenshot(`worktrees-list-${name}`);
    await row('1 commit that is only here').click();
    await row('Show Changes').waitFor();
    await window.screenshot(`worktrees-actions-${name}`);
    await row('Show Changes').click();
    await window.page.getByRole('tab', { name: /Changes of demo/ }).waitFor();
    await window.page.locator('.multiDiffEntry', { hasText: 'notes.md' }).first().waitFor();
    await window.screenshot(`worktrees-changes-${name}`);

    await window.runCommand('Agor: Remove Worktree…');
    await row('1 commit that is only here').click();
    await window.page.getByRole('button', { name: 'Remove Worktree' }).waitFor();
    await window.screenshot(`worktrees-remove-${name}`);
    await window.page.getByRole('button', { name: 'Remove Worktree' }).click();
    await window.page.getByText('The worktree of demo was removed.').first().waitFor();
    assert.equal(existsSync(path), false);
    await window.screenshot(`worktrees-removed-${name}`);
    await window.runCommand('Agor: Restore Worktree…');
    await row('Everything in it is in a bundle').click();
    await window.page.getByText('The worktree of demo is back as it was.').first().waitFor();
    assert.equal(existsSync(join(path, 'notes.md')), true);
    assert.deepEqual(window.errors, []);
  });
}

/** A view that has just been opened takes the keyboard when it is ready, and a list that is open by then is gone. */
async function chooseFrom(window: Workbench, command: string, choose: () => Promise<void>): Promise<void> {
  await window.runCommand(command);
  await choose().catch(async () => {
    await window.runCommand(command);
    await choose();
  });
}

async function work(editor: Editor): Promise<Worktree> {
  const { worktrees } = await editor.agor<{ worktrees: { worktree: Worktree }[] }>(['worktree', 'list']);
  const [{ worktree } = assert.fail('there is no worktree')] = worktrees;
  writeFileSync(join(worktree.path, 'plan.md'), '# Plan\n\nSell shoes.\n');
  git(worktree.path, 'add', '.');
  git(worktree.path, 'commit', '--quiet', '-m', 'plan');
  writeFileSync(join(worktree.path, 'notes.md'), 'Not committed yet.\n');
  return worktree;
}

function git(folder: string, ...args: string[]): void {
  const who = ['-c', 'user.name=Test', '-c', 'user.email=test@localhost'];
  execFileSync('git', [...who, ...args], { cwd: folder, stdio: 'pipe' });
}
