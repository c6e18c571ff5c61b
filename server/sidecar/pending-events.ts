/**
 * What waits in the outbox, in memory: how large each event is, so that nothing has to be counted on disk, and of as many
 * as fit into a few megabytes the event itself, so that what goes on its way soon after it came is not read back.
 */
import type { BatchLimit, SentEvent } from './sent-events.ts';

/** By the size of their rows; as objects they take a few times that. */
const mostKeptBytes = 4 * 1024 * 1024;
const gone = -1;
/** Below it, cutting off the used front of the lists costs more than it frees. */
const fewestCutOff = 1_024;

export class PendingEvents {
  /** Smallest first: later ones are only ever added behind. What is gone stays as a place without a size. */
  #seqs: number[] = [];
  #bytesOf: number[] = [];
  #events: (SentEvent | undefined)[] = [];
  /** The first place that is not gone. */
  #first = 0;
  #count = 0;
  #bytes = 0;
  #keptBytes = 0;

  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get firstSeq(): number | undefined {
    return this.#seqs[this.#first];
  }

  has(seq: number): boolean {
    return this.#placeOf(seq) !== undefined;
  }

  add(seq: number, bytes: number, event?: SentEvent): void {
    const isKept = event !== undefined && this.#keptBytes + bytes <= mostKeptBytes;
    this.#seqs.push(seq);
    this.#bytesOf.push(bytes);
    this.#events.push(isKept ? event : undefined);
    this.#count += 1;
    this.#bytes += bytes;
    if (isKept) this.#keptBytes += bytes;
  }

  remove(seqs: readonly number[]): void {
    for (const seq of seqs) {
      const place = this.#placeOf(seq);
      if (place !== undefined) this.#removeAt(place);
    }
    this.#skipGone();
  }

  removeUpTo(lastSeq: number): void {
    for (let seq = this.firstSeq; seq !== undefined && seq <= lastSeq; seq = this.firstSeq) {
      this.#removeAt(this.#first);
      this.#skipGone();
    }
    this.#cutOff();
  }

  /** How many of the oldest the limit allows: one at least, however large it is. */
  countWithin({ events: most, bytes: mostBytes, upToSeq = Number.POSITIVE_INFINITY }: BatchLimit): number {
    let [count, bytes] = [0, 0];
    for (let place = this.#first; place < this.#seqs.length && count < most; place += 1) {
      const size = this.#bytesOf[place] ?? gone;
      if (size === gone) continue;
      bytes += size;
      if ((this.#seqs[place] ?? 0) > upToSeq || (count > 0 && bytes > mostBytes)) break;
      count += 1;
    }
    return count;
  }

  /** The oldest so many; undefined when one of them is not in memory and all have to be read. */
  oldest(count: number): SentEvent[] | undefined {
    const events: SentEvent[] = [];
    for (let place = this.#first; events.length < count; place += 1) {
      if (this.#bytesOf[place] === gone) continue;
      const event = this.#events[place];
      if (!event) return undefined;
      events.push(event);
    }
    return events;
  }

  /** By halves, because numbers that were given to what is gone are missing. */
  #placeOf(seq: number): number | undefined {
    let [low, high] = [this.#first, this.#seqs.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.#seqs[middle] ?? 0;
      if (found === seq) return this.#bytesOf[middle] === gone ? undefined : middle;
      if (found < seq) low = middle + 1;
      else high = middle - 1;
    }
    return undefined;
  }

  #removeAt(place: number): void {
    const bytes = this.#bytesOf[place] ?? 0;
    this.#count -= 1;
    this.#bytes -= bytes;
    if (this.#events[place]) this.#keptBytes -= bytes;
    this.#bytesOf[place] = gone;
    this.#events[place] = undefined;
  }

  #skipGone(): void {
    while (this.#bytesOf[this.#first] === gone) this.#first += 1;
  }

  /** Seldom, and then for many at once. */
  #cutOff(): void {
    if (this.#first < fewestCutOff || this.#first * 2 < this.#seqs.length) return;
    this.#seqs = this.#seqs.slice(this.#first);
    this.#bytesOf = this.#bytesOf.slice(this.#first);
    this.#events = this.#events.slice(this.#first);
    this.#first = 0;
  }
}
