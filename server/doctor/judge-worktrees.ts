/** Whether each worktree of an agent has its folder, and each folder among them its worktree. Pure. */
import { type Diagnosis, diagnosis, type Fix, someOf } from './finding.ts';
import { shellWord } from './judge-modes.ts';

/** What can still be had of one whose folder is gone; see `GoneState` of the worktrees. */
export type GoneWorktree = {
  readonly id: string;
  readonly path: string;
  readonly branch: string;
  readonly state: 'kept' | 'branchOnly' | 'lost' | 'moved' | 'locked' | 'noProject';
  readonly elsewhere: string | null;
};
export type WorktreeFacts = {
  readonly gone: readonly GoneWorktree[];
  readonly folders: readonly { readonly path: string; readonly branch: string | null }[];
};

type Todo = Diagnosis['todo'];

/** `isFixer`: whoever asks can have the worktrees themselves close a row. Only a backend can, which knows who works where. */
export function judgeWorktrees({ gone, folders }: WorktreeFacts, isFixer: boolean): Diagnosis[] {
  return [...gone.map((worktree) => goneFound(worktree, isFixer)), ...strayFound(folders)];
}

const why = 'Its agent is to work there, so it cannot be started.';

function goneFound(worktree: GoneWorktree, isFixer: boolean): Diagnosis {
  const { id, path, branch, state, elsewhere } = worktree;
  const what = `The folder of a worktree is gone: ${path}, on the branch ${branch}.`;
  const remove = { run: `agor worktree remove ${id}` };
  const safe = (sentence: string): Diagnosis => {
    const [fixes, todo]: [Fix[], Todo] = isFixer ? [[{ do: 'closeWorktree', id, path }], []] : [[], [remove]];
    return diagnosis('files.goneWorktrees', 'warning', what, { why: `${why} ${sentence}`, todo, fixes });
  };
  const told = (sentence: string, ...todo: Todo): Diagnosis =>
    diagnosis('files.goneWorktrees', 'warning', what, { why: `${why} ${sentence}`, todo });
  switch (state) {
    case 'kept':
      return safe('git still has its commits and what was staged; removing it keeps them in a bundle.');
    case 'branchOnly':
      return safe('git has forgotten it, but all that was committed is on its branch, which stays.');
    case 'lost':
      return told(
        'Neither git nor a branch of that name knows what was in it.',
        { say: 'Look for it among all commits first:' },
        {
          run: `git -C ${shellWord(elsewhere ?? path)} fsck --lost-found`,
        },
        { say: 'When there is nothing to look for, remove the worktree:' },
        remove,
      );
    case 'moved':
      return told(`git says that it is in ${elsewhere ?? 'another folder'}.`, {
        run: `git -C ${shellWord(elsewhere ?? path)} worktree move ${shellWord(elsewhere ?? path)} ${shellWord(path)}`,
      });
    case 'locked':
      return told(
        'It is locked, so somebody expects it back.',
        { say: 'Bring its disk back; or unlock it, and remove it:' },
        {
          run: `git worktree unlock ${shellWord(path)}`,
        },
        remove,
      );
    case 'noProject':
      return told(
        `The project's folder ${elsewhere ?? ''} is not there either, as when a disk is not mounted.`,
        {
          say: 'Bring the folder back, then look again:',
        },
        { run: 'agor doctor' },
      );
  }
}

/** Never deleted: what is in them may be nowhere else. */
function strayFound(folders: WorktreeFacts['folders']): Diagnosis[] {
  const [first] = folders;
  if (!first) return [];
  const names = folders.map(({ path, branch }) => (branch === null ? path : `${path} (${branch})`));
  const what = `${folders.length === 1 ? 'A folder lies' : `${folders.length} folders lie`} among the worktrees of agents and belong${folders.length === 1 ? 's' : ''} to none: ${someOf(names)}.`;
  const reason = 'Left after a backup from before was restored, or put there by hand. What is in them may be nowhere else.';
  const todo = [
    { say: 'Look at what is in it, and commit or copy what you need; then remove it by git, or delete it:' },
    { run: `git -C ${shellWord(first.path)} status` },
    { run: `git -C ${shellWord(first.path)} worktree remove ${shellWord(first.path)}` },
  ];
  // On a branch of an agent it was certainly one's.
  const level = folders.some(({ branch }) => branch !== null) ? 'warning' : 'note';
  return [diagnosis('files.strayWorktrees', level, what, { why: reason, todo: level === 'note' ? todo.slice(0, 1) : todo })];
}
