/** Counts what was taken out of an agent's words, and tells it at once the first time and then once a minute at most. */
import type { Clock } from '../base/clock.ts';
import type { Withheld } from '../protocol/secret.ts';
import type { WithheldHit } from './secret-filter.ts';

const tellEveryMs = 60_000;

export class WithheldTally {
  readonly #clock: Clock;
  readonly #tell: (withheld: Withheld[]) => void;
  #counted = new Map<string, Withheld>();
  #isPlanned = false;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, tell: (withheld: Withheld[]) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  count(hit: WithheldHit): void {
    const key = JSON.stringify([hit.secret, hit.place, hit.form]);
    this.#counted.set(key, { ...hit, count: (this.#counted.get(key)?.count ?? 0) + 1 });
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    // Never in the middle of what is being told.
    this.#clock.after(Math.max(0, this.#toldAt + tellEveryMs - this.#clock.elapsed()), () => this.flush());
  }

  /** Tells what was counted and is not told yet. */
  flush(): void {
    this.#isPlanned = false;
    if (this.#counted.size === 0) return;
    this.#toldAt = this.#clock.elapsed();
    const withheld = [...this.#counted.values()];
    this.#counted = new Map();
    this.#tell(withheld);
  }
}
