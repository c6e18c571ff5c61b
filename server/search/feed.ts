/** Brings what was changed into the index, a batch at a time. */
import type { SearchIndex } from './search-index.ts';
import type { Source } from './sources.ts';

export type Places = ReadonlyMap<string, number>;

const batchRows = 512;

export class Feed {
  readonly #index: SearchIndex;
  readonly #sources: readonly Source[];

  constructor(index: SearchIndex, sources: readonly Source[]) {
    this.#index = index;
    this.#sources = sources;
  }

  /** One batch of each source that has something; false when nothing was left. */
  step(): boolean {
    let hasMoved = false;
    for (const source of this.#sources) {
      const batch = source.after(this.#index.cursor(source.name), batchRows);
      if (!batch) continue;
      this.#index.takeIn(batch);
      hasMoved = true;
    }
    return hasMoved;
  }

  isBehind(): boolean {
    return !this.hasAll(this.places());
  }

  /** How far each source is now. */
  places(): Places {
    return new Map(this.#sources.map((source) => [source.name, source.last()]));
  }

  hasAll(places: Places): boolean {
    return [...places].every(([name, place]) => this.#index.cursor(name) >= place);
  }

  waiting(): number {
    return this.#sources.reduce((sum, source) => sum + source.countAfter(this.#index.cursor(source.name)), 0);
  }
}
