/** How many rows each table of a database holds. */
import type { Database } from './open-database.ts';

export function tableCounts(db: Database): Record<string, number> {
  const names = db
    .prepare<[], string>("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' order by 1")
    .pluck()
    .all();
  return Object.fromEntries(names.map((name) => [name, countOf(db, name)]));
}

function countOf(db: Database, table: string): number {
  return db.prepare<[], number>(`select count(*) from "${table}"`).pluck().get() ?? 0;
}
