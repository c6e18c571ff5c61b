/** Brings what was changed into the index, a few batches at a time. */
import type { Batch, SearchIndex } from './search-index.ts';
import type { Source } from './sources.ts';

export type Places = ReadonlyMap<string, number>;

/** So many rows are read in one look, because the writers' log cannot begin anew meanwhile. */
const batchRows = 512;
/** So much goes into the index at once: each transaction leaves a part that is merged with others later. */
const [batchesAtOnce, charsAtOnce] = [4, 4_000_000];

export class Feed {
  readonly #index: SearchIndex;
  readonly #sources: readonly Source[];
  #taken = 0;

  constructor(index: SearchIndex, sources: readonly Source[]) {
    this.#index = index;
    this.#sources = sources;
  }

  /** How many documents it has put in and taken out so far. */
  get taken(): number {
    return this.#taken;
  }

  /** Some of each source that has something; false when nothing was left. */
  step(): boolean {
    let hasMoved = false;
    for (const source of this.#sources) {
      const batches = nextBatches(source, this.#index.cursor(source.name));
      if (batches.length === 0) continue;
      this.#index.takeIn(...batches);
      this.#taken += batches.reduce((sum, { documents, gone }) => sum + documents.length + gone.length, 0);
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

/** Up to where the time and the memory for it are used up. */
function nextBatches(source: Source, behind: number): Batch[] {
  const batches: Batch[] = [];
  for (let [place, chars] = [behind, 0]; batches.length < batchesAtOnce && chars < charsAtOnce; ) {
    const batch = source.after(place, batchRows);
    if (!batch) break;
    batches.push(batch);
    place = batch.place;
    chars += charsOf(batch);
  }
  return batches;
}

function charsOf({ documents }: Batch): number {
  return documents.reduce((sum, { columns }) => sum + Object.values(columns).reduce((chars, text) => chars + text.length, 0), 0);
}
