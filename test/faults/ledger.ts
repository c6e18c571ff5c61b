/** What was asked of the product and what it has answered for, kept outside of it: the measure of what is lost. */

/** One call that changes something, as it is found again afterwards. */
export type Entry = {
  readonly verb: string;
  /** Whose call it was; a sender makes one after the other. */
  readonly sender: string;
  /** Its place among the calls of its sender. */
  readonly n: number;
  /** What it is found by. Empty where the product makes the id: then the acknowledgement brings it. */
  readonly key: string;
  /** SHA-256 of what must be there, byte for byte. */
  readonly bodyHash: string;
  /** The audit rows that it must leave, as `event key`. */
  readonly audits: readonly string[];
};

export type Kept = Entry & { readonly isAcked: boolean; readonly order: number };

export type Count = { intended: number; acked: number };

export class Ledger {
  readonly #entries: Kept[] = [];
  readonly #at = new Map<string, number>();
  readonly #audits = new Map<string, Count>();
  /** By verb and key, what was asked since the last answer, that one included. */
  readonly #candidates = new Map<string, Kept[]>();
  readonly #touched = new Set<number>();
  #acked = 0;

  get acked(): number {
    return this.#acked;
  }

  /** Before the call. */
  intend(entry: Entry): void {
    const kept = { ...entry, isAcked: false, order: this.#entries.length };
    this.#at.set(placeOf(entry), kept.order);
    this.#touched.add(kept.order);
    this.#entries.push(kept);
    this.#candidates.set(thing(kept), [...(this.#candidates.get(thing(kept)) ?? []), kept]);
    for (const audit of entry.audits) this.#count(audit).intended += 1;
  }

  /** The call is made once more, because its answer was lost. What is audited before it is done may be told again. */
  repeat(entry: Entry): void {
    for (const audit of entry.audits) this.#count(audit).intended += 1;
  }

  /** After the answer; `key` when only the answer told it. */
  ack(entry: Pick<Entry, 'sender' | 'n'>, key?: string): void {
    const at = this.#at.get(placeOf(entry));
    const known = at === undefined ? undefined : this.#entries[at];
    if (at === undefined || !known) throw new Error(`an answer to what nobody asked: ${placeOf(entry)}`);
    if (known.isAcked) return;
    const kept = { ...known, isAcked: true, key: key ?? known.key };
    this.#entries[at] = kept;
    this.#acked += 1;
    this.#touched.add(at);
    const later = (this.#candidates.get(thing(kept)) ?? []).filter(({ order }) => order > kept.order);
    this.#candidates.set(thing(kept), [kept, ...later]);
    for (const audit of kept.audits) this.#count(audit).acked += 1;
  }

  all(): readonly Kept[] {
    return this.#entries;
  }

  /** Those that something happened to since they were last checked. */
  fresh(): readonly Kept[] {
    return [...this.#touched].sort((a, b) => a - b).flatMap((at) => this.#entries[at] ?? []);
  }

  markChecked(): void {
    this.#touched.clear();
  }

  /** For what each call replaces: the calls whose effect may be the one that is there. */
  candidates(entry: Kept): readonly Kept[] {
    return this.#candidates.get(thing(entry)) ?? [];
  }

  auditCount(audit: string): Readonly<Count> {
    return this.#count(audit);
  }

  #count(audit: string): Count {
    const count = this.#audits.get(audit) ?? { intended: 0, acked: 0 };
    this.#audits.set(audit, count);
    return count;
  }
}

function placeOf({ sender, n }: Pick<Entry, 'sender' | 'n'>): string {
  return `${sender} ${n}`;
}

function thing({ verb, key }: Entry): string {
  return `${verb} ${key}`;
}
