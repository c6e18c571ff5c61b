/**
 * Where the rows of the audit log differ from what the witness says they were, and how: by the order of what both know.
 * Rows that the witness does not know are held against the chain alone.
 */
import type { AuditVerdict } from '../protocol/audit.ts';
import { foreignRow, unknownRow } from './audit-witness.ts';

export type BreakKind = AuditVerdict['breaks'][number]['kind'];
/** From the first row that shows it to the last one beside it that does. */
export type ChainBreak = { readonly kind: BreakKind; readonly first: number; readonly last: number };

/** All rows, in the order of their numbers. */
export type ReadChain = {
  readonly numbers: ArrayLike<number>;
  /** The fingerprint of each row. */
  readonly said: BigUint64Array;
  /** Of each row, what of `misfit` holds. */
  readonly misfits: Uint8Array;
};

export const misfit = { none: 0, own: 1, link: 2 } as const;

/** A log that was rewritten as a whole needs no list of its rows. */
const limits = { breaks: 100, searches: 200 };

export function findBreaks(chain: ReadChain, witness: BigUint64Array): ChainBreak[] {
  return isUntouched(chain, witness) ? [] : new Comparison(chain, witness).breaks();
}

/** What is nearly always so is looked at as a whole. Numbers that only grow leave none out from 1 to their count. */
function isUntouched({ numbers, said, misfits }: ReadChain, witness: BigUint64Array): boolean {
  const isCounted = said.length === 0 || (numbers[0] === 1 && numbers[said.length - 1] === said.length);
  return (
    isCounted &&
    !misfits.some((found) => found !== misfit.none) &&
    Buffer.compare(bytesOf(said.subarray(0, witness.length)), bytesOf(witness)) === 0
  );
}

function bytesOf({ buffer, byteOffset, byteLength }: BigUint64Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

class Comparison {
  readonly #chain: ReadChain;
  readonly #witness: BigUint64Array;
  readonly #found: ChainBreak[] = [];
  /** Where the comparison stands, in the rows and in the witness. */
  #row = 0;
  #known = 0;
  /** Rows, and places of the witness, that were found elsewhere than in their order. */
  readonly #movedRows = new Set<number>();
  readonly #movedKnown = new Set<number>();
  /** By how much rows are numbered higher than the witness has them. */
  #shift = 0;
  /** The row before is as it was, so that a link that does not fit is a break of its own. */
  #isSettled = true;
  #searches = 0;

  constructor(chain: ReadChain, witness: BigUint64Array) {
    this.#chain = chain;
    this.#witness = witness;
  }

  breaks(): ChainBreak[] {
    const rows = this.#chain.said.length;
    while (this.#row < rows && this.#found.length < limits.breaks && this.#searches < limits.searches) this.#step();
    if (this.#row === rows) this.#cutOff();
    return this.#found;
  }

  #step(): void {
    if (this.#movedRows.has(this.#row)) return this.#advance({ rows: 1 });
    if (this.#movedKnown.has(this.#known)) return this.#advance({ known: 1 });
    const known = this.#witness[this.#known];
    if (known === undefined) return this.#unwitnessed();
    if (known === foreignRow) return this.#foreign();
    if (known === unknownRow) return this.#unknown();
    if (known === this.#chain.said[this.#row]) return this.#same();
    this.#apart(known);
  }

  /** Says the same; its number and its hashes may still be others. */
  #same(): void {
    const number = this.#number();
    const shift = number - this.#known - 1;
    const isRenumbered = this.#isSettled && shift !== this.#shift;
    this.#shift = shift;
    if (isRenumbered || this.#isOutOfChain()) this.#report('changed', number);
    else this.#isSettled = true;
    this.#row += 1;
    this.#known += 1;
  }

  #isOutOfChain(): boolean {
    // Whoever renumbers rows breaks all their hashes: that is told once, where it begins.
    if (this.#shift !== 0) return false;
    const found = this.#misfit();
    return (found & misfit.own) !== 0 || ((found & misfit.link) !== 0 && this.#isSettled);
  }

  #unknown(): void {
    const number = this.#number();
    if (number <= this.#known + 1) return this.#same();
    this.#report('missing', this.#known + 1, number - 1);
    this.#known = number - 1;
  }

  #foreign(): void {
    const isHere = this.#number() === this.#known + 1;
    if (isHere) this.#report('inserted', this.#number());
    this.#advance({ rows: isHere ? 1 : 0, known: 1 });
  }

  #unwitnessed(): void {
    const number = this.#number();
    const expected = (this.#chain.numbers[this.#row - 1] ?? 0) + 1;
    if (number < 1) this.#report('inserted', number);
    else if (number > expected) this.#report('missing', expected, number - 1);
    else if (!this.#isOutOfChain()) this.#isSettled = true;
    // A row that fits itself vouches for the hash of the one before it.
    else if (this.#misfit() === misfit.link && this.#row > this.#witness.length) this.#report('changed', number - 1);
    else this.#report('changed', number);
    this.#row += 1;
  }

  #apart(known: bigint): void {
    const { said } = this.#chain;
    const rowAt = this.#search(said, known, this.#row);
    const knownAt = this.#search(this.#witness, said[this.#row] ?? unknownRow, this.#known);
    if (rowAt !== -1 && knownAt !== -1) return this.#reordered(rowAt, knownAt);
    if (rowAt !== -1) {
      this.#report('inserted', this.#number(), this.#chain.numbers[rowAt - 1]);
      return this.#advance({ rows: rowAt - this.#row });
    }
    if (knownAt !== -1) {
      this.#report('missing', this.#known + 1, knownAt);
      return this.#advance({ known: knownAt - this.#known });
    }
    if (this.#isTailRewritten()) {
      this.#row = said.length;
      return;
    }
    this.#report('changed', this.#number());
    this.#advance({ rows: 1, known: 1 });
  }

  /** One row moved up or down, or two changed places; what lies between them is as it was. */
  #reordered(rowAt: number, knownAt: number): void {
    const { said, numbers } = this.#chain;
    const isMovedDown = said[this.#row] === this.#witness[this.#known + 1];
    const isMovedUp = !isMovedDown && said[this.#row + 1] === this.#witness[this.#known];
    this.#report('reordered', this.#number(), isMovedUp ? (numbers[this.#row] ?? 0) + knownAt - this.#known : numbers[rowAt]);
    if (!isMovedUp) this.#movedRows.add(rowAt);
    if (!isMovedDown) this.#movedKnown.add(knownAt);
    this.#advance({ rows: isMovedDown ? 0 : 1, known: isMovedUp ? 0 : 1 });
  }

  /** After a cut the log goes on under the same numbers, with at most as many rows; none of them was there before. */
  #isTailRewritten(): boolean {
    const { said } = this.#chain;
    const isNoLonger = said.length - this.#row <= this.#witness.length - this.#known;
    return isNoLonger && this.#misfit() !== misfit.own && this.#search(this.#witness, said.at(-1) ?? unknownRow, this.#known) === -1;
  }

  #cutOff(): void {
    const left = [...this.#witness.subarray(this.#known).entries()].filter(
      ([at, known]) => known !== unknownRow && known !== foreignRow && !this.#movedKnown.has(this.#known + at),
    );
    const [first, last] = [left[0], left.at(-1)];
    if (first && last) this.#report('cutOff', this.#known + first[0] + 1, this.#known + last[0] + 1);
  }

  /** Neighbours that show the same are one break. */
  #report(kind: BreakKind, first: number, last = first): void {
    const before = this.#found.at(-1);
    if (before?.kind === kind && before.last + 1 >= first)
      this.#found[this.#found.length - 1] = { ...before, last: Math.max(before.last, last) };
    else this.#found.push({ kind, first, last });
    this.#isSettled = false;
  }

  #advance({ rows = 0, known = 0 }: { readonly rows?: number; readonly known?: number }): void {
    this.#row += rows;
    this.#known += known;
    this.#isSettled = false;
  }

  #search(among: BigUint64Array, fingerprint: bigint, from: number): number {
    this.#searches += 1;
    return among.indexOf(fingerprint, from);
  }

  #number(): number {
    return this.#chain.numbers[this.#row] ?? 0;
  }

  #misfit(): number {
    return this.#chain.misfits[this.#row] ?? misfit.none;
  }
}
