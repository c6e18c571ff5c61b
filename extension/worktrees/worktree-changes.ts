/** What changed in a worktree, in VS Code's own editor for several differences. */
import { join } from 'node:path';
import { commands, l10n, ProgressLocation, Uri, window } from 'vscode';
import type { ChangedFile, Worktree } from '../../server/protocol/worktree.ts';
import type { CommandHost } from '../command-host.ts';

type Sides = [Uri, Uri | undefined, Uri | undefined];

/** More at once would neither be read nor be quick. */
const mostFiles = 200;

export async function showWorktreeChanges(host: CommandHost, worktree: Worktree, agentName: string): Promise<void> {
  const title = l10n.t('Changes of {0}', agentName);
  const found = await window.withProgress({ location: ProgressLocation.Window, title }, async () => {
    const { files, isWhole } = await host.backend.call('worktree/diff', { worktree: worktree.id });
    const shown = files.slice(0, mostFiles);
    return {
      sides: await Promise.all(shown.map((file) => sidesOf(host, worktree, file))),
      isWhole: isWhole && shown.length === files.length,
    };
  });
  if (found.sides.length === 0) {
    void window.showInformationMessage(l10n.t('Nothing has changed in the worktree of {0} yet.', agentName));
    return;
  }
  await commands.executeCommand('vscode.changes', title, found.sides);
  if (!found.isWhole) void window.showInformationMessage(l10n.t('Only the first {0} files are shown.', found.sides.length));
}

async function sidesOf(host: CommandHost, worktree: Worktree, { path, status }: ChangedFile): Promise<Sides> {
  const file = Uri.file(join(worktree.path, path));
  if (status === 'added') return [file, undefined, file];
  const { text } = await host.backend.call('worktree/original', { worktree: worktree.id, path });
  // Of the same path, or the editor would take it for a file that was renamed.
  const original = host.documents.add(file.path, text ?? l10n.t('This was no text, or too long to be shown.'));
  return [file, original, status === 'deleted' ? undefined : file];
}
