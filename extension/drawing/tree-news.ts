/** What is new in a tree since it was drawn last. Pure but for what it remembers. */

type Drawn = { readonly id: string; readonly row: unknown };

export class TreeNews {
  #rows: ReadonlyMap<string, string> = new Map();

  /** `order`: rows came, went or moved; otherwise the ids of those that look different. */
  of(drawn: readonly Drawn[]): 'order' | readonly string[] {
    const before = this.#rows;
    this.#rows = new Map(drawn.map(({ id, row }) => [id, JSON.stringify(row) ?? '']));
    const ids = [...this.#rows.keys()];
    const known = [...before.keys()];
    if (ids.length !== known.length || ids.some((id, index) => id !== known[index])) return 'order';
    return ids.filter((id) => before.get(id) !== this.#rows.get(id));
  }
}
