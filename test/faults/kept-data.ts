/** What is on disk, read as it lies there: nothing here writes, repairs or explains away. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { dataPaths } from '../../server/base/data-paths.ts';
import { markPath } from '../../server/store/high-water-mark.ts';
import { type Cell, rowHash } from '../../server/store/row-hash.ts';

type Row = Readonly<Record<string, Cell>>;

export class KeptData {
  readonly sessions: Database.Database;
  readonly btmsg: Database.Database;
  readonly #statements = new Map<string, Database.Statement<Cell[], Row>>();
  readonly #outboxRows: string[];

  constructor(dataDir: string) {
    const paths = dataPaths(dataDir);
    this.sessions = openReading(paths.sessionsDb);
    this.btmsg = openReading(paths.btmsgDb);
    this.#outboxRows = globSync(join(paths.agents, '*', 'private', 'outbox.db')).flatMap(waitingIn);
  }

  one(db: Database.Database, sql: string, ...params: Cell[]): Row | undefined {
    return this.#statement(db, sql).get(...params);
  }

  many(db: Database.Database, sql: string, ...params: Cell[]): IterableIterator<Row> {
    return this.#statement(db, sql).iterate(...params);
  }

  count(db: Database.Database, sql: string, ...params: Cell[]): number {
    return Number(this.one(db, sql, ...params)?.count ?? 0);
  }

  /** How many events wait in an outbox that hold this text. */
  waiting(text: string): number {
    return this.#outboxRows.filter((row) => row.includes(text)).length;
  }

  close(): void {
    this.sessions.close();
    this.btmsg.close();
  }

  #statement(db: Database.Database, sql: string): Database.Statement<Cell[], Row> {
    const key = `${db.name} ${sql}`;
    const statement = this.#statements.get(key) ?? db.prepare<Cell[], Row>(sql);
    this.#statements.set(key, statement);
    return statement;
  }
}

/** The rows whose hash does not fit what is in them, as sentences. */
export function damagedRows(db: Database.Database): string[] {
  const tables = db
    .prepare<[], string>(
      `select distinct m.name from sqlite_master m, pragma_table_info(m.name) c where m.type = 'table' and c.name = 'row_hash'`,
    )
    .pluck();
  return tables.all().flatMap((table) => {
    const rows = db.prepare<[], Cell[]>(`select * from ${table}`).raw();
    const columns = db
      .prepare(`select * from ${table}`)
      .columns()
      .map(({ name }) => name);
    const at = columns.indexOf('row_hash');
    const damaged = [...rows.iterate()].filter((cells) => cells[at] !== rowHash(cells.filter((_, column) => column !== at)));
    return damaged.map(([id]) => `the row ${id} of ${table} does not fit its hash`);
  });
}

/** What is in the file beside the database; undefined when there is none yet or it cannot be read. */
export function savedMark(db: Database.Database): { commits: number; auditSeq?: number; auditHash?: string } | undefined {
  const path = markPath(db.name);
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    // It was being written when the power went: then there is nothing to compare with.
    return undefined;
  }
}

function openReading(path: string, timeout?: number): Database.Database {
  const db = new Database(path, { fileMustExist: true, ...(timeout !== undefined && { timeout }) });
  db.pragma('query_only = on');
  return db;
}

/** None of one that is in use: a sidecar that runs has its queue to itself, so what is not taken in yet counts as not there. */
function waitingIn(path: string): string[] {
  const db = openReading(path, 0);
  try {
    return db.prepare<[], string>('select payload from outbox').pluck().all();
  } catch (error) {
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return [];
    throw error;
  } finally {
    db.close();
  }
}
