/** Draws at once after a quiet time, and while much happens no more often than this, with all that happened meanwhile. */
import type { Disposable } from 'vscode';

/** Often enough for the eye, and seldom enough that fifty busy agents are told of together. */
export const paceMs = 250;

export class Pace implements Disposable {
  readonly #draw: () => void;
  #timer: NodeJS.Timeout | undefined;
  #isWanted = false;

  constructor(draw: () => void) {
    this.#draw = draw;
  }

  /** Something may look different now. */
  readonly wish = (): void => {
    this.#isWanted = true;
    if (!this.#timer) this.#next();
  };

  dispose(): void {
    clearTimeout(this.#timer);
  }

  #next(): void {
    this.#timer = undefined;
    if (!this.#isWanted) return;
    this.#isWanted = false;
    this.#timer = setTimeout(() => this.#next(), paceMs);
    this.#draw();
  }
}
