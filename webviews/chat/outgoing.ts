/**
 * What is typed and what is on its way to the agent. A prompt that is sent while the one before it is still on its way goes
 * out as soon as that one is accepted, in the order in which they were written.
 */
import type { PromptId, SessionId } from '../../server/protocol/ids.ts';
import { accepted, type Draft, following, type KeptDraft, keptDraft, newerDraft, refused, sending, unsent } from './draft.ts';
import type { Attempt } from './saved-state.ts';

export interface OutgoingDeps {
  readonly now: () => number;
  readonly newPromptId: () => PromptId;
  /** `now`: what follows must not find an older copy. */
  readonly changed: (when: 'soon' | 'now') => void;
  /** Resolves when the backend has it on disk, with the session that it went into. */
  readonly give: (attempt: Attempt) => Promise<SessionId>;
  readonly accepted: (sessionId: SessionId) => Promise<void>;
}

export class Outgoing {
  readonly #deps: OutgoingDeps;
  #draft: Draft;

  constructor(deps: OutgoingDeps, kept: KeptDraft) {
    this.#deps = deps;
    this.#draft = keptDraft(kept);
  }

  /** What is typed. */
  get text(): string {
    return this.#draft.text;
  }

  get isSending(): boolean {
    return this.#draft.isSending;
  }

  /** For the next page. */
  get kept(): KeptDraft {
    const { attempt, changedAt } = this.#draft;
    return { draft: unsent(this.#draft), attempt, savedAt: changedAt };
  }

  edit(text: string): void {
    this.#change({ ...this.#draft, text }, 'soon');
  }

  /** A draft that the backend kept. */
  recall(kept: KeptDraft): void {
    this.#draft = newerDraft(this.#draft, kept);
  }

  /** Resolves when it was accepted, and all that was sent behind it; what was refused is in the composer again. */
  async send(text: string): Promise<void> {
    const { newPromptId, give, accepted: tell } = this.#deps;
    if (this.isSending) return this.#change(following(this.#draft, text), 'now');
    const first = sending(this.#draft, text, newPromptId);
    this.#change(first, 'now');
    try {
      for (let attempt: Attempt | null = first.attempt; attempt; ) {
        const sessionId = await give(attempt);
        const next = accepted(this.#draft, newPromptId);
        this.#change(next, 'now');
        attempt = next.isSending ? next.attempt : null;
        await tell(sessionId);
      }
    } catch (error) {
      if (this.isSending) this.#change(refused(this.#draft), 'soon');
      throw error;
    }
  }

  #change(draft: Draft, when: 'soon' | 'now'): void {
    this.#draft = { ...draft, changedAt: this.#deps.now() };
    this.#deps.changed(when);
  }
}
