/**
 * Which rows the search has to look at again: each row that was ever written, once, under the number of its last change.
 * Kept by triggers, so that no writer can forget it, and never longer than the tables that it follows.
 */

/** A row of `table` counts as the `kind` whose id is in `idColumn`; `existingBy` is the order of those that are there. */
export type Followed = {
  readonly table: string;
  readonly kind: string;
  readonly idColumn: string;
  /** Undefined where another table's rows stand for these. */
  readonly existingBy: string | undefined;
};

/** In a database that is read out row by row, this one makes itself. */
export const changesTable = 'search_changes';

/** Autoincrement: a number is never given twice, so whoever has seen one has seen all below it. */
export function searchChangesSql(followed: readonly Followed[]): string {
  const table = `
    create table ${changesTable} (
      change integer primary key autoincrement,
      kind text not null,
      id text not null
    ) strict;
    create unique index ${changesTable}_by_row on ${changesTable} (kind, id);`;
  return [table, ...followed.flatMap(existing), ...followed.map(triggers)].join('\n');
}

function existing({ table, kind, idColumn, existingBy }: Followed): string[] {
  if (existingBy === undefined) return [];
  return [`insert into ${changesTable} (kind, id) select '${kind}', ${idColumn} from ${table} order by ${existingBy};`];
}

/** Taken out and put in again: an "or replace" would give way to the conflict clause of the statement that fired it. */
function triggers({ table, kind, idColumn }: Followed): string {
  const events = { insert: 'new', update: 'new', delete: 'old' };
  return Object.entries(events)
    .map(
      ([event, row]) => `
    create trigger search_sees_${table}_${event} after ${event} on ${table} begin
      delete from ${changesTable} where kind = '${kind}' and id = ${row}.${idColumn};
      insert into ${changesTable} (kind, id) values ('${kind}', ${row}.${idColumn});
    end;`,
    )
    .join('');
}
