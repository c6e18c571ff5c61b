/**
 * What is typed and what is on its way, so that no word of it is lost: a prompt stays the person's until the backend has it
 * on disk. Pure.
 */
import type { PromptId } from '../../server/protocol/ids.ts';
import type { Attempt, SavedState } from './saved-state.ts';

export interface Draft {
  readonly text: string;
  /** The prompt that was sent last and never acknowledged. */
  readonly attempt: Attempt | null;
  readonly isSending: boolean;
  /** Sent while that one is on its way: each goes out when the one before it was accepted. */
  readonly waiting: readonly string[];
  /** Changed on this page, or by the page that kept it. */
  readonly changedAt: number;
}

/** What was kept of it elsewhere. */
export type KeptDraft = Pick<SavedState, 'draft' | 'attempt' | 'savedAt'>;

export function keptDraft({ draft, attempt, savedAt }: KeptDraft): Draft {
  return { text: draft, attempt, isSending: false, waiting: [], changedAt: savedAt };
}

/** Of two copies the one that was changed last; what is on its way now is newer than any copy. */
export function newerDraft(own: Draft, kept: KeptDraft): Draft {
  return own.isSending || kept.savedAt < own.changedAt ? own : keptDraft(kept);
}

/** The same text again is the same prompt: an answer that got lost on its way does not send it twice. */
export function sending(draft: Draft, text: string, newPromptId: () => PromptId): Draft & { attempt: Attempt } {
  const attempt = draft.attempt?.text === text ? draft.attempt : { promptId: newPromptId(), text };
  // An example that is clicked leaves alone what is being typed.
  return { ...draft, text: draft.text === text ? '' : draft.text, attempt, isSending: true };
}

/** Only what was typed follows: an example that is clicked twice is meant once. */
export function following(draft: Draft, text: string): Draft {
  return draft.text === text ? { ...draft, text: '', waiting: [...draft.waiting, text] } : draft;
}

/** What waits behind it is on its way now. */
export function accepted(draft: Draft, newPromptId: () => PromptId): Draft {
  const [next, ...waiting] = draft.waiting;
  if (next === undefined) return { ...draft, attempt: null, isSending: false };
  return { ...draft, attempt: { promptId: newPromptId(), text: next }, waiting };
}

export function refused(draft: Draft): Draft {
  return { ...draft, text: unsent(draft), isSending: false, waiting: [] };
}

/** All that would be lost if the page ended now. */
export function unsent({ text, attempt, isSending, waiting }: Draft): string {
  return isSending && attempt ? [attempt.text, ...waiting, text].filter((part) => part !== '').join('\n') : text;
}
