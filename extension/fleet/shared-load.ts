/** A load that several wait for: it runs once at a time, and whoever waits learns how it ended. */
export class SharedLoad {
  readonly #load: () => Promise<void>;
  #running: { readonly ended: Promise<void>; readonly reject: (reason: unknown) => void } | undefined;

  constructor(load: () => Promise<void>) {
    this.#load = load;
  }

  /** Waits for the load that runs, or begins one. */
  join(): Promise<void> {
    return this.#running?.ended ?? this.begin();
  }

  /** Begins anew; who waits for an earlier one goes on waiting for that one. */
  begin(): Promise<void> {
    const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
    const running = { ended, reject };
    this.#running = running;
    this.#load()
      .then(resolve, reject)
      .finally(() => {
        if (this.#running === running) this.#running = undefined;
      });
    return ended;
  }

  /** Nothing will come of the load that runs, whether or not it says so itself. */
  abandon(reason: unknown): void {
    this.#running?.reject(reason);
    this.#running = undefined;
  }
}
