/** Puts rows of record into a table, with their hash, by the columns that the table has. */
import type { Database } from './open-database.ts';
import { type Cell, rowHash } from './row-hash.ts';

type Column = { readonly name: string; readonly notnull: number };

export class HashedTable {
  readonly #name: string;
  readonly #columns: readonly Column[];
  readonly #insert;

  constructor(db: Database, name: string) {
    this.#name = name;
    const columns = db.prepare<[string], Column>('select name, "notnull" from pragma_table_info(?)').all(name);
    this.#columns = columns.filter((column) => column.name !== 'row_hash');
    this.#insert = db.prepare(
      `insert into ${name} (${columns.map((column) => column.name).join(', ')}) values (${columns.map(() => '?').join(', ')}) on conflict do nothing`,
    );
  }

  /** False when its key is taken. What is not named is null. */
  insert(row: Readonly<Record<string, Cell>>): boolean {
    const unknown = Object.keys(row).find((name) => !this.#columns.some((column) => column.name === name));
    if (unknown !== undefined) throw new Error(`${this.#name} has no column ${unknown}`);
    const cells = this.#columns.map((column) => this.#cell(row, column));
    return this.#insert.run(...cells, rowHash(cells)).changes > 0;
  }

  #cell(row: Readonly<Record<string, Cell>>, { name, notnull }: Column): Cell {
    const cell = row[name] ?? null;
    if (cell === null && notnull === 1) throw new Error(`${this.#name}.${name} needs a value`);
    return cell;
  }
}
