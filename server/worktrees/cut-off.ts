/**
 * What a backend that was killed left half done. A mark says beforehand that a folder is being brought back, so that the
 * half of one is told from a folder that somebody put there; it goes only once all of it is known to be in the whole one.
 */
import { lstat, open, readdir, readlink, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { asStorageError } from '../base/storage-error.ts';
import type { WorktreesDeps } from './deps.ts';
import { askGit, type GitPlace, git } from './git.ts';
import { asidePath } from './place.ts';
import { checkouts, exists } from './repository.ts';
import type { WorktreeRecord } from './state.ts';

const compareBytes = 64 * 1024;

/** Goes on where an earlier backend was cut off; see `Worktrees.settle`. */
export async function settleCutOff(deps: Pick<WorktreesDeps, 'dir' | 'log'>, records: readonly WorktreeRecord[]): Promise<void> {
  for (const record of records) {
    const { path, id, removedAt } = record;
    if (removedAt === null && (await exists(markOf(deps.dir, id)))) await endRestore(deps, record);
    const aside = asidePath(path, id);
    if (!(await exists(aside))) continue;
    if (removedAt !== null) await rm(aside, { recursive: true, force: true });
    else if (!(await exists(path))) await rename(aside, path);
  }
  await dropWorkFolders(deps.dir);
}

export function markOf(dir: string, id: string): string {
  return join(dir, `${id}.restoring`);
}

/** On disk before the folder is. */
export async function putMark(mark: string): Promise<void> {
  try {
    const file = await open(mark, 'w', 0o600);
    await file.sync().finally(() => file.close());
  } catch (error) {
    throw asStorageError(error, dirname(mark));
  }
}

/** Moves away what was left of an earlier try: beside the folder, so that it gets there by a rename, and over nothing. */
export async function setUnfinishedAside(path: string, id: string): Promise<void> {
  for (let count = 1; ; count += 1) {
    const aside = join(dirname(path), `${unfinishedName(path, id)}-${count}`);
    if (!(await exists(aside))) return rename(path, aside);
  }
}

/** git still knows a folder that is gone, and would refuse to make it anew; one that it was killed in is locked besides. */
export async function forgetFolder(repository: GitPlace, path: string): Promise<void> {
  if (await exists(path)) return;
  const known = await checkouts(repository);
  if (!known.some((checkout) => checkout.path === path)) return;
  await askGit(repository, ['worktree', 'unlock', '--', path]);
  await git(repository, ['worktree', 'remove', '--', path]);
}

/** It is back, and that is kept: only then goes what an earlier try left, if the folder has all of it. */
export async function endRestore(
  { dir, log }: Pick<WorktreesDeps, 'dir' | 'log'>,
  { id, path }: { readonly id: string; readonly path: string },
): Promise<void> {
  for (const stays of await dropUnfinished(path, id))
    log('what an earlier try to restore left has more than the folder, and stays', { path: stays });
  await rm(markOf(dir, id), { force: true });
}

/** Removes what was set aside when nothing is in it that the whole folder does not have; answers what stays. */
async function dropUnfinished(path: string, id: string): Promise<string[]> {
  const names = await readdir(dirname(path)).catch(() => []);
  const stays: string[] = [];
  for (const name of names.filter((each) => each.startsWith(unfinishedName(path, id)))) {
    const aside = join(dirname(path), name);
    if (await isPartOf(aside, path)) await rm(aside, { recursive: true, force: true });
    else stays.push(aside);
  }
  return stays;
}

function unfinishedName(path: string, id: string): string {
  return `.${basename(path)}.unfinished-${id.slice(-8)}`;
}

/** Repositories for one piece of work whose end their backend did not see. Only while nobody works with any. */
export async function dropWorkFolders(dir: string): Promise<void> {
  const names = await readdir(dir).catch(() => []);
  for (const name of names) if (name.startsWith('work-')) await rm(join(dir, name), { recursive: true, force: true });
}

/** Each file is a beginning of the same file there: one that was being written when its writer was killed is that too. */
export async function isPartOf(part: string, whole: string): Promise<boolean> {
  for (const entry of await readdir(part, { withFileTypes: true })) {
    // git's own file of a worktree says only where its repository is.
    if (entry.name === '.git' && entry.isFile()) continue;
    const [own, other] = [join(part, entry.name), join(whole, entry.name)];
    const there = await lstat(other).catch(() => undefined);
    if (!there) return false;
    if (entry.isDirectory()) {
      if (!there.isDirectory() || !(await isPartOf(own, other))) return false;
    } else if (entry.isSymbolicLink()) {
      if (!there.isSymbolicLink() || (await readlink(own)) !== (await readlink(other))) return false;
    } else if (!entry.isFile() || !there.isFile() || !(await isBeginningOf(own, other))) return false;
  }
  return true;
}

async function isBeginningOf(part: string, whole: string): Promise<boolean> {
  const [own, other] = [await open(part), await open(whole)];
  try {
    for (let from = 0; ; from += compareBytes) {
      const [mine, theirs] = [await chunk(own, from), await chunk(other, from)];
      if (!mine.equals(theirs.subarray(0, mine.length))) return false;
      if (mine.length < compareBytes) return true;
    }
  } finally {
    await Promise.all([own.close(), other.close()]);
  }
}

async function chunk(file: Awaited<ReturnType<typeof open>>, from: number): Promise<Buffer> {
  const buffer = Buffer.alloc(compareBytes);
  let filled = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, filled, compareBytes - filled, from + filled);
    filled += bytesRead;
    if (bytesRead === 0 || filled === compareBytes) return buffer.subarray(0, filled);
  }
}
