/** Asks again: soon after news, and otherwise now and then in case some were missed. Never twice at once, and not while nobody looks. */

export interface RefresherDeps {
  /** Never rejects. */
  readonly refresh: () => Promise<void>;
  /** Calls once after so long; returns what calls it off. */
  readonly after: (delayMs: number, call: () => void) => () => void;
}

/** News come in bursts. */
export const soonMs = 500;
/** Where they come without end, as from fifty agents at work, this much lies between two answers. */
export const restMs = 2_000;
export const everyMs = 5_000;

export class Refresher {
  readonly #deps: RefresherDeps;
  #callOff: () => void = () => {};
  #isPaused = true;
  #isRunning = false;
  #isWanted = false;
  #isResting = false;

  constructor(deps: RefresherDeps) {
    this.#deps = deps;
  }

  /** Begins, or goes on after a pause. */
  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    void this.now();
  }

  pause(): void {
    this.#isPaused = true;
    this.#callOff();
  }

  soon(): void {
    if (this.#isWanted) return;
    this.#isWanted = true;
    if (!this.#isRunning && !this.#isResting) this.#schedule(soonMs);
  }

  async now(): Promise<void> {
    this.#isWanted = this.#isRunning;
    if (this.#isRunning) return;
    this.#isResting = false;
    this.#callOff();
    this.#isRunning = true;
    await this.#deps.refresh();
    this.#isRunning = false;
    this.#rest();
  }

  #rest(): void {
    this.#callOff();
    if (this.#isPaused) return;
    this.#isResting = true;
    this.#callOff = this.#deps.after(restMs, () => {
      this.#isResting = false;
      if (this.#isWanted) void this.now();
      else this.#schedule(everyMs - restMs);
    });
  }

  #schedule(delayMs: number): void {
    this.#callOff();
    if (!this.#isPaused) this.#callOff = this.#deps.after(delayMs, () => void this.now());
  }
}
