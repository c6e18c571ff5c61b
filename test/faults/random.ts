/** Chance that can be repeated: the same seed gives the same run. */

export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 up to, but without, 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 up to, but without, `end`. */
  below(end: number): number {
    return Math.floor(this.next() * end);
  }

  between(min: number, max: number): number {
    return min + this.below(max - min + 1);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(from: readonly [T, ...T[]] | readonly T[]): T {
    const picked = from[this.below(from.length)];
    if (picked === undefined) throw new Error('there is nothing to pick from');
    return picked;
  }

  /** That many of them at most, in an order of chance. */
  some<T>(from: readonly T[], count: number): T[] {
    const ranked = from.map((item) => ({ item, rank: this.next() })).sort((a, b) => a.rank - b.rank);
    return ranked.slice(0, count).map(({ item }) => item);
  }

  bytes(count: number): Buffer {
    return Buffer.from(Array.from({ length: count }, () => this.below(256)));
  }

  /** Letters of every width that UTF-8 and UTF-16 have, and what is awkward in SQL and JSON. */
  text(chars: number): string {
    return Array.from({ length: chars }, () => this.pick(alphabet)).join('');
  }

  /** Another generator, so that what one part takes does not change what the others get. */
  fork(): Random {
    return new Random(this.below(2 ** 32));
  }
}

const alphabet = [...'abcdefghijklmnopqrstuvwxyz ABC 0123 \n"\\\'%;{}üß€漢😀'];
