/** Copies what can still be read out of a damaged database into a new one. */
import Database from 'better-sqlite3';
import { fitsItsHash } from './damaged-rows.ts';
import { type Migration, migrate } from './migrate.ts';
import { nativeBindingPath } from './native-binding.ts';
import type { Cell } from './row-hash.ts';
import { changesTable } from './search-changes.ts';

/** Of one table: rows that came over, and rows whose hash did not fit, which did not. Unreadable ones cannot be counted. */
export type Salvaged = { readonly table: string; readonly kept: number; readonly damaged: number; readonly isComplete: boolean };

type Row = Record<string, Cell>;

/** Writes `target` anew, with the newest schema; `source` is only read, and nobody else has it open. */
export function salvage(source: string, target: string, migrations: readonly Migration[]): Salvaged[] {
  const [from, to] = [open(source, { readonly: true }), open(target, {})];
  try {
    readOverDamagedSchema(from);
    migrate(to, { path: target, isNew: true, migrations, backupDir: undefined });
    const salvaged = to.transaction(() => tablesOf(to).map((table) => copyTable(from, to, table)))();
    to.pragma('wal_checkpoint(truncate)');
    return salvaged;
  } finally {
    from.close();
    to.close();
  }
}

function open(path: string, options: Database.Options): Database.Database {
  const nativeBinding = nativeBindingPath();
  return new Database(path, { ...options, ...(nativeBinding ? { nativeBinding } : {}) });
}

/** Otherwise one damaged sign in the text of one table would keep SQLite from reading any other. */
function readOverDamagedSchema(db: Database.Database): void {
  db.unsafeMode();
  db.pragma('writable_schema = on');
}

/** Without the list of changes, which its triggers write again as the rows come over. */
function tablesOf(db: Database.Database): string[] {
  return db
    .prepare<[string], string>("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' and name <> ? order by 1")
    .pluck()
    .all(changesTable);
}

/** From the front to the first page that cannot be read, then from the back to the same place. */
function copyTable(from: Database.Database, to: Database.Database, table: string): Salvaged {
  const seen = new Set<string>();
  const counts = { kept: 0, damaged: 0 };
  const take = (row: Row) => {
    const identity = JSON.stringify(row);
    if (seen.has(identity)) return;
    seen.add(identity);
    const isWhole = !('row_hash' in row) || fitsItsHash(row);
    if (isWhole && insert(to, table, row)) counts.kept += 1;
    else counts.damaged += 1;
  };
  const isComplete = readRows(from, `select * from ${table}`, take) || readRows(from, `select * from ${table} order by rowid desc`, take);
  return { table, ...counts, isComplete: isComplete && counts.damaged === 0 };
}

/** False when it met something that cannot be read. */
function readRows(db: Database.Database, sql: string, take: (row: Row) => void): boolean {
  try {
    for (const row of db.prepare<[], Row>(sql).iterate()) take(row);
    return true;
  } catch {
    // A damaged page, a table that is gone, or a table without row ids read from its back: what came before it is kept.
    return false;
  }
}

/** False when the new schema refuses it, as it does a value of the wrong type. */
function insert(db: Database.Database, table: string, row: Row): boolean {
  const columns = Object.keys(row);
  try {
    db.prepare(`insert into ${table} (${columns.join(', ')}) values (${columns.map((column) => `:${column}`).join(', ')})`).run(row);
    return true;
  } catch {
    // Counted by the caller as damaged.
    return false;
  }
}
