/** Keeps state soon, not at every key and every scrolled pixel. */
import type { SavedState } from './saved-state.ts';

/** Short, because VS Code removes a hidden page without waiting for it. */
const delayMs = 100;

export class DelayedSave {
  readonly #write: (state: SavedState) => void;
  #waiting: SavedState | null = null;

  constructor(write: (state: SavedState) => void) {
    this.#write = write;
  }

  save(state: SavedState): void {
    if (this.#waiting === null) setTimeout(() => this.flush(), delayMs);
    this.#waiting = state;
  }

  flush(): void {
    if (this.#waiting !== null) this.#write(this.#waiting);
    this.#waiting = null;
  }
}
