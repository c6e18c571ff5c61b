/** Asks the index. The newest hits cost the same at any size; the best ones are ranked among all that match. */

import type { Statement } from 'better-sqlite3';
import * as z from 'zod/mini';
import { SearchGroup, type SearchHit, type SearchOrder, SearchPlace } from '../protocol/search.ts';
import type { Database } from '../store/open-database.ts';
import { aroundWords } from './around-words.ts';
import { Excerpts, type Sought as Marking } from './excerpts.ts';
import { UnfitIndex } from './index-damage.ts';
import type { Names } from './names.ts';
import { parseQuery, type Query } from './query.ts';
import { ranked } from './ranking.ts';
import { groupTables } from './search-tables.ts';
import { snippetParts } from './snippet.ts';

export type Wish = {
  readonly query: string;
  readonly groups: readonly SearchGroup[];
  readonly order: SearchOrder;
  readonly limit: number;
  readonly now: number;
};
export type Found = {
  readonly groups: { readonly group: SearchGroup; readonly hits: SearchHit[]; readonly hasMore: boolean }[];
  readonly remarks: readonly string[];
};

/** `score`: as the index counts; negative, and the smaller the better. */
type Place = { readonly place: number; readonly score: number };
type DocumentHead = {
  readonly place: number;
  readonly id: string;
  readonly heading: string;
  readonly party: string;
  readonly at: number;
  readonly target: string;
};
type Row = DocumentHead & { readonly texts: readonly string[] };
type Marked = DocumentHead & { readonly snippet: string };
type Filters = { readonly conditions: string; readonly values: Readonly<Record<string, string | number>> };
type Sought = { readonly match: string; readonly filters: Filters };
type Limits = { readonly filters: Filters; readonly order: SearchOrder; readonly limit: number; readonly now: number };

/** So many of the best, and so many of the newest, are weighed against each other. */
const weighed = { best: 40, newest: 20 };
const columns = 'd.place, d.id, d.heading, d.party, d.at, d.target';

export class Finder {
  readonly #db: Database;
  readonly #names: Names;
  readonly #excerpts: Excerpts;
  /** By their text, of which there are few; to prepare one takes longer than to ask for a rare word. */
  readonly #statements = new Map<string, Statement<[object]>>();

  constructor(db: Database, names: Names) {
    this.#db = db;
    this.#excerpts = new Excerpts(db);
    this.#names = names;
  }

  find({ query: typed, groups, order, limit, now }: Wish): Found {
    const known = {
      isAgent: (name: string) => this.#names.agentsNamed(name).length > 0,
      isProject: (name: string) => this.#names.projectsNamed(name).scopes.length > 0,
    };
    const query = parseQuery(typed, known, now);
    const filters = this.#filters(query);
    const wanted = groups.filter((group) => query.groups?.includes(group) ?? true);
    const found = isEmpty(query) ? [] : wanted.map((group) => ({ group, rows: this.#rows(group, query, { filters, order, limit, now }) }));
    return {
      groups: found
        .filter(({ rows }) => rows.length > 0)
        .map(({ group, rows }) => ({
          group,
          hits: rows.slice(0, limit).map((row) => this.#hit(group, row)),
          hasMore: rows.length > limit,
        })),
      remarks: query.remarks,
    };
  }

  /** One more than the limit when there are more. */
  #rows(group: SearchGroup, query: Query, { filters, order, limit, now }: Limits): Marked[] {
    const { match, either, words } = query;
    if (match === null) return this.#withoutWords(group, filters, limit + 1);
    const sought = { match, filters };
    if (order === 'newest') return this.#marked(group, this.#documents(group, this.#newest(group, sought, limit + 1)), { either, words });
    const places = this.#weighed(group, sought, Math.max(limit + 1, weighed.best));
    const scores = new Map(places.map(({ place, score }) => [place, score]));
    const documents = this.#documents(
      group,
      places.map(({ place }) => place),
    );
    const candidates = documents.map((row) => ({ row, rank: scores.get(row.place) ?? 0, at: row.at, text: textOf(row, words) }));
    const best = ranked(candidates, words, now).slice(0, limit + 1);
    return this.#marked(
      group,
      best.map(({ row }) => row),
      { either, words },
    );
  }

  /** Costs the same at any size: the index gives them in this order by itself. */
  #newest(group: SearchGroup, { match, filters }: Sought, most: number): number[] {
    const { index } = groupTables[group];
    const sql = `select ${index}.rowid as place from ${narrowed(group, filters)} order by ${index}.rowid desc limit :most`;
    return this.#all<{ place: number }>(sql, { match, most, ...filters.values }).map(({ place }) => place);
  }

  /**
   * The newest and the best of all that match, counted in one go: to prepare the counting takes a look at all hits each
   * time, and to have them in the index's own order sorts them all.
   */
  #weighed(group: SearchGroup, { match, filters }: Sought, most: number): Place[] {
    const { index } = groupTables[group];
    const newest = this.#newest(group, { match, filters }, weighed.newest);
    const sql = `select ${index}.rowid as place, bm25(${index}) as score from ${narrowed(group, filters)}
      order by ${index}.rowid < :from, score limit :most`;
    return this.#all(sql, { match, from: newest.at(-1) ?? 0, most: most + newest.length, ...filters.values });
  }

  /** In the order of the places. */
  #documents(group: SearchGroup, places: readonly number[]): Row[] {
    const { documents, texts } = groupTables[group];
    const sql = `select ${columns}, ${texts.map((name) => `d.${name}`).join(', ')} from ${documents} d
      where d.place in (select value from json_each(:places))`;
    const rows = this.#all<DocumentHead & Readonly<Record<string, string>>>(sql, { places: JSON.stringify(places) });
    const byPlace = new Map(rows.map((row) => [row.place, { ...row, texts: texts.map((name) => String(row[name] ?? '')) }]));
    return places.flatMap((place) => byPlace.get(place) ?? []);
  }

  #marked(group: SearchGroup, rows: readonly Row[], sought: Marking): Marked[] {
    const snippets = this.#excerpts.of(group, rows, sought);
    return rows.map((row) => ({ ...row, snippet: snippets.get(row.place) ?? '' }));
  }

  #withoutWords(group: SearchGroup, { conditions, values }: Filters, limit: number): Marked[] {
    const { documents, texts } = groupTables[group];
    const sql = `select ${columns}, substr(d.${texts[0]}, 1, 200) as snippet from ${documents} d
      where true ${conditions} order by d.place desc limit :limit`;
    return this.#all(sql, { limit, ...values });
  }

  #all<Found>(sql: string, values: object): Found[] {
    const statement = this.#statements.get(sql) ?? this.#db.prepare<[object]>(sql);
    this.#statements.set(sql, statement);
    // Who writes the statement says what its rows are.
    return statement.all(values) as Found[];
  }

  #filters({ agents, projects, since }: Query): Filters {
    const within = (list: string) => `in (select value from json_each(:${list}))`;
    const conditions: string[] = [];
    const values: Record<string, string | number> = {};
    if (agents.length > 0) {
      conditions.push(`and (d.party ${within('agents')} or d.other ${within('agents')})`);
      values.agents = JSON.stringify(agents.flatMap((name) => this.#names.agentsNamed(name)));
    }
    if (projects.length > 0) {
      const ofProjects = projects.map((name) => this.#names.projectsNamed(name));
      conditions.push(`and (d.scope ${within('scopes')} or d.party ${within('parties')} or d.other ${within('parties')})`);
      values.scopes = JSON.stringify(ofProjects.flatMap(({ scopes }) => scopes));
      values.parties = JSON.stringify(ofProjects.flatMap(({ parties }) => parties));
    }
    if (since !== null) {
      conditions.push('and d.at >= :since');
      values.since = since;
    }
    return { conditions: conditions.join(' '), values };
  }

  #hit(group: SearchGroup, { id, heading, party, at, target, snippet }: Marked): SearchHit {
    const place = readPlace(target);
    const agentId = this.#names.livingAgent(party);
    return {
      group,
      id: `${group}:${id}`,
      title: heading,
      snippet: snippetParts(snippet),
      at,
      place: 'agentId' in place ? { ...place, agentId } : place,
    };
  }
}

/** All groups, in the order in which they are shown. */
export const allGroups: readonly SearchGroup[] = SearchGroup.options;

/** What was written there was checked, so what cannot be read was changed by the disk. */
function readPlace(target: string): SearchPlace {
  try {
    return z.parse(SearchPlace, JSON.parse(target));
  } catch (error) {
    throw new UnfitIndex('A document of the search index does not say where it leads.', { cause: error });
  }
}

/** Of a long text the part that is shown. */
function textOf({ texts }: Row, words: readonly string[]): string {
  return texts.map((text) => aroundWords(text, words)).join(' ');
}

/** The documents are asked only where they narrow something down. */
function narrowed(group: SearchGroup, { conditions }: Filters): string {
  const { documents, index } = groupTables[group];
  const joined = conditions === '' ? '' : `cross join ${documents} d on d.place = ${index}.rowid`;
  return `${index} ${joined} where ${index} match :match ${conditions}`;
}

function isEmpty({ match, agents, projects, since }: Query): boolean {
  return match === null && agents.length === 0 && projects.length === 0 && since === null;
}
