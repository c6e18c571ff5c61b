/** Makes a worktree with a branch of its own; what was begun is taken back when it cannot be finished. */
import { mkdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { asStorageError } from '../base/storage-error.ts';
import { AgorError } from '../protocol/errors.ts';
import type { DependencyMode } from '../protocol/worktree.ts';
import { type GitPlace, git, longTimeoutMs, withoutPrograms } from './git.ts';
import { checkedLinks, dependencyLinks, isOwnLink, makeLinks } from './links.ts';
import { type Place, placesFor } from './place.ts';
import { commitOf, exists, hasBranch, type Repository, repositoryAt } from './repository.ts';

export type Wish = {
  readonly projectDir: string;
  readonly agentName: string;
  readonly from: string | undefined;
  readonly dependencies: DependencyMode;
  readonly links: readonly string[];
  readonly umask: number;
};

export type Made = Place & {
  readonly gitDir: string;
  readonly base: string | null;
  readonly baseCommit: string;
  readonly linked: readonly string[];
};

export async function makeWorktree(wish: Wish): Promise<Made> {
  const repository = await repositoryAt(wish.projectDir);
  const top = await withoutPrograms({ cwd: repository.top, umask: wish.umask });
  const begin = await beginning(top, repository, wish.from);
  const linked = await checkedLinks(repository.top, await wishedLinks(wish));
  const place = await freePlace(top, wish);
  await addWorktree(top, place, begin.baseCommit);
  try {
    await makeLinks(repository.top, place.path, linked);
    const gitDir = (await git({ cwd: place.path }, ['rev-parse', '--absolute-git-dir'])).trim();
    return { ...place, ...begin, gitDir, linked };
  } catch (error) {
    await takeBack(top, { ...place, linked }, begin.baseCommit);
    throw error;
  }
}

/** Only for one in which nobody has worked yet: git refuses when there is anything in it but what was checked out. */
export async function takeBack(
  top: GitPlace,
  { path, branch, linked }: Place & { readonly linked: readonly string[] },
  commit: string,
): Promise<void> {
  for (const link of linked) if (await isOwnLink(top.cwd, path, link)) await unlink(join(path, link));
  await git(top, ['worktree', 'remove', '--', path]);
  await git(top, ['update-ref', '-d', `refs/heads/${branch}`, commit]);
}

async function wishedLinks({ projectDir, dependencies, links }: Wish): Promise<string[]> {
  return [...(dependencies === 'linked' ? await dependencyLinks(projectDir) : []), ...links];
}

/** A local branch is what the work goes back to; anything else is only where it begins. */
async function beginning(top: GitPlace, { head }: Repository, from: string | undefined): Promise<Pick<Made, 'base' | 'baseCommit'>> {
  if (from === undefined) return { base: head.branch, baseCommit: head.commit };
  const ofBranch = await commitOf(top, `refs/heads/${from}`);
  if (ofBranch !== null) return { base: from, baseCommit: ofBranch };
  const commit = await commitOf(top, from);
  if (commit !== null) return { base: null, baseCommit: commit };
  throw new AgorError('notFound', `The repository has no branch, tag or commit "${from}". "git branch --all" lists its branches.`);
}

async function freePlace(top: GitPlace, { projectDir, agentName }: Wish): Promise<Place> {
  for (const place of placesFor(projectDir, agentName)) {
    if (!(await exists(place.path)) && !(await hasBranch(top, place.branch))) return place;
  }
  throw new AgorError('conflict', `All names for a worktree of ${agentName} are taken. Remove old ones with "agor worktree remove".`);
}

async function addWorktree(top: GitPlace, { path, branch }: Place, commit: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true }).catch((error) => {
    throw asStorageError(error, dirname(path));
  });
  await git(top, ['branch', '--no-track', '--', branch, commit]);
  try {
    await git(top, ['worktree', 'add', '--', path, branch], { timeoutMs: longTimeoutMs });
  } catch (error) {
    // Nothing was done on it yet.
    await git(top, ['update-ref', '-d', `refs/heads/${branch}`, commit]);
    throw error;
  }
}
