/**
 * Keeps what is typed with the backend: VS Code keeps a page's state with a delay, and a window that is killed takes the
 * last words along. Both copies say when the draft was changed, so that the newer one is found.
 */
import type { Host } from '../shared/host.ts';
import type { KeptDraft } from './draft.ts';
import { readSavedState, type SavedState } from './saved-state.ts';

export type DraftKeeperDeps = {
  readonly host: Pick<Host, 'request'>;
  readonly later: (task: () => void, delayMs: number) => void;
};

const keepAfterMs = 300;

export class DraftKeeper {
  readonly #deps: DraftKeeperDeps;
  #waiting: SavedState | null = null;
  #kept = '';

  constructor(deps: DraftKeeperDeps) {
    this.#deps = deps;
  }

  keep(state: SavedState): void {
    if (this.#waiting === null) this.#deps.later(() => this.flush(), keepAfterMs);
    this.#waiting = state;
  }

  /** The page may end before the delay does. */
  flush(): void {
    void this.#put();
  }

  /** Null when the backend has none, or cannot be asked now. */
  async recall(agentId: string): Promise<KeptDraft | null> {
    try {
      const { state } = await this.#deps.host.request('view/get', { view: 'chat', key: agentId });
      return state === null ? null : readSavedState(JSON.parse(state));
    } catch {
      // Away, or of another build: what VS Code kept is shown.
      return null;
    }
  }

  async #put(): Promise<void> {
    const state = this.#waiting;
    this.#waiting = null;
    if (!state?.agentId) return;
    const text = JSON.stringify({ draft: state.draft, attempt: state.attempt, savedAt: state.savedAt });
    if (text === this.#kept) return;
    this.#kept = text;
    try {
      await this.#deps.host.request('view/put', { view: 'chat', key: state.agentId, state: text });
    } catch {
      // Kept with the next change; the page still has it.
      this.#kept = '';
    }
  }
}
