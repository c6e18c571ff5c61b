import { foundForMs } from '../shared/found.ts';

/** The one item that was looked for, marked for a moment. */
export class FoundMark {
  readonly #onEnd: () => void;
  #itemId: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
  }

  set(itemId: string): void {
    this.forget();
    this.#itemId = itemId;
    this.#timer = setTimeout(() => {
      this.#itemId = null;
      this.#onEnd();
    }, foundForMs);
  }

  isOn(itemId: string): boolean {
    return this.#itemId === itemId;
  }

  /** Without a word, as when the page is going away. */
  forget(): void {
    clearTimeout(this.#timer);
    this.#itemId = null;
  }
}
