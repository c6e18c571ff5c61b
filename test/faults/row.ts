/** A row of the fault matrix: what is provoked, and the figures that come of it. */
import type { Random } from './random.ts';

/** `short` is part of every test run, `long` is the acceptance test. */
export type Size = 'short' | 'long';

export type RowContext = {
  readonly size: Size;
  readonly random: Random;
  /** A folder of this row's own, removed after it. */
  readonly scratch: string;
  /** A copy of the built programs that no later build changes. */
  readonly dist: string;
  /** Instead of the row's own number of points. */
  readonly points: number | undefined;
};

export type Figures = {
  readonly points: number;
  readonly acked: number;
  readonly lost: number;
  readonly duplicates: number;
  /** What else broke, each as a sentence; the row fails with any. */
  readonly problems: readonly string[];
  /** What else was measured. */
  readonly notes?: readonly string[];
  /** Claims looked at that the product is known not to keep yet, by their place in `expected-open.ts`. */
  readonly claims?: readonly Claim[];
};

export type Claim = { readonly name: string; readonly holds: boolean; readonly detail: string };

export type Row = {
  readonly name: string;
  /** What the machine must have, in words, and whether it does; without it the row is skipped by name. */
  readonly needs?: readonly Need[];
  /** There is no short form of it. */
  readonly onlyLong?: true;
  readonly run: (context: RowContext) => Promise<Figures>;
};

export type Need = { readonly what: string; readonly isThere: () => boolean };
