/** Texts that wait for the person, of whatever feature keeps them. */
import { Emitter } from '../base/emitter.ts';
import { resolveReference } from '../base/resolve-reference.ts';
import type { HeldItem } from '../protocol/screening.ts';

/** A feature that holds texts back. `by`: the door through which the person decided, as the audit log names it. */
export type HeldSource = {
  held(): readonly HeldItem[];
  /** Writes the decision and its audit row in one transaction. */
  release(id: string, by: string): void;
  discard(id: string, by: string): void;
};

type Held = { readonly item: HeldItem; readonly source: HeldSource };

export class HeldTexts {
  /** All that wait now. */
  readonly changed = new Emitter<HeldItem[]>();
  readonly #sources: readonly HeldSource[];

  constructor(sources: readonly HeldSource[]) {
    this.#sources = sources;
  }

  /** First held, first shown. */
  list(): HeldItem[] {
    return this.#all().map(({ item }) => item);
  }

  release(reference: string, by: string): HeldItem {
    const { item, source } = this.#find(reference);
    source.release(item.id, by);
    this.announce();
    return item;
  }

  discard(reference: string, by: string): HeldItem {
    const { item, source } = this.#find(reference);
    source.discard(item.id, by);
    this.announce();
    return item;
  }

  /** A source calls it when what it holds has changed. */
  announce(): void {
    this.changed.emit(this.list());
  }

  #find(reference: string): Held {
    const candidates = this.#all().map((held) => ({ ...held, id: held.item.id }));
    return resolveReference('held text', reference, candidates);
  }

  #all(): Held[] {
    const all = this.#sources.flatMap((source) => source.held().map((item) => ({ item, source })));
    return all.sort((a, b) => a.item.heldAt - b.item.heldAt || (a.item.id < b.item.id ? -1 : 1));
  }
}
