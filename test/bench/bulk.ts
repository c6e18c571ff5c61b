/** What it costs at least to index the same messages: their rows, already read, put into the same tables in large transactions. */
import { rmSync } from 'node:fs';
import { searchMigrations } from '../../server/search/search-tables.ts';
import { openDatabase } from '../../server/store/open-database.ts';

export type BulkRow = {
  readonly id: string;
  readonly content: string;
  readonly session: string;
  readonly place: number;
  readonly target: string;
};

const perTransaction = 5_000;

/** In microseconds of CPU a message; `path` is a file to make and to remove. */
export function bulkCost(path: string, rows: readonly BulkRow[]): number {
  const db = openDatabase(path, { durability: 'normal', migrations: searchMigrations });
  const document = db.prepare(
    `insert into message_documents (place, id, content, session_id, project_id, heading, party, other, scope, at, target)
     values (:place, :id, :content, :session, :session, 'agent in bench', :session, '', :session, :place, :target)`,
  );
  const index = db.prepare(
    'insert into search_messages (rowid, content, session_id, project_id) values (:place, :content, :session, :session)',
  );
  const begun = process.cpuUsage();
  for (let from = 0; from < rows.length; from += perTransaction) {
    db.transaction(() => {
      for (const row of rows.slice(from, from + perTransaction)) {
        document.run(row);
        index.run(row);
      }
    })();
  }
  const { user, system } = process.cpuUsage(begun);
  db.close();
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
  return (user + system) / rows.length;
}
