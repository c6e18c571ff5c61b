/** Brings what was changed into the index, a batch at a time. */
import type { SearchIndex } from './search-index.ts';
import type { Source } from './sources.ts';

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
    return this.#sources.some((source) => source.last() > this.#index.cursor(source.name));
  }

  waiting(): number {
    return this.#sources.reduce((sum, source) => sum + source.countAfter(this.#index.cursor(source.name)), 0);
  }
}
