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

/** Where the rows of each kind are that may be removed. */
const tables = { message: 'messages', deadLetter: 'dead_letter_queue', item: 'items' } as const;
type Kind = keyof typeof tables;

/** How many were forgotten. */
export async function forgetChanges({ db, hasTakenIn, pause, isEnding }: ForgettingDeps): Promise<number> {
  const newest = db.prepare<[], number | null>(`select max(change) from ${changesTable}`).pluck().get() ?? 0;
  if (newest === 0 || !(await hasTakenIn())) return 0;
  const forget = db.prepare<[{ after: number; upTo: number }]>(
    `delete from ${changesTable} where change > :after and change <= :upTo and (${kindsIn(db).map(goneSql).join(' or ')})`,
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

/** Each database has some of them. */
function kindsIn(db: Database): Kind[] {
  const hasTable = db.prepare<[string], 1>("select 1 from sqlite_schema where type = 'table' and name = ?").pluck();
  return (['message', 'deadLetter', 'item'] as const).filter((kind) => hasTable.get(tables[kind]) === 1);
}

function goneSql(kind: Kind): string {
  return `(kind = '${kind}' and not exists (select 1 from ${tables[kind]} t where t.id = ${changesTable}.id))`;
}
