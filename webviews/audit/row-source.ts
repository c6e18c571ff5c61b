/**
 * Fetches the rows that fit: the newest, older ones when they are asked for, and what was added since. Answers to what is
 * no longer asked are dropped.
 */
import type { Input } from '../../server/protocol/requests.ts';
import type { Host } from '../shared/host.ts';
import { type Found, type KeptRows, noRows, rowsAtOnce, withNewer, withOlder } from './kept-rows.ts';

export interface RowSourceDeps {
  request: Host['request'];
  onChange: () => void;
}

type Wanted = Omit<Input<'audit/list'>, 'limit' | 'beforeSeq' | 'afterSeq'>;

/** Of a row that is gone to. */
const newerAround = 20;
/** The backend looks at so many rows at once and may find none: then it is asked again, and at last the person is. */
const askedAtMost = 10;

export class RowSource {
  readonly #deps: RowSourceDeps;
  #wanted: Wanted = {};
  #around: number | null = null;
  #rows: KeptRows = noRows;
  /** Up to here, what fits is among the rows. */
  #seenSeq = 0;
  #generation = 0;
  #isLooking = false;
  #isLoadingOlder = false;

  constructor(deps: RowSourceDeps) {
    this.#deps = deps;
  }

  get rows(): KeptRows {
    return this.#rows;
  }
  get isLoadingOlder(): boolean {
    return this.#isLoadingOlder;
  }

  /** From the newest one on, or around a row. Answers whether this is still what is wanted. */
  async load(wanted: Wanted, around: number | null): Promise<boolean> {
    this.#generation += 1;
    const generation = this.#generation;
    [this.#wanted, this.#around, this.#isLoadingOlder] = [wanted, around, false];
    const found = await this.#find(around === null ? undefined : around + newerAround + 1, generation);
    if (generation !== this.#generation) return false;
    this.#rows = withOlder(noRows, found);
    this.#seenSeq = found.records[0]?.seq ?? 0;
    return true;
  }

  async older(): Promise<void> {
    if (this.#isLoadingOlder || !this.#rows.hasEarlier) return;
    const generation = this.#generation;
    this.#isLoadingOlder = true;
    this.#deps.onChange();
    try {
      const found = await this.#find(this.#rows.beforeSeq, generation);
      if (generation === this.#generation) this.#rows = withOlder(this.#rows, found);
    } finally {
      if (generation === this.#generation) this.#isLoadingOlder = false;
      this.#deps.onChange();
    }
  }

  /** What was added since. With `toSeq`, the newest row that somebody told of, only if that one is not known yet. */
  async look(toSeq?: number): Promise<void> {
    if (this.#around !== null || this.#isLooking || (toSeq !== undefined && toSeq <= this.#seenSeq)) return;
    const generation = this.#generation;
    this.#isLooking = true;
    try {
      const found = await this.#deps.request('audit/list', { ...this.#wanted, afterSeq: this.#seenSeq, limit: rowsAtOnce });
      if (generation !== this.#generation) return;
      // More than a page: what lies between would be missing.
      if (found.hasEarlier) this.#rows = withOlder(noRows, found);
      else this.#rows = withNewer(this.#rows, found.records);
      this.#seenSeq = Math.max(this.#seenSeq, toSeq ?? 0, found.records[0]?.seq ?? 0);
      if (found.records.length > 0) this.#deps.onChange();
    } finally {
      this.#isLooking = false;
    }
  }

  async #find(before: number | undefined, generation: number): Promise<Found> {
    let found: Found = { records: [], hasEarlier: true, beforeSeq: before ?? Number.MAX_SAFE_INTEGER };
    for (let asked = 0; asked < askedAtMost && found.hasEarlier && generation === this.#generation; asked++) {
      const limit = rowsAtOnce - found.records.length;
      if (limit === 0) break;
      const beforeSeq = asked === 0 ? before : found.beforeSeq;
      const page = await this.#deps.request('audit/list', { ...this.#wanted, ...(beforeSeq === undefined ? {} : { beforeSeq }), limit });
      found = { ...page, records: [...found.records, ...page.records] };
    }
    return found;
  }
}
