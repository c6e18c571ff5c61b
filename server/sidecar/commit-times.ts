/**
 * When the outbox commits: what arrives together as one, what nobody waits for in the next pause, and all of it again
 * after a while where the disk refused.
 */

/** Long enough for a commit that is made anyway to take it along. */
const pauseMs = 50;
const retryAfterMs = 1_000;

export class CommitTimes {
  readonly #commit: () => void;
  #soon: NodeJS.Immediate | undefined;
  #inPause: NodeJS.Timeout | undefined;
  #retry: NodeJS.Timeout | undefined;
  #commits = 0;
  #isRestLeft = false;

  constructor(commit: () => void) {
    this.#commit = commit;
  }

  /** Whether the disk refused the last one. */
  get isStalled(): boolean {
    return this.#retry !== undefined;
  }

  /** Together with whatever else comes in this turn of the loop. While stalled, hurrying would only spin. */
  soon(): void {
    if (!this.isStalled) this.#soon ??= setImmediate(this.#commit);
  }

  /** There is something that the next commit takes along; without one it gets its own. */
  inPause(): void {
    this.#isRestLeft = true;
    if (!this.isStalled) this.#inPause ??= this.#lookLater();
  }

  /** A commit was tried just now. */
  tried(failure: Error | null): void {
    this.#commits += 1;
    this.#isRestLeft = failure !== null;
    clearImmediate(this.#soon);
    this.#soon = undefined;
    if (failure === null && !this.isStalled) return;
    this.stop();
    if (failure) this.#retry = setTimeout(this.#commit, retryAfterMs);
  }

  stop(): void {
    clearImmediate(this.#soon);
    clearTimeout(this.#inPause);
    clearTimeout(this.#retry);
    this.#soon = undefined;
    this.#inPause = undefined;
    this.#retry = undefined;
  }

  /** The timer goes on while commits come: to set one for each would cost a good part of a small commit. */
  #lookLater(): NodeJS.Timeout {
    const commits = this.#commits;
    return setTimeout(() => {
      this.#inPause = undefined;
      if (!this.#isRestLeft) return;
      if (this.#commits === commits) this.#commit();
      else this.inPause();
    }, pauseMs);
  }
}
