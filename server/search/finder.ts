/** Asks the index. The newest hits cost the same at any size; the best ones are ranked among all that match. */
import * as z from 'zod/mini';
import { SearchGroup, type SearchHit, type SearchOrder, SearchPlace } from '../protocol/search.ts';
import type { Database } from '../store/open-database.ts';
import type { Names } from './names.ts';
import { parseQuery, type Query } from './query.ts';
import { ranked } from './ranking.ts';
import { groupTables } from './search-tables.ts';
import { matchBegins, matchEnds, snippetParts } from './snippet.ts';

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

type Row = {
  readonly place: number;
  readonly id: string;
  readonly heading: string;
  readonly party: string;
  readonly at: number;
  readonly target: string;
  readonly snippet: string;
  readonly rank: number;
};
type MatchOrder = keyof typeof matchOrders;
type Matching = { readonly match: string; readonly filters: Filters; readonly by: MatchOrder; readonly most: number };
type Filters = { readonly conditions: string; readonly values: Readonly<Record<string, string | number>> };

const snippetTokens = 24;
/** So many of the newest join the best before both are weighed. */
const weighed = 40;
/** To rank all that match takes the index a look at each of them; the newest it finds at once. */
const matchOrders = {
  newest: { rank: '0', order: 'rowid desc' },
  newestRanked: { rank: 'bm25($index)', order: 'rowid desc' },
  best: { rank: '$index.rank', order: 'rank' },
} as const;
const columns = 'd.place, d.id, d.heading, d.party, d.at, d.target';

export class Finder {
  readonly #db: Database;
  readonly #names: Names;

  constructor(db: Database, names: Names) {
    this.#db = db;
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
  #rows(group: SearchGroup, query: Query, wish: Pick<Wish, 'order' | 'limit' | 'now'> & { readonly filters: Filters }): Row[] {
    const { filters, order, limit, now } = wish;
    const { match, words } = query;
    if (match === null) return this.#withoutWords(group, filters, limit + 1);
    const matching = (by: MatchOrder, most: number) => this.#matching(group, { match, filters, by, most });
    if (order === 'newest') return matching('newest', limit + 1);
    const found = [...matching('best', Math.max(limit + 1, weighed)), ...matching('newestRanked', weighed)];
    const candidates = [...new Map(found.map((row) => [row.place, row])).values()].map((row) => ({
      ...{ row, rank: row.rank, at: row.at },
      snippet: snippetParts(row.snippet),
    }));
    return ranked(candidates, words, now)
      .slice(0, limit + 1)
      .map(({ row }) => row);
  }

  /**
   * One statement, in which the index is asked first and gives its own order: texts are read and snippets made only for
   * what is handed out. Asked for one place after the other it would go through all hits each time.
   */
  #matching(group: SearchGroup, { match, filters, by, most }: Matching): Row[] {
    const { documents, index } = groupTables[group];
    const { rank, order } = matchOrders[by];
    return this.#db
      .prepare<[object], Row>(
        `select ${columns}, snippet(${index}, -1, '${matchBegins}', '${matchEnds}', '…', ${snippetTokens}) as snippet,
           ${rank.replace('$index', index)} as rank
         from ${index} cross join ${documents} d on d.place = ${index}.rowid
         where ${index} match :match ${filters.conditions} order by ${index}.${order} limit :most`,
      )
      .all({ match, most, ...filters.values });
  }

  #withoutWords(group: SearchGroup, { conditions, values }: Filters, limit: number): Row[] {
    const { documents, texts } = groupTables[group];
    return this.#db
      .prepare<[object], Row>(
        `select ${columns}, substr(d.${texts[0]}, 1, 200) as snippet, 0 as rank from ${documents} d
         where true ${conditions} order by d.place desc limit :limit`,
      )
      .all({ limit, ...values });
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

  #hit(group: SearchGroup, { id, heading, party, at, target, snippet }: Row): SearchHit {
    const place = z.parse(SearchPlace, JSON.parse(target));
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

function isEmpty({ match, agents, projects, since }: Query): boolean {
  return match === null && agents.length === 0 && projects.length === 0 && since === null;
}
