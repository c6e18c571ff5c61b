/**
 * Where rows and folders do not belong together: worktrees whose folder is gone, and folders beside those of agents that no
 * row names. Only looks; also at rows that another process reads.
 */
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { WorktreeId } from '../protocol/ids.ts';
import { askGit } from './git.ts';
import { asidePath, folderOf } from './place.ts';
import { type CheckedOut, checkouts, commitOf, exists } from './repository.ts';
import { isReadable, type WorktreeRecord } from './state.ts';

/**
 * `kept`: git has its commits and what was staged, which a bundle takes. `branchOnly`: git has forgotten it, its branch is
 * there. `lost`: that is gone, too. `moved`: its folder is elsewhere. `locked`: somebody told git that it comes back.
 * `noProject`: the project's folder is not there either.
 */
export type GoneState = 'kept' | 'branchOnly' | 'lost' | 'moved' | 'locked' | 'noProject';
export type GoneWorktree = {
  readonly id: WorktreeId;
  readonly path: string;
  readonly branch: string;
  readonly state: GoneState;
  /** Where it was moved to; the project's folder where only that can be asked, or is gone too. */
  readonly elsewhere: string | null;
};
/** `branch`: null where git does not know the folder, or it is on none. */
export type StrayFolder = { readonly path: string; readonly branch: string | null };
export type StrayWorktrees = { readonly gone: readonly GoneWorktree[]; readonly folders: readonly StrayFolder[] };

export type StrayLook = {
  readonly records: readonly WorktreeRecord[];
  /** Folders of the projects that there are. */
  readonly projects: ReadonlyMap<string, string>;
};

const mostFolders = 1_000;

export async function strayWorktrees({ records, projects }: StrayLook): Promise<StrayWorktrees> {
  const gone: GoneWorktree[] = [];
  const open = records.filter(({ removedAt }) => removedAt === null);
  // One after the other: each asks git.
  for (const record of open) {
    const top = projects.get(record.projectId) ?? record.top;
    const found = await goneState(record, top);
    if (found) gone.push({ id: record.id, path: record.path, branch: record.branch, ...found });
  }
  const tops = new Set([...projects.values(), ...records.map(({ top }) => top)]);
  const known = new Set(open.map(({ path }) => path));
  const folders: StrayFolder[] = [];
  for (const top of tops) folders.push(...(await strayFolders(top, known)));
  return { gone, folders };
}

/** Where git says that a worktree lies whose folder is not where it was; null when that is nowhere. */
export async function movedTo({ gitDir, path }: Pick<WorktreeRecord, 'gitDir' | 'path'>): Promise<string | null> {
  const link = await readFile(join(gitDir, 'gitdir'), 'utf8').catch(() => '');
  const folder = dirname(link.trim());
  return link !== '' && folder !== path && (await exists(link.trim())) ? folder : null;
}

async function goneState(record: WorktreeRecord, top: string): Promise<Pick<GoneWorktree, 'state' | 'elsewhere'> | undefined> {
  // What is moved aside while it is being removed is put back by the next start.
  if ((await exists(record.path)) || (await exists(asidePath(record.path, record.id)))) return undefined;
  if (!(await exists(top))) return { state: 'noProject', elsewhere: top };
  const elsewhere = await movedTo(record);
  if (elsewhere !== null) return { state: 'moved', elsewhere };
  if (await exists(join(record.gitDir, 'locked'))) return { state: 'locked', elsewhere: null };
  if (await isReadable(record)) return { state: 'kept', elsewhere: null };
  const hasBranch = (await commitOf({ cwd: top }, `refs/heads/${record.branch}`)) !== null;
  return hasBranch ? { state: 'branchOnly', elsewhere: null } : { state: 'lost', elsewhere: top };
}

/** A person's own worktrees may lie in the same folder: those on branches with other names are left out. */
async function strayFolders(top: string, known: ReadonlySet<string>): Promise<StrayFolder[]> {
  const root = folderOf(top);
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  const paths = entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => join(root, name))
    .filter((path) => !known.has(path))
    .slice(0, mostFolders);
  if (paths.length === 0) return [];
  const checkedOut = await checkoutsAt(top);
  return paths.flatMap((path): StrayFolder[] => {
    const found = checkedOut.find((each) => each.path === path);
    const branch = found?.branch ?? null;
    return branch === null || branch.startsWith('agor/') ? [{ path, branch }] : [];
  });
}

/** None where there is no repository any more. */
async function checkoutsAt(top: string): Promise<CheckedOut[]> {
  if (!(await exists(top)) || (await askGit({ cwd: top }, ['rev-parse', '--git-dir'])).code !== 0) return [];
  return checkouts({ cwd: top });
}
