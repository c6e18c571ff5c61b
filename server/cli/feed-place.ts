/** How far a session's feed was followed, so that what comes twice is left out and what is missing is noticed. */
type Place = { readonly feed: string; readonly seq: number };

export class FeedPlace {
  #feed: string | undefined;
  #seq = 0;

  /** Of a snapshot: what comes after it is next. */
  begin({ feed, seq }: Place): void {
    this.#feed = feed;
    this.#seq = seq;
  }

  /** `gap` is told once: until there is another snapshot, changes would only be as incomplete, and are `old`. */
  step({ feed, seq }: Place): 'next' | 'old' | 'gap' {
    if (this.#feed === undefined || (feed === this.#feed && seq <= this.#seq)) return 'old';
    if (feed !== this.#feed || seq !== this.#seq + 1) {
      this.lose();
      return 'gap';
    }
    this.#seq = seq;
    return 'next';
  }

  lose(): void {
    this.#feed = undefined;
  }
}
