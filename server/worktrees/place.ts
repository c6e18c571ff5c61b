/**
 * Where a worktree lies and what its branch is called. Beside the project's folder, as editors do it: the person finds
 * it, it is on the same disk, programs that look for a project in the folders above find no other one, and whoever
 * clears the data directory clears no work. Pure.
 */
import { basename, dirname, join } from 'node:path';

export type Place = { readonly path: string; readonly branch: string };

const nameChars = 40;

/** The first is the usual one; the others are for when it is taken. */
export function* placesFor(projectDir: string, agentName: string): Generator<Place> {
  const name = plainName(agentName);
  const folder = folderOf(projectDir);
  for (let count = 1; count < 1000; count += 1) {
    const own = count === 1 ? name : `${name}-${count}`;
    yield { path: join(folder, own), branch: `agor/${own}` };
  }
}

/** In which the worktrees of a project lie. */
export function folderOf(projectDir: string): string {
  return join(dirname(projectDir), `${basename(projectDir)}.worktrees`);
}

/** What is a name in every file system and for git, whatever the agent is called. */
export function plainName(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, nameChars)
    .replaceAll(/^-+|-+$/g, '');
  return plain === '' ? 'agent' : plain;
}

/** Beside the folder, so that it gets there by a rename. */
export function asidePath(path: string, id: string): string {
  return join(dirname(path), `.${basename(path)}.removing-${id.slice(-8)}`);
}
