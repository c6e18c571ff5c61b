/** What git says of a project's folder, and of the places of its worktrees. */
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { AgorError } from '../protocol/errors.ts';
import { askGit, type GitPlace, git } from './git.ts';

export type Repository = {
  /** The project's folder. */
  readonly top: string;
  readonly gitDir: string;
  /** What all worktrees of the repository share. */
  readonly commonDir: string;
  readonly head: { readonly branch: string | null; readonly commit: string };
};

/** Throws what is wrong when no worktree can be made from there. */
export async function repositoryAt(top: string): Promise<Repository> {
  const place = { cwd: top };
  if (!(await exists(top))) throw new AgorError('notFound', `The folder ${top} is not there. Bring it back, then try again.`);
  const { code, stdout, stderr } = await askGit(place, ['rev-parse', '--is-bare-repository', '--is-inside-work-tree']);
  if (code !== 0 && /dubious ownership/.test(stderr))
    throw new AgorError('refused', `git does not trust ${top}, which belongs to another user.`);
  if (code !== 0) throw noRepository(top);
  const [isBare, isInside] = stdout.split('\n');
  if (isBare === 'true' || isInside !== 'true') {
    throw new AgorError('badRequest', `${top} is a bare repository, so there are no files to work on. Add a checkout of it as a project.`);
  }
  const paths = await git(place, ['rev-parse', '--path-format=absolute', '--git-dir', '--git-common-dir']);
  const [gitDir = '', commonDir = ''] = paths.split('\n');
  return { top, gitDir, commonDir, head: await headOf(place, top) };
}

/** Null for one without a branch, or without a commit. */
export async function branchOf(place: GitPlace): Promise<string | null> {
  const { code, stdout } = await askGit(place, ['symbolic-ref', '--quiet', '--short', 'HEAD']);
  return code === 0 ? stdout.trim() : null;
}

/** Null when nothing is of that name, or it is no commit. */
export async function commitOf(place: GitPlace, name: string): Promise<string | null> {
  const { code, stdout } = await askGit(place, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`]);
  return code === 0 ? stdout.trim() : null;
}

export async function hasBranch(place: GitPlace, branch: string): Promise<boolean> {
  return (await commitOf(place, `refs/heads/${branch}`)) !== null;
}

export type CheckedOut = { readonly path: string; readonly branch: string | null };

/** Every folder of the repository, the first one first. */
export async function checkouts(place: GitPlace): Promise<CheckedOut[]> {
  const records = (await git(place, ['worktree', 'list', '--porcelain', '-z'])).split('\0\0').filter(Boolean);
  return records.map((record) => {
    const lines = record.split('\0');
    const of = (name: string) => lines.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1);
    return { path: of('worktree') ?? '', branch: of('branch')?.replace(/^refs\/heads\//, '') ?? null };
  });
}

const unfinished: Readonly<Record<string, string>> = {
  MERGE_HEAD: 'a merge',
  CHERRY_PICK_HEAD: 'a cherry-pick',
  REVERT_HEAD: 'a revert',
  'rebase-merge': 'a rebase',
  'rebase-apply': 'a rebase',
  BISECT_LOG: 'a bisect',
  sequencer: 'a cherry-pick or revert',
};

/** Throws when git is in the middle of something there, which no commit holds. */
export async function requireSettled(gitDir: string): Promise<void> {
  for (const [name, what] of Object.entries(unfinished)) {
    if (!(await exists(join(gitDir, name)))) continue;
    throw new AgorError('conflict', `There is ${what} that has not been finished. Finish or abort it there, then try again.`);
  }
  const lock = join(gitDir, 'index.lock');
  if (!(await exists(lock))) return;
  throw new AgorError('conflict', `Another git is at work there: ${lock} exists. When none is, remove that file, then try again.`);
}

export async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

async function headOf(place: GitPlace, top: string): Promise<Repository['head']> {
  const commit = await commitOf(place, 'HEAD');
  if (commit !== null) return { branch: await branchOf(place), commit };
  throw new AgorError('badRequest', `The repository at ${top} has no commit yet. Make a first commit, then try again.`);
}

function noRepository(top: string): AgorError {
  return new AgorError(
    'badRequest',
    `${top} is not the top folder of a git repository. A worktree needs one: add the repository's top folder as a project, or run "git init" and commit.`,
  );
}
