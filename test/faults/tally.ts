/** Adds up what the points of a row came to. */
import { type Conserved, type ConserveOptions, conserve } from './conserve.ts';
import type { Ledger } from './ledger.ts';
import { nextStart } from './next-start.ts';
import type { Figures } from './row.ts';

/** Enough to see what is wrong; the rest says the same. */
const shownProblems = 20;

export class Tally {
  points = 0;
  acked = 0;
  lost = 0;
  duplicates = 0;
  readonly #problems: string[] = [];
  #untold = 0;

  /** Looks for everything in a data directory. Returns whether all was there. */
  conserve(ledger: Ledger, dataDir: string, { where, ...options }: ConserveOptions & { readonly where: string }): boolean {
    const { lost, duplicates, problems } = looked(ledger, dataDir, options);
    this.lost += lost;
    this.duplicates += duplicates;
    for (const problem of problems) this.problem(`${where}: ${problem}`);
    return problems.length === 0;
  }

  /** The next backend must open it and find nothing wrong. Nobody may have it open. */
  nextStart(dataDir: string, where: string): void {
    for (const problem of nextStart(dataDir)) this.problem(`${where}, then: ${problem}`);
  }

  problem(what: string): void {
    if (this.#problems.length < shownProblems) this.#problems.push(what);
    else this.#untold += 1;
  }

  figures(notes: readonly string[] = []): Figures {
    const { points, acked, lost, duplicates } = this;
    const more = this.#untold > 0 ? [`and ${this.#untold} more`] : [];
    return { points, acked, lost, duplicates, problems: [...this.#problems, ...more], notes };
  }
}

/** What cannot even be read is lost. */
function looked(ledger: Ledger, dataDir: string, options: ConserveOptions): Conserved {
  try {
    return conserve(ledger, dataDir, options);
  } catch (error) {
    return { lost: ledger.acked, duplicates: 0, problems: [`it cannot be read: ${error}`] };
  }
}
