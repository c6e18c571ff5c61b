/** What a worktree has that is nowhere else, and what that makes of it. */
import type { Worktree, WorktreeProof, WorktreeState } from '../protocol/worktree.ts';
import { askGit, type GitPlace, git, withoutPrograms } from './git.ts';
import { isOwnLink } from './links.ts';
import { branchOf, commitOf, exists } from './repository.ts';

/** A worktree with what only this feature needs to know of it. */
export type WorktreeRecord = Worktree & {
  readonly gitDir: string;
  /** The project's folder when it was made. */
  readonly top: string;
};

const listed = 50;

/** The repository as seen from the worktree; its `.git` file, which an agent may have changed, is not asked. */
export function placeOf({ path, gitDir }: Pick<WorktreeRecord, 'path' | 'gitDir'>): GitPlace {
  return { cwd: gitDir, gitDir, workTree: path };
}

export async function proofOf(record: WorktreeRecord): Promise<WorktreeProof & { readonly isThere: boolean }> {
  const place = placeOf(record);
  const isThere = await exists(record.path);
  const commit = await commitOf(place, 'HEAD');
  const unpushed = commit === null ? [] : await commitsOnlyIn(place, record.branch);
  const dirty = isThere ? await dirtyFiles(record) : [];
  return {
    isThere,
    reasons: [],
    unpushed: unpushed.slice(0, listed),
    unpushedCount: unpushed.length,
    dirty: dirty.slice(0, listed),
    dirtyCount: dirty.length,
    heldBy: commit === null || unpushed.length > 0 ? [] : await holdersOf(place, record.branch, commit),
    head: (await branchOf(place)) ?? commit,
  };
}

export type StateFacts = Pick<WorktreeProof, 'unpushedCount' | 'dirtyCount' | 'heldBy'> & {
  readonly isThere: boolean;
  readonly isLive: boolean;
};

/** Pure. What keeps it from being removed without a thought comes first; all reasons are told. */
export function stateOf({ isThere, isLive, unpushedCount, dirtyCount, heldBy }: StateFacts): {
  state: WorktreeState;
  reasons: string[];
} {
  const found: [WorktreeState, string][] = [];
  if (!isThere) found.push(['gone', 'Its folder is not there any more.']);
  if (isLive) found.push(['live', 'An agent works in it.']);
  if (dirtyCount > 0) found.push(['dirty', `${counted(dirtyCount, 'file is', 'files are')} in no commit.`]);
  if (unpushedCount > 0)
    found.push(['unpushed', `${counted(unpushedCount, 'commit is', 'commits are')} on no other branch, tag or remote.`]);
  const [first] = found;
  if (first) return { state: first[0], reasons: found.map(([, reason]) => reason) };
  const where = heldBy.length > 0 ? ` in ${heldBy.join(', ')}` : ' elsewhere';
  return { state: 'safe', reasons: [`Nothing is uncommitted, and every commit is${where} too.`] };
}

/** Of the refs that hold the commit a few, and never the worktree's own branch. */
export async function holdersOf(place: GitPlace, branch: string, commit: string): Promise<string[]> {
  const among = ['refs/heads', 'refs/remotes', 'refs/tags'];
  const refs = await git(place, ['for-each-ref', '--count=6', `--contains=${commit}`, '--format=%(refname)', ...among]);
  const others = refs.split('\n').filter((ref) => ref !== '' && ref !== `refs/heads/${branch}`);
  return others.slice(0, 5).map((ref) => ref.replace(/^refs\/(heads|remotes|tags)\//, ''));
}

/** The arguments for "what is on no other branch, tag or remote". */
export function elsewhere(branch: string): string[] {
  const own = `--exclude=refs/heads/${branch}`;
  // Each exclusion holds for the next glob only.
  return ['--not', own, '--glob=refs/heads/*', '--glob=refs/remotes/*', '--glob=refs/tags/*'];
}

async function commitsOnlyIn(place: GitPlace, branch: string): Promise<WorktreeProof['unpushed']> {
  const own = (await commitOf(place, `refs/heads/${branch}`)) === null ? [] : [`refs/heads/${branch}`];
  const lines = await git(place, ['log', '-z', '--format=%H %s', 'HEAD', ...own, ...elsewhere(branch)]);
  return lines
    .split('\0')
    .filter(Boolean)
    .map((line) => ({ commit: line.slice(0, line.indexOf(' ')), subject: line.slice(line.indexOf(' ') + 1) }));
}

/** Without the links that were made with the worktree. What a submodule holds is not looked into. */
async function dirtyFiles(record: WorktreeRecord): Promise<string[]> {
  const args = ['status', '--porcelain=v1', '-z', '--no-renames', '--untracked-files=all', '--ignore-submodules=all'];
  const files = (await git(await withoutPrograms(placeOf(record)), args)).split('\0').filter(Boolean);
  const paths = files.map((line) => line.slice(3));
  const own = await Promise.all(record.linked.map(async (path) => ((await isOwnLink(record.top, record.path, path)) ? [path] : [])));
  const links = new Set(own.flat());
  return paths.filter((path) => !links.has(path));
}

function counted(count: number, one: string, many: string): string {
  return count === 1 ? `1 ${one}` : `${count} ${many}`;
}

export function removedReason({ bundle, branch }: Pick<Worktree, 'bundle' | 'branch'>): string {
  if (bundle) return 'It is in a bundle, and can be restored.';
  return `Its folder was gone, and git knew of it no more, so nothing was kept; what was committed is on ${branch}, if that is still there.`;
}

/** Whether git can be asked there at all. */
export async function isReadable(record: WorktreeRecord): Promise<boolean> {
  return (await exists(record.gitDir)) && (await askGit(placeOf(record), ['rev-parse', '--git-dir'])).code === 0;
}
