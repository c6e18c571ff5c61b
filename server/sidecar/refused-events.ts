/**
 * What becomes of an event that the backend refuses for good. One of a kind that it does not know is set aside at once,
 * until another build of the backend answers; any other is tried again, with growing pauses, and set aside when that
 * was in vain too often. What is set aside stays in the file until a person decides.
 */
import type { OutboxReport, PoisonedEvent } from '../protocol/outbox.ts';
import type { AppendAnswer } from '../protocol/sidecar-wire.ts';
import type { Database } from '../store/open-database.ts';
import { write } from '../store/transaction.ts';
import { backoffMs } from './backoff.ts';
import type { OutboxRows, Refusal, Tried } from './outbox-rows.ts';

export const maxAttempts = 12;
/** Well below what fits into one message. */
const maxReportBytes = 6 * 1024 * 1024;

/** `build` is of the backend that answered, `random` is from 0 to 1. */
export type RetryTerms = { readonly build: string; readonly now: number; readonly random: number };

export type SetAside = Tried & Pick<PoisonedEvent, 'reason' | 'detail'>;
export type Retry = Tried & { readonly delayMs: number; readonly detail: string };

/** What waits for a person now, and the event that is tried again after a pause. */
export type Verdict = { readonly setAside: readonly SetAside[]; readonly retry: Retry | null };

type Refused = NonNullable<AppendAnswer['refused']>[number];

export class RefusedEvents {
  readonly #db: Database;
  readonly #rows: OutboxRows;
  #count: number;

  constructor(db: Database, rows: OutboxRows, count: number) {
    this.#db = db;
    this.#rows = rows;
    this.#count = count;
  }

  get count(): number {
    return this.#count;
  }

  /** On disk when this returns; throws when the disk does not take it, and then nothing was decided. */
  judge(refused: readonly Refused[], terms: RetryTerms): Verdict {
    if (refused.length === 0) return { setAside: [], retry: null };
    const verdicts = write(this.#db, () => refused.map((refusal) => this.#judgeOne(refusal, terms)));
    const setAside = verdicts.flatMap((verdict) => verdict.setAside);
    this.#count += setAside.length;
    return { setAside, retry: verdicts.find(({ retry }) => retry)?.retry ?? null };
  }

  /** What the disk gave back damaged cannot be sent. */
  setAsideDamaged(seqs: readonly number[]): SetAside[] {
    const refusal = { reason: 'damaged', detail: 'The disk gave it back damaged.', refusedBy: null } as const;
    const setAside = write(this.#db, () => seqs.flatMap((seq) => this.#setAside(seq, refusal)));
    this.#count += setAside.length;
    return setAside;
  }

  /** The numbers of those set aside, or only of those of `keys`, but for damaged ones. */
  numbers(keys: readonly string[] | undefined): number[] {
    return this.#rows.refused().flatMap(({ seq, key }) => (keys === undefined || keys.includes(key) ? seq : []));
  }

  /** They wait again, with the same keys, under the numbers after `lastSeq`; returns their sizes in that order. */
  moveToEnd(seqs: readonly number[], lastSeq: number): number[] {
    const sizes = write(this.#db, () => seqs.map((seq, index) => this.#rows.moveToEnd(seq, lastSeq + 1 + index)));
    this.#count -= seqs.length;
    return sizes;
  }

  /** As many of those set aside after `afterSeq` as fit into a message. */
  report(afterSeq: number): Pick<OutboxReport, 'poisoned' | 'poisonedCount'> {
    const poisoned: PoisonedEvent[] = [];
    let bytes = 0;
    for (const event of this.#rows.poisoned(afterSeq)) {
      bytes += Buffer.byteLength(event.payload);
      if (poisoned.length > 0 && bytes > maxReportBytes) break;
      poisoned.push(event);
    }
    return { poisoned, poisonedCount: this.#count };
  }

  #judgeOne({ seq, reason, detail }: Refused, { build, now, random }: RetryTerms): Verdict {
    const refusal = { reason, detail, refusedBy: build };
    if (reason === 'unsupported') return { setAside: this.#setAside(seq, refusal), retry: null };
    const tried = this.#rows.attempt(seq);
    if (!tried || tried.attempts >= maxAttempts) return { setAside: this.#setAside(seq, refusal), retry: null };
    const delayMs = backoffMs(tried.attempts, random);
    this.#rows.schedule(seq, Math.round(now + delayMs));
    return { setAside: [], retry: { ...tried, delayMs, detail } };
  }

  #setAside(seq: number, refusal: Refusal): SetAside[] {
    const tried = this.#rows.setAside(seq, refusal);
    return tried ? [{ ...tried, reason: refusal.reason, detail: refusal.detail }] : [];
  }
}
