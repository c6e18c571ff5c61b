/**
 * What is typed and what is on its way, so that no word of it is lost: a prompt stays the person's until the backend has it
 * on disk. Pure.
 */
import type { PromptId } from '../../server/protocol/ids.ts';
import type { Attempt } from './saved-state.ts';

export interface Draft {
  readonly text: string;
  /** The prompt that was sent last and never acknowledged. */
  readonly attempt: Attempt | null;
  readonly isSending: boolean;
}

/** The same text again is the same prompt: an answer that got lost on its way does not send it twice. */
export function sending(draft: Draft, text: string, newPromptId: () => PromptId): Draft & { attempt: Attempt } {
  const attempt = draft.attempt?.text === text ? draft.attempt : { promptId: newPromptId(), text };
  // An example that is clicked leaves alone what is being typed.
  return { text: draft.text === text ? '' : draft.text, attempt, isSending: true };
}

export function accepted(draft: Draft): Draft {
  return { ...draft, attempt: null, isSending: false };
}

export function refused(draft: Draft): Draft {
  return { ...draft, text: unsent(draft), isSending: false };
}

/** All that would be lost if the page ended now. */
export function unsent({ text, attempt, isSending }: Draft): string {
  return isSending && attempt ? [attempt.text, text].filter((part) => part !== '').join('\n') : text;
}
