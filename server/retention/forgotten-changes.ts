/**
 * What the search was told of removed rows, for good: once its index has taken that in, nobody needs to be told again. The
 * newest change of all stays, because its number is how far the list has come.
 */

import type { Database } from '../store/open-database.ts';
import { changesTable } from '../store/search-changes.ts';
import { write } from '../store/transaction.ts';

export type ForgettingDeps = {
  readonly db: Database;
  /** Whether the index has all that there was before this was asked. */
  readonly hasTakenIn: () => Promise<boolean>;
  readonly pause: () => Promise<void>;
  readonly isEnding: () => boolean;
};

const changesAtOnce = 500;

/** How many were forgotten. */
export async function forgetChanges({ db, hasTakenIn, pause, isEnding }: ForgettingDeps): Promise<number> {
  const newest = db.prepare<[], number | null>(`select max(change) from ${changesTable}`).pluck().get() ?? 0;
  if (newest === 0 || !(await hasTakenIn())) return 0;
  const forget = db.prepare<[{ after: number; upTo: number }]>(
    `delete from ${changesTable} where change > :after and change <= :upTo and (
       (kind = 'message' and not exists (select 1 from messages m where m.id = ${changesTable}.id))
       or (kind = 'deadLetter' and not exists (select 1 from dead_letter_queue l where l.id = ${changesTable}.id)))`,
  );
  const next = db.prepare<[number], number | null>(`select min(change) from ${changesTable} where change > ?`).pluck();
  let forgotten = 0;
  for (let from = next.get(0) ?? newest; from < newest && !isEnding(); from = next.get(from + changesAtOnce) ?? newest) {
    await pause();
    const upTo = Math.min(from + changesAtOnce, newest - 1);
    forgotten += write(db, () => forget.run({ after: from - 1, upTo }).changes);
  }
  return forgotten;
}
