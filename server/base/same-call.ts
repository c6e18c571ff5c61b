/** Whoever asks while the work goes on gets the same work. */
export class SameCall {
  #going: Promise<void> | undefined;

  async do(work: () => Promise<void>): Promise<void> {
    this.#going ??= work();
    const going = this.#going;
    try {
      await going;
    } finally {
      if (this.#going === going) this.#going = undefined;
    }
  }

  /** Whoever asks from now on gets another. */
  forget(): void {
    this.#going = undefined;
  }
}
