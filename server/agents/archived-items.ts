/** What went of a session's transcript into archives. */
import type { ArchivedItems } from '../protocol/session.ts';
import type { Database } from '../store/open-database.ts';

type Row = Omit<ArchivedItems, 'archives'> & { readonly archive: string };

export class ArchivedItemsReader {
  readonly #of;

  constructor(db: Database) {
    this.#of = db.prepare<[string], Row>(
      `select archive, items, first_at as firstAt, last_at as lastAt, up_to_ordinal as upToOrdinal, archived_at as archivedAt
       from archived_items where session_id = ? order by archived_at, archive`,
    );
  }

  /** Undefined where nothing went. */
  of(sessionId: string): ArchivedItems | undefined {
    const rows = this.#of.all(sessionId);
    if (rows.length === 0) return undefined;
    return {
      items: rows.reduce((sum, { items }) => sum + items, 0),
      firstAt: Math.min(...rows.map(({ firstAt }) => firstAt)),
      lastAt: Math.max(...rows.map(({ lastAt }) => lastAt)),
      upToOrdinal: Math.max(...rows.map(({ upToOrdinal }) => upToOrdinal)),
      archivedAt: Math.max(...rows.map(({ archivedAt }) => archivedAt)),
      archives: rows.map(({ archive }) => archive),
    };
  }
}
