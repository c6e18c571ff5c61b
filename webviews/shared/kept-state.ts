/**
 * What a page wants to find again, kept twice: by VS Code, which gives it back with the page but writes it with a delay,
 * and by the backend. Each copy says when it was made, and the newer one counts.
 */
import type { Host } from './host.ts';

export type KeptStateDeps = {
  readonly host: Pick<Host, 'request'>;
  /** VS Code's own copy. */
  readonly store: { readonly get: () => unknown; readonly set: (state: unknown) => void };
  readonly view: string;
  readonly now: () => number;
  readonly later: (task: () => void, delayMs: number) => void;
};

/** Short, because VS Code removes a hidden page without waiting for it. */
const keepAfterMs = 100;

export class KeptState<State extends object> {
  readonly #deps: KeptStateDeps;
  #waiting: (State & { readonly savedAt: number }) | null = null;

  constructor(deps: KeptStateDeps) {
    this.#deps = deps;
  }

  keep(state: State): void {
    if (this.#waiting === null) this.#deps.later(() => this.flush(), keepAfterMs);
    this.#waiting = { ...state, savedAt: this.#deps.now() };
  }

  /** The page may end before the delay does. */
  flush(): void {
    const state = this.#waiting;
    this.#waiting = null;
    if (state === null) return;
    this.#deps.store.set(state);
    const { host, view } = this.#deps;
    // Away, or of another build: VS Code has its copy, and the next change is kept again.
    host.request('view/put', { view, key: view, state: JSON.stringify(state) }).catch(() => undefined);
  }

  /** The backend's copy where it is newer than VS Code's and than what was done in this page; else null. */
  async recall(): Promise<unknown> {
    const { host, view, store } = this.#deps;
    try {
      const { state } = await host.request('view/get', { view, key: view });
      const kept: unknown = state === null ? null : JSON.parse(state);
      return savedAt(kept) > Math.max(savedAt(store.get()), savedAt(this.#waiting)) ? kept : null;
    } catch {
      return null;
    }
  }
}

function savedAt(state: unknown): number {
  if (typeof state !== 'object' || state === null || !('savedAt' in state)) return 0;
  return typeof state.savedAt === 'number' ? state.savedAt : 0;
}
