/**
 * Snippets of what is shown. The few texts are indexed once more, in tables that nobody else sees: to have them from the
 * large index would cost a look at every hit, or an order of all of them.
 */
import type { SearchGroup } from '../protocol/search.ts';
import type { Database } from '../store/open-database.ts';
import { aroundWords } from './around-words.ts';
import { groupTables, tokenizer } from './search-tables.ts';
import { matchBegins, matchEnds } from './snippet.ts';

export type Shown = { readonly place: number; readonly texts: readonly string[] };
/** `either`: what to mark, for the full-text index; `words`: the same as typed. */
export type Sought = { readonly either: string; readonly words: readonly string[] };

const snippetTokens = 24;
const mostChars = 200;

export class Excerpts {
  readonly #db: Database;
  readonly #tables = new Map<SearchGroup, ReturnType<typeof shownTable>>();

  /** The database may be open for reading only: what is made here is in memory. */
  constructor(db: Database) {
    this.#db = db;
    db.pragma('temp_store = memory');
  }

  /** By place, with the marks of what was found; a text in which nothing is marked gives its beginning. */
  of(group: SearchGroup, shown: readonly Shown[], { either, words }: Sought): ReadonlyMap<number, string> {
    const cut = shown.map(({ place, texts }) => ({ place, texts: texts.map((text) => aroundWords(text, words)) }));
    const marked = this.#marked(group, cut, either);
    // Where a word stands in another form, the place that was looked at may have been the wrong one.
    const missed = shown.filter(({ place }) => !marked.has(place));
    const whole = missed.length === 0 ? new Map<number, string>() : this.#marked(group, missed, either);
    return new Map(
      shown.map(({ place, texts }) => [place, marked.get(place) ?? whole.get(place) ?? (texts[0] ?? '').slice(0, mostChars)] as const),
    );
  }

  #marked(group: SearchGroup, shown: readonly Shown[], either: string): Map<number, string> {
    const table = this.#table(group);
    this.#db.exec('savepoint shown');
    try {
      for (const { place, texts } of shown) table.put.run(place, ...texts);
      return new Map(table.snippets.all(either).map(({ place, snippet }) => [place, snippet] as const));
    } finally {
      this.#db.exec('rollback to shown; release shown');
    }
  }

  #table(group: SearchGroup) {
    const table = this.#tables.get(group) ?? shownTable(this.#db, group);
    this.#tables.set(group, table);
    return table;
  }
}

function shownTable(db: Database, group: SearchGroup) {
  const { texts } = groupTables[group];
  const name = `shown_${group}`;
  db.exec(`create virtual table temp.${name} using fts5 (${texts.join(', ')}, ${tokenizer})`);
  return {
    put: db.prepare<unknown[]>(`insert into temp.${name} (rowid, ${texts.join(', ')}) values (?${', ?'.repeat(texts.length)})`),
    snippets: db.prepare<[string], { place: number; snippet: string }>(
      `select rowid as place, snippet(${name}, -1, '${matchBegins}', '${matchEnds}', '…', ${snippetTokens}) as snippet
       from temp.${name} where ${name} match ?`,
    ),
  };
}
