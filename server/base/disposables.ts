/** Things to close at the end, in reverse order; what comes after the end is closed at once. */
export class Disposables {
  readonly #stack: (() => void | Promise<void>)[] = [];
  #closed = false;

  add(close: () => void | Promise<void>): void {
    if (this.#closed) void close();
    else this.#stack.push(close);
  }

  /** Closes all even if one fails, and then throws the first failure. */
  async close(): Promise<void> {
    this.#closed = true;
    const failures: unknown[] = [];
    for (let close = this.#stack.pop(); close; close = this.#stack.pop()) {
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
