/**
 * Ends a sidecar that nobody takes over. It is armed from the very start, because the backend may die between starting
 * a sidecar and being reached by it.
 */
import type { Clock } from '../base/clock.ts';

export class OrphanTimer {
  readonly #clock: Clock;
  readonly #graceMs: number;
  readonly #onOrphaned: () => void;
  #callOff: (() => void) | undefined;

  constructor(clock: Clock, options: { readonly graceMs: number; readonly onOrphaned: () => void }) {
    this.#clock = clock;
    this.#graceMs = options.graceMs;
    this.#onOrphaned = options.onOrphaned;
  }

  /** Armed twice, the first time counts. */
  arm(): void {
    this.#callOff ??= this.#clock.after(this.#graceMs, this.#onOrphaned);
  }

  disarm(): void {
    this.#callOff?.();
    this.#callOff = undefined;
  }
}
