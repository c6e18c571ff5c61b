/** Time that moves only when a test says so. */
import type { Clock } from '../../server/base/clock.ts';

type Timer = { readonly at: number; readonly call: () => void };

export class FakeClock implements Clock {
  #elapsed = 0;
  /** What the wall clock shows at `elapsed` 0. */
  #epoch = 1_000_000;
  #timers: Timer[] = [];

  now(): number {
    return this.#epoch + this.#elapsed;
  }

  elapsed(): number {
    return this.#elapsed;
  }

  after(delayMs: number, call: () => void): () => void {
    const timer = { at: this.#elapsed + delayMs, call };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  get waiting(): number {
    return this.#timers.length;
  }

  /** Calls what falls due on the way, in its order. */
  advance(ms: number): void {
    const end = this.#elapsed + ms;
    for (let due = this.#next(end); due; due = this.#next(end)) {
      this.#timers = this.#timers.filter((other) => other !== due);
      this.#elapsed = due.at;
      due.call();
    }
    this.#elapsed = end;
  }

  /** Someone sets the wall clock; no time has passed. */
  setWallClock(byMs: number): void {
    this.#epoch += byMs;
  }

  #next(end: number): Timer | undefined {
    return this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
  }
}
