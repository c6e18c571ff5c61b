/**
 * While a build that has changed the databases is on trial, nothing is acknowledged: the answer to a call that wrote
 * something waits until the build has proved itself. So a way back to the databases of before loses nothing that
 * anybody was promised, and whoever got no answer asks again.
 */
export class HeldAnswers {
  readonly #written: () => number;
  #release: () => void = () => {};
  #released: Promise<void> | undefined;

  /** `written` counts what was committed. */
  constructor(written: () => number) {
    this.#written = written;
  }

  hold(): void {
    if (this.#released) return;
    this.#released = new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  release(): void {
    this.#released = undefined;
    this.#release();
  }

  /** What `work` comes to, once it may be told. */
  async after<T>(work: () => T | Promise<T>): Promise<T> {
    const before = this.#written();
    const result = await work();
    if (this.#written() !== before) await this.#released;
    return result;
  }
}
