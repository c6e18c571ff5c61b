/** Gives back to the disk what was freed in the databases, in steps that nobody notices. */

import { freePages, pagesThatStay, vacuumStep } from '../store/incremental-vacuum.ts';
import type { Database } from '../store/open-database.ts';

export type VacuumingDeps = {
  readonly databases: readonly Database[];
  /** Long enough that a full disk of free pages costs nobody a frame. */
  readonly pause: () => Promise<void>;
  readonly isEnding: () => boolean;
};

/** Takes a few milliseconds. */
const pagesAtOnce = 64;

/** How many pages went. */
export async function giveBackPages({ databases, pause, isEnding }: VacuumingDeps): Promise<number> {
  let given = 0;
  for (const db of databases) {
    while (!isEnding() && freePages(db) > pagesThatStay) {
      await pause();
      const went = vacuumStep(db, pagesAtOnce);
      if (went === 0) break;
      given += went;
    }
  }
  return given;
}
