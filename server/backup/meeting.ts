/**
 * Where the copies of several databases wait for each other, so that all take their last step in one turn of the event
 * loop, between which nobody writes: then they show one moment. Pure; the caller says who is where.
 */
export class Meeting {
  readonly #arrived = new Set<number>();
  readonly #count: number;
  #isOpen = false;

  constructor(count: number) {
    this.#count = count;
  }

  /** `place` has only its last step before it. Those that step later in a turn of the loop have the higher places. */
  mayEnd(place: number, isReady: () => boolean): boolean {
    this.#arrived.add(place);
    // Opened by the first in the turn, so that each takes its last step in the next one.
    if (!this.#isOpen && place === 0 && this.#arrived.size === this.#count && isReady()) this.#isOpen = true;
    return this.#isOpen;
  }
}

const most = 1_000;
/** About two milliseconds of work; where it takes longer, others have the processor. */
const least = 500;
/** Several copies step in one turn of the loop, which has 16.7 ms. */
const slowMs = 5;

/** How many pages the next step takes, by how long the last one took. How busy others are does not slow it: then it would never end. */
export function nextPages(pages: number, tookMs: number): number {
  return tookMs > slowMs ? Math.max(least, Math.floor(pages / 2)) : Math.min(most, pages * 2);
}

/** With so many left, it waits for the others. */
export const lastPages = 250;
