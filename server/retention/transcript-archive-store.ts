/** The rows of archives of transcripts, and of what went of each session. */
import type { Database } from '../store/open-database.ts';
import { rowHash } from '../store/row-hash.ts';
import { isGatheringSql, isHookFailureSql } from '../store/sessions-schema.ts';
import type { ArchiveRow } from './archive-source.ts';
import { itemAtSql } from './old-items.ts';

/** In `btmsg.db`, beside the audit log. */
export class TranscriptArchives {
  readonly #put;
  readonly #all;

  constructor(db: Database) {
    this.#put = db.prepare(
      `insert into transcript_archives (name, sha256, bytes, items, first_at, last_at, created_at, emptied_at, row_hash)
       values (:name, :sha256, :bytes, :count, :firstAt, :lastAt, :createdAt, :emptiedAt, :rowHash)
       on conflict (name) do update set emptied_at = excluded.emptied_at, row_hash = excluded.row_hash`,
    );
    this.#all = db.prepare<[], ArchiveRow>(
      `select name, sha256, bytes, items as count, first_at as firstAt, last_at as lastAt, created_at as createdAt, emptied_at as emptiedAt
       from transcript_archives order by created_at, name`,
    );
  }

  put(row: ArchiveRow): void {
    const { name, sha256, bytes, count, firstAt, lastAt, createdAt, emptiedAt } = row;
    this.#put.run({ ...row, rowHash: rowHash([name, sha256, bytes, count, firstAt, lastAt, createdAt, emptiedAt]) });
  }

  /** The oldest first. */
  all(): ArchiveRow[] {
    return this.#all.all();
  }
}

type Gone = {
  readonly sessionId: string;
  readonly items: number;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly upToOrdinal: number;
  readonly toolCalls: number;
  readonly gatheringCalls: number;
  readonly hookFailures: number;
};

/** In `sessions.db`, in the transaction that removes the items. */
export class ArchivedItemsStore {
  readonly #put;
  readonly #one;
  readonly #of;
  readonly #remove;
  readonly #count;

  constructor(db: Database) {
    this.#put = db.prepare(
      `insert into archived_items (session_id, archive, items, first_at, last_at, up_to_ordinal, tool_calls, gathering_calls,
         hook_failures, archived_at, row_hash)
       values (:sessionId, :archive, :items, :firstAt, :lastAt, :upToOrdinal, :toolCalls, :gatheringCalls, :hookFailures, :at, :rowHash)
       on conflict (session_id, archive) do update set items = excluded.items, first_at = excluded.first_at, last_at = excluded.last_at,
         up_to_ordinal = excluded.up_to_ordinal, tool_calls = excluded.tool_calls, gathering_calls = excluded.gathering_calls,
         hook_failures = excluded.hook_failures, archived_at = excluded.archived_at, row_hash = excluded.row_hash`,
    );
    this.#one = db.prepare<[string, string], Gone>(
      `select session_id as sessionId, items, first_at as firstAt, last_at as lastAt, up_to_ordinal as upToOrdinal, tool_calls as toolCalls,
         gathering_calls as gatheringCalls, hook_failures as hookFailures
       from archived_items where session_id = ? and archive = ?`,
    );
    this.#of = db.prepare<[string], Gone>(
      `select session_id as sessionId, count(*) as items, min(${itemAtSql}) as firstAt, max(${itemAtSql}) as lastAt,
         max(ordinal) as upToOrdinal, sum(kind = 'tool') as toolCalls, sum(${isGatheringSql}) as gatheringCalls,
         sum(${isHookFailureSql}) as hookFailures
       from items where id in (select value from json_each(?)) group by session_id`,
    );
    this.#remove = db.prepare<[string]>('delete from items where id in (select value from json_each(?))');
    this.#count = db.prepare<[string], number | null>('select sum(items) from archived_items where archive = ?').pluck();
  }

  /** Removes the items and counts them; the sessions that they were of. */
  remove(archive: string, ids: readonly string[], at: number): string[] {
    const list = JSON.stringify(ids);
    const gone = this.#of.all(list);
    for (const one of gone) this.#add(archive, one, at);
    this.#remove.run(list);
    return gone.map(({ sessionId }) => sessionId);
  }

  /** How many items went by an archive so far. */
  count(archive: string): number {
    return this.#count.get(archive) ?? 0;
  }

  #add(archive: string, more: Gone, at: number): void {
    const { sessionId, ...gone } = summed(this.#one.get(more.sessionId, archive), more);
    const { items, firstAt, lastAt, upToOrdinal, toolCalls, gatheringCalls, hookFailures } = gone;
    const counts = [items, firstAt, lastAt, upToOrdinal, toolCalls, gatheringCalls, hookFailures];
    this.#put.run({ sessionId, archive, ...gone, at, rowHash: rowHash([sessionId, archive, ...counts, at]) });
  }
}

function summed(before: Gone | undefined, more: Gone): Gone {
  if (!before) return more;
  return {
    sessionId: more.sessionId,
    items: before.items + more.items,
    firstAt: Math.min(before.firstAt, more.firstAt),
    lastAt: Math.max(before.lastAt, more.lastAt),
    upToOrdinal: Math.max(before.upToOrdinal, more.upToOrdinal),
    toolCalls: before.toolCalls + more.toolCalls,
    gatheringCalls: before.gatheringCalls + more.gatheringCalls,
    hookFailures: before.hookFailures + more.hookFailures,
  };
}
