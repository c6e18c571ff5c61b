/** The rule of `server/protocol/answer-guard.ts` for a list of VS Code: what has just appeared or moved is not answered yet. */
import { isResting } from '../../server/protocol/answer-guard.ts';

export class QuestionGrace {
  readonly #now: () => number;
  readonly #shownAt = new Map<string, number>();
  #order: readonly string[] = [];
  #movedAt = Number.NEGATIVE_INFINITY;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Call with what stands in the list, from top to bottom, each time it is drawn. */
  drawn(keys: readonly string[]): void {
    const now = this.#now();
    // One more at the end moves nothing.
    if (this.#order.some((key, index) => keys[index] !== key)) this.#movedAt = now;
    for (const key of this.#order) if (!keys.includes(key)) this.#shownAt.delete(key);
    for (const key of keys) if (!this.#shownAt.has(key)) this.#shownAt.set(key, now);
    this.#order = keys;
  }

  /** Nothing is shown any more: what comes back is looked at anew. */
  hidden(): void {
    this.#order = [];
    this.#shownAt.clear();
  }

  isShown(key: string): boolean {
    return this.#shownAt.has(key);
  }

  /** Also for what is not in the list at all. */
  isTooSoon(key: string): boolean {
    return isResting(this.#shownAt.get(key) ?? Number.POSITIVE_INFINITY, this.#movedAt, this.#now());
  }
}
