/** What the row of the retention has archived: messages or items of transcripts, and how to see what became of each. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DataPaths } from '../../../server/base/data-paths.ts';
import { archiveEnding, archiveLines, digestOf } from '../../../server/retention/archive-file.ts';
import { itemLine } from '../../../server/retention/item-record.ts';
import { lineOf, MessageRecords } from '../../../server/retention/message-record.ts';
import type { Database } from '../../../server/store/open-database.ts';
import { openReadOnly } from '../../../server/store/read-only.ts';
import { openStores } from '../../../server/stores.ts';
import { sayLongAgo } from '../../support/said-long-ago.ts';
import { workLongAgo } from '../../support/worked-long-ago.ts';

/** Enough that no run is over before it is cut off. */
const atOnce = 3_000;
const ageMs = 200 * 24 * 60 * 60_000;

type Setup = {
  readonly name: 'messages' | 'transcripts';
  readonly setting: 'retention.messageDays' | 'retention.transcriptDays';
  readonly dir: (paths: DataPaths) => string;
  readonly database: (paths: DataPaths) => string;
  readonly add: (stores: ReturnType<typeof openStores>) => readonly string[];
  readonly lines: (db: Database) => Iterable<readonly [string, string]>;
  /** So many stay where they are for good. */
  readonly staying: number;
};

export class ArchivedKind {
  readonly name: Setup['name'];
  readonly setting: Setup['setting'];
  readonly staying: number;
  /** What each was, by its id. */
  readonly added = new Map<string, string>();
  readonly #setup: Setup;
  readonly #paths: DataPaths;

  constructor(setup: Setup, paths: DataPaths) {
    this.#setup = setup;
    this.#paths = paths;
    this.name = setup.name;
    this.setting = setup.setting;
    this.staying = setup.staying;
  }

  /** Unless there is enough of it still. */
  fill(): void {
    if (this.kept().size >= atOnce / 2) return;
    const stores = openStores(this.#paths);
    this.#setup.add(stores);
    stores.close();
    for (const [id, digest] of this.kept()) this.added.set(id, digest);
  }

  /** In the database, by their ids, with their digests. Nobody else may write to it. */
  kept(): Map<string, string> {
    const db = openReadOnly(this.#setup.database(this.#paths));
    const found = new Map([...this.#setup.lines(db)].map(([id, line]) => [id, digestOf(line)]));
    db.close();
    return found;
  }

  /** In archives; `twice` is told of each that is in two of them. */
  async archived(twice: (id: string) => void): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for (const name of this.archives())
      for await (const line of archiveLines(join(this.#setup.dir(this.#paths), name))) {
        const id = String(JSON.parse(line).id);
        if (found.has(id)) twice(id);
        found.set(id, digestOf(line));
      }
    return found;
  }

  archives(): string[] {
    try {
      return readdirSync(this.#setup.dir(this.#paths)).filter((name) => name.endsWith(archiveEnding));
    } catch {
      // None was written yet.
      return [];
    }
  }
}

export function archivedKinds(paths: DataPaths): readonly ArchivedKind[] {
  return [messages, transcripts].map((setup) => new ArchivedKind(setup, paths));
}

/** The last word of all stays where it is. */
const messages: Setup = {
  name: 'messages',
  setting: 'retention.messageDays',
  dir: ({ archive }) => archive,
  database: ({ btmsgDb }) => btmsgDb,
  add: (stores) => sayLongAgo(stores, atOnce, Date.now() - ageMs),
  lines: (db) => {
    const records = new MessageRecords(db);
    const ids = db.prepare<[], string>('select id from messages').pluck().all();
    return ids.flatMap((id): [string, string][] => {
      const record = records.read(id);
      return record ? [[id, lineOf(record)]] : [];
    });
  },
  staying: 1,
};

const transcripts: Setup = {
  name: 'transcripts',
  setting: 'retention.transcriptDays',
  dir: ({ transcriptArchive }) => transcriptArchive,
  database: ({ sessionsDb }) => sessionsDb,
  add: (stores) => {
    const { items } = workLongAgo(stores, { turns: atOnce / 2, at: Date.now() - ageMs });
    // As one of before that gives nothing back by itself, so that there is always something to be written anew.
    stores.sessions.db.pragma('journal_mode = delete');
    stores.sessions.db.pragma('auto_vacuum = none');
    stores.sessions.db.exec('vacuum');
    return items;
  },
  lines: (db) => {
    const rows = db.prepare<[], Record<string, unknown>>('select * from items').all();
    return rows.map((row) => [String(row.id), itemLine(row)] as const);
  },
  staying: 0,
};
