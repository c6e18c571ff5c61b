/** What a worktree is called and what is said of its state: plain values, without the editor. */
import type { WorktreeReport, WorktreeState } from '../../server/protocol/worktree.ts';
import { sizeText } from '../text/size-text.ts';
import type { Translate } from '../text/translate.ts';

const icons: Record<WorktreeState, string> = {
  safe: 'pass',
  unpushed: 'git-commit',
  dirty: 'diff-modified',
  live: 'sync',
  gone: 'question',
  unreadable: 'warning',
  removed: 'archive',
};

export type WorktreeRow = { readonly label: string; readonly description: string; readonly detail: string; readonly proof: string };

export function worktreeRow({ worktree, state, proof, size }: WorktreeReport, agentName: string, t: Translate): WorktreeRow {
  const bytes = size.isWhole ? sizeText(size.bytes) : t('at least {0}', sizeText(size.bytes));
  const sentence = isBundled(worktree) ? stateSentence(state, proof, t) : t('Its folder was gone, so only its branch is left');
  return {
    label: `$(${icons[state]}) ${agentName || t('removed agent')}`,
    description: [isBundled(worktree) ? stateWord(state, t) : t('removed'), worktree.branch, bytes].join(' · '),
    detail: [sentence, worktree.path].join(' · '),
    proof: sentence,
  };
}

/** False for one that was removed when nothing of it was left but its branch. */
export function isBundled({ removedAt, bundle }: Pick<WorktreeReport['worktree'], 'removedAt' | 'bundle'>): boolean {
  return removedAt === null || bundle !== null;
}

export function stateWord(state: WorktreeState, t: Translate): string {
  switch (state) {
    case 'safe':
      return t('safe');
    case 'unpushed':
      return t('unpushed');
    case 'dirty':
      return t('uncommitted');
    case 'live':
      return t('in use');
    case 'gone':
      return t('folder is gone');
    case 'unreadable':
      return t('cannot be read');
    case 'removed':
      return t('removed, can be restored');
  }
}

function stateSentence(state: WorktreeState, proof: WorktreeReport['proof'], t: Translate): string {
  if (state === 'removed') return t('Everything in it is in a bundle');
  if (state === 'unreadable') return proof.reasons.join(' ');
  const found = [
    ...(proof.dirtyCount === 1 ? [t('1 file in no commit')] : []),
    ...(proof.dirtyCount > 1 ? [t('{0} files in no commit', proof.dirtyCount)] : []),
    ...(proof.unpushedCount === 1 ? [t('1 commit that is only here')] : []),
    ...(proof.unpushedCount > 1 ? [t('{0} commits that are only here', proof.unpushedCount)] : []),
  ];
  if (found.length > 0) return found.join(', ');
  return proof.heldBy.length > 0 ? t('Everything in it is also in {0}', proof.heldBy.join(', ')) : t('Nothing in it is only here');
}
