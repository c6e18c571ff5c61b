/** Opens a file beside what it was before: as its agent's worktree parted from its base, else as it was last committed. */
import { isAbsolute, relative, sep } from 'node:path';
import { commands, extensions, l10n, Uri } from 'vscode';
import type { Worktree } from '../../server/protocol/worktree.ts';
import type { CommandHost } from '../command-host.ts';

/** What is used of VS Code's own extension for git; another version may have less. */
type GitApi = {
  getRepository?(uri: Uri): { readonly show?: (ref: string, path: string) => Promise<string> } | null;
  toGitUri?(uri: Uri, ref: string): Uri;
};

/** Where neither is known, the file alone. */
export async function openWithDiff(host: CommandHost, path: string): Promise<void> {
  const file = Uri.file(path);
  const before = (await beforeInWorktree(host, path)) ?? (await lastCommitted(file));
  if (before === undefined) return void (await commands.executeCommand('vscode.open', file));
  await commands.executeCommand('vscode.diff', before.uri, file, `${path.split(/[/\\]/).at(-1)} (${before.name})`, { preview: true });
}

type Before = { readonly uri: Uri; readonly name: string };

async function beforeInWorktree({ backend, documents }: CommandHost, path: string): Promise<Before | undefined> {
  const { worktrees } = await backend.call('worktree/list', {});
  const worktree = worktrees.map((report) => report.worktree).find((one) => isWithin(path, one));
  if (!worktree) return undefined;
  const inside = relative(worktree.path, path).split(sep).join('/');
  const { text } = await backend.call('worktree/original', { worktree: worktree.id, path: inside });
  return text === null ? undefined : { uri: documents.add(path, text), name: l10n.t('since its worktree began') };
}

function isWithin(path: string, worktree: Worktree): boolean {
  const inside = relative(worktree.path, path);
  return inside !== '' && !inside.startsWith('..') && !isAbsolute(inside);
}

/** Whoever has git switched off, or a file that was never committed, sees the file. */
async function lastCommitted(file: Uri): Promise<Before | undefined> {
  try {
    const git = await extensions.getExtension('vscode.git')?.activate();
    // Its face is no part of VS Code's types; what it has is looked for here.
    const api = git?.getAPI?.(1) as GitApi | undefined;
    const repository = api?.getRepository?.(file);
    if (!api?.toGitUri || !repository?.show) return undefined;
    await repository.show('HEAD', file.fsPath);
    return { uri: api.toGitUri(file, 'HEAD'), name: l10n.t('since the last commit') };
  } catch {
    return undefined;
  }
}
