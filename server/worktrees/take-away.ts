/**
 * Removes a worktree after a bundle of it was written and proved. The folder is first moved aside, so that nobody writes
 * in it by its path any more, and then compared with what the bundle gives back; only then is it deleted.
 */
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AgorError } from '../protocol/errors.ts';
import { type Bare, treeOfFiles, withBare } from './bare.ts';
import { openBundle, type Written, writeBundle } from './bundle.ts';
import { readModes } from './file-modes.ts';
import { type GitPlace, git } from './git.ts';
import { lostRefs } from './only-here.ts';
import { asidePath } from './place.ts';
import { commitOf, exists, requireSettled } from './repository.ts';
import { holdersOf, placeOf, type WorktreeRecord } from './state.ts';
import { movedTo } from './strays.ts';

export type TakeAway = {
  readonly record: WorktreeRecord;
  /** Where bundles are kept. */
  readonly dir: string;
  readonly bundlePath: string;
  readonly commonDir: string;
  readonly umask: number;
  /** Keeps that it is in the bundle; until then everything can be put back. */
  readonly keep: (bundle: Written) => void;
};

export async function takeAway({ record, dir, bundlePath, commonDir, umask, keep }: TakeAway): Promise<void> {
  await requireRemovable(record);
  const written = await withBare(dir, commonDir, umask, (bare) => writeBundle(bare, record, bundlePath));
  const repository = { cwd: commonDir, gitDir: commonDir };
  const aside = asidePath(record.path, record.id);
  try {
    await pin(repository, record.id, written.needs);
    if (written.files !== null) await rename(record.path, aside);
    await withBare(dir, commonDir, umask, (bare) => prove(bare, written, { record, aside }));
    keep(written);
  } catch (error) {
    if (written.files !== null && (await exists(aside))) await rename(aside, record.path);
    await rm(bundlePath, { force: true });
    throw error;
  }
  await git(repository, ['worktree', 'remove', '--', record.path]);
  await dropBranch(repository, record.branch);
  await dropLost(repository, record.id);
  await rm(aside, { recursive: true, force: true });
}

async function requireRemovable({ path, gitDir }: WorktreeRecord): Promise<void> {
  await requireSettled(gitDir);
  const elsewhere = (await exists(path)) ? null : await movedTo({ path, gitDir });
  if (elsewhere !== null) {
    throw new AgorError(
      'conflict',
      `It was moved to ${elsewhere}. Move it back with "git worktree move ${elsewhere} ${path}", then try again.`,
    );
  }
  if (await exists(join(gitDir, 'locked'))) {
    throw new AgorError('conflict', 'It is locked. Run "git worktree unlock" for it, then try again.');
  }
  if (await exists(join(gitDir, 'modules'))) {
    throw new AgorError(
      'conflict',
      'A submodule is checked out in it, which a bundle does not hold. Run "git submodule deinit --all" there, then try again.',
    );
  }
}

/** So that nothing the bundle builds upon is ever cleared away, whatever becomes of other branches. */
async function pin(repository: GitPlace, id: string, needs: readonly string[]): Promise<void> {
  const lines = needs.map((commit, at) => `update refs/agor/worktrees/${id}/${at} ${commit}\n`);
  if (lines.length > 0) await git(repository, ['update-ref', '--stdin'], { input: lines.join('') });
}

/** What the bundle gives back is what is there now: the files, their modes, the index is of the same commit. */
async function prove(bare: Bare, written: Written, { record, aside }: { record: WorktreeRecord; aside: string }): Promise<void> {
  const { manifest, files } = await openBundle(bare, written.path);
  const head = await commitOf(placeOf(record), 'HEAD');
  const tips = await Promise.all(
    manifest.branches.map(async ([name, tip]) => (await commitOf(placeOf(record), `refs/heads/${name}`)) === tip),
  );
  const isSame = written.files === null || (files === (await treeOfFiles(bare, aside)) && hasModes(manifest.modes, await readModes(aside)));
  if (isSame && head === manifest.head.commit && tips.every(Boolean)) return;
  throw new AgorError(
    'conflict',
    'It was changed while it was being kept, so it was left as it is. End what writes there, then try again.',
  );
}

function hasModes(kept: unknown, found: unknown): boolean {
  return JSON.stringify(kept) === JSON.stringify(found);
}

async function dropLost(repository: GitPlace, id: string): Promise<void> {
  const refs = (await git(repository, ['for-each-ref', '--format=delete %(refname) %(objectname)', lostRefs(id)])).trim();
  if (refs !== '') await git(repository, ['update-ref', '--stdin'], { input: `${refs}\n` });
}

/** Only when every commit of it is elsewhere; otherwise it stays, besides being in the bundle. */
async function dropBranch(repository: GitPlace, branch: string): Promise<void> {
  const tip = await commitOf(repository, `refs/heads/${branch}`);
  if (tip === null || (await holdersOf(repository, branch, tip)).length === 0) return;
  await git(repository, ['update-ref', '-d', `refs/heads/${branch}`, tip]);
}
