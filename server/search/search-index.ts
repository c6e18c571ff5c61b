/** The index as one writes to it: documents in and out, and how far each source was taken in, in one transaction. */
import type { SearchGroup, SearchPlace } from '../protocol/search.ts';
import { freePages, pagesThatStay, vacuumStep } from '../store/incremental-vacuum.ts';
import { type Database, openDatabase } from '../store/open-database.ts';
import { write } from '../store/transaction.ts';
import { type DocumentRow, DocumentTable } from './document-table.ts';
import { groupTables, searchMigrations } from './search-tables.ts';
import { withoutMarks } from './snippet.ts';

export type Document = {
  readonly group: SearchGroup;
  readonly id: string;
  /** By the columns of its group's table. */
  readonly columns: Readonly<Record<string, string>>;
  readonly heading: string;
  readonly party: string;
  readonly other: string;
  readonly scope: string;
  readonly at: number;
  readonly target: SearchPlace;
};

export type Gone = { readonly group: SearchGroup; readonly id: string };

export type Batch = {
  readonly source: string;
  /** How far the source is taken in with this. */
  readonly place: number;
  readonly documents: readonly Document[];
  readonly gone: readonly Gone[];
};

/**
 * Pages of index that are merged behind what was taken in, one for each document within these bounds: fewer would not keep
 * up with single ones, and more would be a wait.
 */
const mergedPages = { least: 16, most: 64 };
/** What reads meanwhile waits for none of it, and the next batch for a few milliseconds. */
const pagesGivenAtOnce = 256;
/** Longer texts are searched up to here. */
export const maxIndexedChars = 200_000;

export class SearchIndex {
  readonly db: Database;
  readonly #tables;
  readonly #cursor;
  readonly #putCursor;

  constructor(db: Database) {
    this.db = db;
    const table = (group: SearchGroup) => new DocumentTable(db, groupTables[group]);
    this.#tables = {
      messages: table('messages'),
      tasks: table('tasks'),
      communications: table('communications'),
      deadLetters: table('deadLetters'),
      audit: table('audit'),
    };
    this.#cursor = db.prepare<[string], number>('select place from cursors where source = ?').pluck();
    this.#putCursor = db.prepare(
      'insert into cursors (source, place) values (?, ?) on conflict (source) do update set place = excluded.place',
    );
  }

  static open(path: string): SearchIndex {
    return new SearchIndex(openDatabase(path, { durability: 'normal', migrations: searchMigrations }));
  }

  cursor(source: string): number {
    return this.#cursor.get(source) ?? 0;
  }

  /** All of it or nothing: a kill at any moment neither misses nor doubles a row. */
  takeIn(...batches: readonly Batch[]): void {
    write(this.db, () => {
      for (const batch of batches) this.#put(batch);
      const byGroup = Map.groupBy(
        batches.flatMap(({ documents }) => documents),
        ({ group }) => group,
      );
      for (const [group, { length }] of byGroup) {
        this.#tables[group].merge(Math.min(mergedPages.most, Math.max(mergedPages.least, length)));
      }
    });
  }

  /** A few free pages go back to the disk; false when there are not many. */
  giveBack(): boolean {
    return freePages(this.db) > pagesThatStay && vacuumStep(this.db, pagesGivenAtOnce) > 0;
  }

  count(): number {
    return Object.values(this.#tables).reduce((sum, table) => sum + table.count(), 0);
  }

  close(): void {
    this.db.close();
  }

  #put({ source, place, documents, gone }: Batch): void {
    for (const { group, id } of gone) this.#tables[group].remove(id);
    for (const document of documents) this.#tables[document.group].put(rowOf(document));
    this.#putCursor.run(source, place);
  }
}

function rowOf({ group, columns, target, ...document }: Document): DocumentRow {
  const texts = Object.entries(columns).map(([name, text]) => [name, withoutMarks(text.slice(0, maxIndexedChars))]);
  return { ...document, ...Object.fromEntries(texts), target: JSON.stringify(target) };
}
