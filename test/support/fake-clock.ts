/** Time that moves only when a test says so. */
import type { Clock } from '../../server/sidecar/clock.ts';

type Timer = { readonly at: number; readonly call: () => void };

export class FakeClock implements Clock {
  #now = 1_000_000;
  #timers: Timer[] = [];

  now(): number {
    return this.#now;
  }

  after(delayMs: number, call: () => void): () => void {
    const timer = { at: this.#now + delayMs, call };
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
    const end = this.#now + ms;
    for (let due = this.#next(end); due; due = this.#next(end)) {
      this.#timers = this.#timers.filter((other) => other !== due);
      this.#now = due.at;
      due.call();
    }
    this.#now = end;
  }

  #next(end: number): Timer | undefined {
    return this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
  }
}
