/** Merges a worktree's branch into its base: whole or not at all. Conflicts are found out without touching a file. */
import { AgorError } from '../protocol/errors.ts';
import { askGit, type GitPlace, git, longTimeoutMs, withoutPrograms } from './git.ts';
import { checkouts, commitOf, requireSettled } from './repository.ts';
import type { WorktreeRecord } from './state.ts';

export type Merged = { readonly base: string; readonly commit: string; readonly isFastForward: boolean };

type Ends = { readonly base: string; readonly ours: string; readonly theirs: string };

export async function mergeIntoBase(record: WorktreeRecord, repository: GitPlace): Promise<Merged> {
  const place = await withoutPrograms(repository);
  const ends = await endsOf(record, place);
  const isFastForward = await isAncestor(place, ends.ours, ends.theirs);
  const commit = isFastForward ? ends.theirs : await mergeCommit(record, place, ends);
  await moveBase(record, place, { ...ends, commit });
  return { base: ends.base, commit, isFastForward };
}

async function endsOf({ base, branch }: WorktreeRecord, place: GitPlace): Promise<Ends> {
  if (base === null) {
    throw new AgorError('refused', 'It began at a commit and not at a branch, so there is none to merge into. Merge it with git.');
  }
  const [ours, theirs] = [await commitOf(place, `refs/heads/${base}`), await commitOf(place, `refs/heads/${branch}`)];
  if (ours === null || theirs === null) {
    throw new AgorError('notFound', `The branch ${ours === null ? base : branch} is not there any more. Bring it back, or merge with git.`);
  }
  if (await isAncestor(place, theirs, ours))
    throw new AgorError('conflict', `Everything that was committed on ${branch} is in ${base} already.`);
  return { base, ours, theirs };
}

async function isAncestor(place: GitPlace, older: string, newer: string): Promise<boolean> {
  return (await askGit(place, ['merge-base', '--is-ancestor', older, newer])).code === 0;
}

async function mergeCommit({ branch }: WorktreeRecord, place: GitPlace, { base, ours, theirs }: Ends): Promise<string> {
  const { code, stdout, stderr } = await askGit(place, ['merge-tree', '--write-tree', '--name-only', '--no-messages', '-z', ours, theirs], {
    timeoutMs: longTimeoutMs,
  });
  const [tree = '', ...conflicts] = stdout.split('\0').filter(Boolean);
  if (code === 1) throw conflicting(base, conflicts);
  if (code !== 0) throw new AgorError('conflict', `git cannot merge ${branch} into ${base}: ${stderr.trim().split('\n')[0] ?? ''}`);
  const input = `Merge branch '${branch}' into ${base}\n`;
  return (await git(place, ['commit-tree', tree, '-p', ours, '-p', theirs], { input })).trim();
}

function conflicting(base: string, files: readonly string[]): AgorError {
  const named = files.slice(0, 20).join(', ');
  const more = files.length > 20 ? ` and ${files.length - 20} more` : '';
  return new AgorError(
    'conflict',
    `It cannot be merged into ${base} by itself: ${named}${more}. Nothing was changed. Let the agent merge ${base} and settle them.`,
  );
}

type Move = Ends & { readonly commit: string };

/** Where the base is checked out, its files move along, which git does only when none of them would be lost. */
async function moveBase(record: WorktreeRecord, place: GitPlace, move: Move): Promise<void> {
  const holder = (await checkouts(place)).find(({ branch }) => branch === move.base);
  if (holder === undefined) {
    await git(place, ['update-ref', '-m', `merge ${record.branch}`, `refs/heads/${move.base}`, move.commit, move.ours]);
    return;
  }
  const there = checkoutPlace(place, holder.path);
  await requireClean(there, holder.path, move.base);
  await git(there, ['merge', '--ff-only', '--no-stat', move.commit], { timeoutMs: longTimeoutMs });
}

async function requireClean(there: GitPlace, path: string, base: string): Promise<void> {
  await requireSettled((await git(there, ['rev-parse', '--absolute-git-dir'])).trim());
  const changed = await git(there, ['status', '--porcelain=v1', '-z', '--no-renames', '--untracked-files=no', '--ignore-submodules=all']);
  const files = changed.split('\0').filter(Boolean);
  if (files.length === 0) return;
  const named = files
    .slice(0, 5)
    .map((line) => line.slice(3))
    .join(', ');
  throw new AgorError(
    'conflict',
    `${base} is checked out in ${path} with uncommitted changes (${named}). Commit or stash them, then merge.`,
  );
}

function checkoutPlace({ settings, umask }: GitPlace, cwd: string): GitPlace {
  return { cwd, ...(settings ? { settings } : {}), ...(umask === undefined ? {} : { umask }) };
}
