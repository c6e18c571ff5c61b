/** How large each event is that waits in the outbox, kept in memory so that nothing has to be counted on disk. */
export class PendingSizes {
  /** By number, smallest first: later ones are only ever added behind. */
  readonly #bytesOf = new Map<number, number>();
  #bytes = 0;

  get count(): number {
    return this.#bytesOf.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get firstSeq(): number | undefined {
    return this.#bytesOf.keys().next().value;
  }

  has(seq: number): boolean {
    return this.#bytesOf.has(seq);
  }

  add(seq: number, bytes: number): void {
    this.#bytesOf.set(seq, bytes);
    this.#bytes += bytes;
  }

  remove(seqs: readonly number[]): void {
    for (const seq of seqs) {
      this.#bytes -= this.#bytesOf.get(seq) ?? 0;
      this.#bytesOf.delete(seq);
    }
  }

  removeUpTo(lastSeq: number): void {
    for (const [seq, bytes] of this.#bytesOf) {
      if (seq > lastSeq) return;
      this.#bytes -= bytes;
      this.#bytesOf.delete(seq);
    }
  }
}
