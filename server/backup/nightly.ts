/**
 * Makes the nightly backup. It looks at the clock on the wall every minute, so that a clock that is set, a computer that
 * slept and a backend that was away all come to the same.
 */
import type { Clock } from '../base/clock.ts';
import { isBackupDue, nextSlot } from './schedule.ts';

export type NightlyDeps = {
  readonly hour: () => number;
  /** When each backup that there is was made. */
  readonly madeAts: () => Promise<readonly number[]>;
  /** Rejects when there is none; why is told by itself. */
  readonly make: () => Promise<unknown>;
  /** What else is worth a look after so long. Does not reject. */
  readonly looked: () => Promise<void>;
  readonly clock: Clock;
};

/** A start has better things to do. */
export const firstLookMs = 90_000;
export const lookEveryMs = 60_000;
/** The disk that refused it is given time. */
export const retryMs = 60 * 60_000;

export class Nightly {
  readonly #deps: NightlyDeps;
  #callOff = () => {};
  #isClosed = false;
  #notBefore = Number.NEGATIVE_INFINITY;

  constructor(deps: NightlyDeps) {
    this.#deps = deps;
  }

  /** By the clock as it is now. */
  nextAt(): number {
    return nextSlot(this.#deps.clock.now(), this.#deps.hour());
  }

  start(): void {
    this.#lookAfter(firstLookMs);
  }

  close(): void {
    this.#isClosed = true;
    this.#callOff();
  }

  #lookAfter(delayMs: number): void {
    if (!this.#isClosed) this.#callOff = this.#deps.clock.after(delayMs, () => void this.#look());
  }

  async #look(): Promise<void> {
    const { clock, hour, madeAts, make, looked } = this.#deps;
    try {
      if (clock.elapsed() >= this.#notBefore && isBackupDue(clock.now(), hour(), await madeAts())) await make();
    } catch {
      // Whoever makes backups has told why.
      this.#notBefore = clock.elapsed() + retryMs;
    }
    await looked();
    this.#lookAfter(lookEveryMs);
  }
}
