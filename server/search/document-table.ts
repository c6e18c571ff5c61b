/**
 * Documents of one group and the full-text index over them, changed together. The index is told by statements of its own
 * and not by triggers: each statement with a trigger that writes makes it put a segment on disk, however small.
 */
import type { Database } from '../store/open-database.ts';
import type { GroupTable } from './search-tables.ts';

type Value = string | number;
/** By the columns of the table, without its place. */
export type DocumentRow = { readonly id: string } & Readonly<Record<string, Value>>;
type Kept = Readonly<Record<string, Value>> & { readonly place: number };

const commonColumns = ['heading', 'party', 'other', 'scope', 'at', 'target'] as const;

export class DocumentTable {
  readonly #kept;
  readonly #insert;
  readonly #update;
  readonly #delete;
  readonly #index;
  readonly #unindex;
  readonly #merge;
  readonly #count;

  constructor(db: Database, { documents, index, texts, ids }: GroupTable) {
    const indexed = [...texts, ...ids];
    const columns = ['id', ...indexed, ...commonColumns];
    const named = (names: readonly string[]) => names.map((name) => `:${name}`).join(', ');
    const set = columns.slice(1).map((name) => `${name} = :${name}`);
    this.#kept = db.prepare<[string], Kept>(`select place, ${indexed.join(', ')} from ${documents} where id = ?`);
    this.#insert = db.prepare<[DocumentRow]>(
      `insert into ${documents} (${columns.join(', ')}) values (${named(columns)}) on conflict (id) do nothing`,
    );
    this.#update = db.prepare<[DocumentRow]>(`update ${documents} set ${set.join(', ')} where id = :id`);
    this.#delete = db.prepare<[number]>(`delete from ${documents} where place = ?`);
    this.#index = db.prepare<[object]>(`insert into ${index} (rowid, ${indexed.join(', ')}) values (:place, ${named(indexed)})`);
    this.#unindex = db.prepare<[Kept]>(
      `insert into ${index} (${index}, rowid, ${indexed.join(', ')}) values ('delete', :place, ${named(indexed)})`,
    );
    this.#merge = db.prepare<[number]>(`insert into ${index} (${index}, rank) values ('merge', ?)`);
    this.#count = db.prepare<[], number>(`select count(*) from ${documents}`).pluck();
  }

  /** One that is there already keeps its place. */
  put(row: DocumentRow): void {
    const { changes, lastInsertRowid: place } = this.#insert.run(row);
    const kept = changes === 0 ? this.#kept.get(row.id) : undefined;
    if (kept) {
      this.#unindex.run(kept);
      this.#update.run(row);
    }
    this.#index.run({ ...row, place: kept?.place ?? place });
  }

  remove(id: string): void {
    const kept = this.#kept.get(id);
    if (!kept) return;
    this.#unindex.run(kept);
    this.#delete.run(kept.place);
  }

  /** Brings together so many pages of what was put in bit by bit. */
  merge(pages: number): void {
    this.#merge.run(pages);
  }

  count(): number {
    return this.#count.get() ?? 0;
  }
}
