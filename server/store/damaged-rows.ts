/** Rows of record whose hash no longer fits: the disk, or somebody with the file in hand, changed them. */
import type { Database } from './open-database.ts';
import { type Cell, rowHash } from './row-hash.ts';

export type DamagedRow = { readonly table: string; readonly rowid: number };

/** Looks at the newest `perTable` rows of each table that keeps hashes; in order of the table's name. */
export function damagedRows(db: Database, perTable: number): DamagedRow[] {
  return hashedTables(db).flatMap((table) => damagedIn(db, table, perTable));
}

export function hashedTables(db: Database): string[] {
  return db
    .prepare<[], string>(
      `select m.name from sqlite_schema m join pragma_table_info(m.name) c on c.name = 'row_hash' where m.type = 'table' order by 1`,
    )
    .pluck()
    .all();
}

/** Over all columns but the hash, in the table's order: the one rule by which every table is written. */
export function fitsItsHash({ row_hash: hash, ...row }: Readonly<Record<string, Cell>>): boolean {
  return hash === rowHash(Object.values(row));
}

const rowsAtOnce = 2_000;

/**
 * Looks at every row, in steps that each end their read, so that a log that somebody else writes meanwhile can be written
 * back.
 */
export function allDamagedRows(db: Database): { readonly rows: number; readonly damaged: DamagedRow[] } {
  let rows = 0;
  const damaged: DamagedRow[] = [];
  for (const table of hashedTables(db)) {
    const below = db.prepare<[number, number], Record<string, Cell>>(
      `select rowid as found_rowid, * from ${table} where rowid < ? order by rowid desc limit ?`,
    );
    let last = Number.MAX_SAFE_INTEGER;
    for (let page = below.all(last, rowsAtOnce); page.length > 0; page = below.all(last, rowsAtOnce)) {
      for (const { found_rowid: rowid, ...row } of page) {
        last = Number(rowid);
        if (!fitsItsHash(row)) damaged.push({ table, rowid: last });
      }
      rows += page.length;
    }
  }
  return { rows, damaged };
}

function damagedIn(db: Database, table: string, perTable: number): DamagedRow[] {
  const rows = db.prepare<[number], Record<string, Cell>>(`select rowid as found_rowid, * from ${table} order by rowid desc limit ?`);
  const damaged: DamagedRow[] = [];
  for (const { found_rowid: rowid, ...row } of rows.iterate(perTable)) {
    if (!fitsItsHash(row)) damaged.push({ table, rowid: Number(rowid) });
  }
  return damaged;
}
