/** What an import has brought over: kept, so that the next one doubles nothing, and counted for its report. */
import type { ImportReport } from '../protocol/import.ts';
import type { Database } from '../store/open-database.ts';

type Table = ImportReport['tables'][number];
type Counts = { found: number; imported: number; known: number; left: number };

const shownNotes = 50;

export class ImportRecord {
  readonly source: string;
  /** Whose boards and channels came over. */
  readonly teams = new Set<string>();
  readonly #find;
  readonly #keep;
  readonly #counts = new Map<string, Counts>();
  readonly #notes = new Map<string, number>();

  constructor(db: Database, source: string) {
    this.source = source;
    this.#find = db
      .prepare<[string, string, string], string>('select local_id from imported where source = ? and kind = ? and key = ?')
      .pluck();
    this.#keep = db.prepare<[string, string, string, string]>('insert into imported (source, kind, key, local_id) values (?, ?, ?, ?)');
  }

  /** The id that it has here; undefined when it never came over. */
  localId(kind: string, key: string): string | undefined {
    return this.#find.get(this.source, kind, key);
  }

  keep(kind: string, key: string, localId: string): void {
    this.#keep.run(this.source, kind, key, localId);
  }

  count(table: string, what: keyof Counts, by = 1): void {
    const counts = this.#counts.get(table) ?? { found: 0, imported: 0, known: 0, left: 0 };
    counts[what] += by;
    this.#counts.set(table, counts);
  }

  /** Said often, it is told once, with how often. */
  note(sentence: string): void {
    this.#notes.set(sentence, (this.#notes.get(sentence) ?? 0) + 1);
  }

  get tables(): Table[] {
    return [...this.#counts].map(([name, counts]) => ({ name, ...counts }));
  }

  get notes(): string[] {
    const all = [...this.#notes].map(([sentence, times]) => (times === 1 ? sentence : `${sentence} (${times} times)`));
    return all.length <= shownNotes ? all : [...all.slice(0, shownNotes), `And ${all.length - shownNotes} more of the kind.`];
  }

  get hasNews(): boolean {
    return this.tables.some(({ imported }) => imported > 0);
  }
}
