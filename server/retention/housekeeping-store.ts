/** The rows of what was archived, and of how the daily housekeeping stands. */
import { RetentionRun } from '../protocol/retention.ts';
import type { Database } from '../store/open-database.ts';
import { rowHash } from '../store/row-hash.ts';
import type { ArchiveRow } from './archive-source.ts';

export type Housekeeping = {
  readonly announcedAt: number | null;
  readonly agreedAt: number | null;
  readonly lookedAt: number | null;
  readonly lastRun: RetentionRun | null;
};

const nothingYet: Housekeeping = { announcedAt: null, agreedAt: null, lookedAt: null, lastRun: null };
const archiveColumns = `name, sha256, bytes, messages as count, first_sent_at as firstAt, last_sent_at as lastAt, created_at as createdAt,
  emptied_at as emptiedAt`;

export class HousekeepingStore {
  readonly #putArchive;
  readonly #archives;
  readonly #put;
  readonly #get;

  constructor(db: Database) {
    this.#putArchive = db.prepare(
      `insert into message_archives (name, sha256, bytes, messages, first_sent_at, last_sent_at, created_at, emptied_at, row_hash)
       values (:name, :sha256, :bytes, :count, :firstAt, :lastAt, :createdAt, :emptiedAt, :rowHash)
       on conflict (name) do update set emptied_at = excluded.emptied_at, row_hash = excluded.row_hash`,
    );
    this.#archives = db.prepare<[], ArchiveRow>(`select ${archiveColumns} from message_archives order by created_at, name`);
    this.#put = db.prepare(
      `insert into housekeeping (place, announced_at, agreed_at, looked_at, last_run, row_hash)
       values (1, :announcedAt, :agreedAt, :lookedAt, :lastRun, :rowHash)
       on conflict (place) do update set announced_at = excluded.announced_at, agreed_at = excluded.agreed_at,
         looked_at = excluded.looked_at, last_run = excluded.last_run, row_hash = excluded.row_hash`,
    );
    this.#get = db.prepare<[], Omit<Housekeeping, 'lastRun'> & { lastRun: string | null }>(
      'select announced_at as announcedAt, agreed_at as agreedAt, looked_at as lookedAt, last_run as lastRun from housekeeping',
    );
  }

  /** The oldest first. */
  archives(): ArchiveRow[] {
    return this.#archives.all();
  }

  putArchive(row: ArchiveRow): void {
    const { name, sha256, bytes, count, firstAt, lastAt, createdAt, emptiedAt } = row;
    this.#putArchive.run({ ...row, rowHash: rowHash([name, sha256, bytes, count, firstAt, lastAt, createdAt, emptiedAt]) });
  }

  get(): Housekeeping {
    const row = this.#get.get();
    return row ? { ...row, lastRun: readRun(row.lastRun) } : nothingYet;
  }

  /** What is not named stays. */
  change(fields: Partial<Housekeeping>): void {
    const { lastRun: run, announcedAt, agreedAt, lookedAt } = { ...this.get(), ...fields };
    const row = { announcedAt, agreedAt, lookedAt, lastRun: run && JSON.stringify(run) };
    this.#put.run({ ...row, rowHash: rowHash([1, announcedAt, agreedAt, lookedAt, row.lastRun]) });
  }
}

/** Null for one that a newer build wrote, or that the disk gave back damaged: it is only shown. */
function readRun(text: string | null): RetentionRun | null {
  try {
    return text === null ? null : RetentionRun.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
