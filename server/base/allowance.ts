/** So many times in a span of time, and the rest is counted: for what a stranger may cause and somebody has to read. */
export type AllowanceOptions = { readonly times: number; readonly perMs: number };

export class Allowance {
  readonly #options: AllowanceOptions;
  #spanBegan = Number.NEGATIVE_INFINITY;
  #used = 0;
  #refused = 0;

  constructor(options: AllowanceOptions) {
    this.#options = options;
  }

  /** `now` only grows. Null when there was too much; else how often that was so since it was last granted. */
  take(now: number): { readonly refusedBefore: number } | null {
    if (now - this.#spanBegan >= this.#options.perMs) {
      this.#spanBegan = now;
      this.#used = 0;
    }
    if (this.#used >= this.#options.times) {
      this.#refused += 1;
      return null;
    }
    this.#used += 1;
    const refusedBefore = this.#refused;
    this.#refused = 0;
    return { refusedBefore };
  }
}
