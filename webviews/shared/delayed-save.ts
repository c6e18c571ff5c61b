/** Keeps state soon, not at every key and every scrolled pixel. */

/** Short, because VS Code removes a hidden page without waiting for it. */
const delayMs = 100;

export class DelayedSave<State> {
  readonly #write: (state: State) => void;
  #waiting: State | null = null;

  constructor(write: (state: State) => void) {
    this.#write = write;
  }

  save(state: State): void {
    if (this.#waiting === null) setTimeout(() => this.flush(), delayMs);
    this.#waiting = state;
  }

  flush(): void {
    if (this.#waiting !== null) this.#write(this.#waiting);
    this.#waiting = null;
  }
}
