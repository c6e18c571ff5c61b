/** What an agent is told of the folder that it works in, and of the others that work beside it. Pure; never throws. */
import { Workspace } from '../protocol/worktree.ts';

/** From `AGENT_RELAY_WORKSPACE_JSON`; empty for what cannot be read. */
export function workspaceNotes(json: string): string {
  const workspace = parsed(json);
  if (workspace === undefined) return '';
  return [dependenciesNote(workspace), symlinksNote(workspace)].filter((note) => note !== '').join('\n\n');
}

export type Neighbours = {
  readonly conflicts: readonly { readonly path: string; readonly others: readonly string[] }[];
  readonly leases: readonly { readonly path: string; readonly who: string; readonly until: number }[];
};

/** Empty when there is nothing to say. Names and paths are others' words, so each is kept to one line of plain signs. */
export function neighboursNote({ conflicts, leases }: Neighbours): string {
  const held = leases.map(({ path, who, until }) => `- ${plain(path)}: ${plain(who)}, until ${new Date(until).toISOString()}`);
  const shared = conflicts.map(({ path, others }) => `- ${plain(path)}: also changed by ${others.map(plain).join(', ')}`);
  return [
    ...(held.length > 0
      ? ['# Paths that others have for themselves', 'Do not change these; write to who has them if you must.', ...held]
      : []),
    ...(shared.length > 0 ? ['# Files that others change too', 'Agree with them before you go on there.', ...shared] : []),
  ].join('\n');
}

function dependenciesNote({ deps }: Workspace): string {
  const where = 'You work in a git worktree of your own, on a branch of your own; commit there.';
  if (deps.mode === 'linked') {
    return `${where} Installed dependencies are links into the project's folder: use them, and do not install, update or remove any here.`;
  }
  return `${where} What the project has installed (node_modules, virtual environments, build output) is not here: install it here before you build or test.`;
}

function symlinksNote({ symlinks }: Workspace): string {
  if (symlinks.linked.length === 0) return '';
  const paths = symlinks.linked.map((path) => `- ${plain(path)}`).join('\n');
  return `These paths are links into the project's folder. What you write there would be written through to it, so treat them as read only, and do not commit them:\n${paths}`;
}

function parsed(json: string): Workspace | undefined {
  try {
    return Workspace.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}

function plain(text: string): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '?').slice(0, 300);
}
