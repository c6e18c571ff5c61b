/** Which commits would be lost with a worktree: those of its branch and HEAD, and what only their logs still know. */
import type { Manifest } from './bundle.ts';
import { askGit, type GitPlace, git } from './git.ts';
import { elsewhere, type WorktreeRecord } from './state.ts';

export type OnlyHere = {
  /** From these everything is reached. */
  readonly tips: readonly string[];
  /** Where that meets what is elsewhere too. */
  readonly needs: readonly string[];
};

/** Commits that only the logs knew when it was removed once before. They belong to the worktree like its branch does. */
export function lostRefs(id: string): string {
  return `refs/agor/lost/${id}`;
}

type Whose = Pick<WorktreeRecord, 'id' | 'branch'>;

export async function onlyHere(
  place: GitPlace,
  { id, branch }: Whose,
  { head, branches }: Pick<Manifest, 'head' | 'branches'>,
): Promise<OnlyHere> {
  const known = [head.commit, ...branches.map(([, tip]) => tip), ...(await ownRefs(place, id))];
  const logged = [...(await loggedCommits(place, 'HEAD')), ...(await loggedCommits(place, `refs/heads/${branch}`))];
  const lost = await newestOf(place, logged, [...known, ...elsewhere(branch).slice(1)]);
  const tips = [...new Set([...known, ...lost])];
  const walked = await git(place, ['rev-list', '--boundary', ...tips, ...elsewhere(branch)]);
  const lines = walked.split('\n').filter(Boolean);
  const own = new Set(lines.filter((line) => !line.startsWith('-')));
  const met = lines.filter((line) => line.startsWith('-')).map((line) => line.slice(1));
  return { tips, needs: [...new Set([...met, ...tips.filter((tip) => !own.has(tip))])] };
}

/** Refs that belong to this worktree alone. */
async function ownRefs(place: GitPlace, id: string): Promise<string[]> {
  const refs = await git(place, ['for-each-ref', '--format=%(objecttype) %(objectname)', 'refs/worktree', lostRefs(id)]);
  return refs.split('\n').flatMap((line) => (line.startsWith('commit ') ? [line.slice('commit '.length)] : []));
}

async function loggedCommits(place: GitPlace, ref: string): Promise<string[]> {
  const { code, stdout } = await askGit(place, ['log', '--walk-reflogs', '--format=%H', ref, '--']);
  return code === 0 ? [...new Set(stdout.split('\n').filter(Boolean))] : [];
}

/** Of the commits that cannot be reached from `known` those that no other one of them has as its parent. */
async function newestOf(place: GitPlace, commits: readonly string[], known: readonly string[]): Promise<string[]> {
  if (commits.length === 0) return [];
  // They may be thousands, and what is not to be reached is not taken from the input.
  const args = ['rev-list', '--parents', '--ignore-missing', '--stdin', '--not', ...known];
  const walked = await git(place, args, { input: `${commits.join('\n')}\n` });
  const lines = walked
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split(' '));
  const parents = new Set(lines.flatMap(([, ...rest]) => rest));
  return lines.flatMap(([commit = '']) => (parents.has(commit) ? [] : [commit]));
}
