/** Finds rows of the audit log, newest first. It looks at so many at once, so that no search holds up anybody else. */
import type { AuditRecord } from '../protocol/audit.ts';
import type { Database } from '../store/open-database.ts';
import { type AuditRow, asRecord, auditColumns } from './audit-row.ts';

export type AuditFilter = {
  readonly events?: readonly string[] | undefined;
  /** Too, where no events are named. */
  readonly heartbeats?: boolean | undefined;
  readonly agentId?: string | undefined;
  /** Epoch milliseconds, both included. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly text?: string | undefined;
  readonly beforeSeq?: number | undefined;
  readonly afterSeq?: number | undefined;
  readonly limit?: number | undefined;
};

type Bounds = { readonly first: number; readonly last: number };
type Span = { readonly before: number; readonly first: number; readonly limit: number };
type Found = { readonly records: AuditRecord[]; readonly hasEarlier: boolean; readonly beforeSeq: number };

const usualLimit = 200;
const rowsAtOnce = 500;
const lookedAtMost = 5_000;
/** They come all the time and say little: shown where they are asked for. */
const hidden = 'heartbeat';

export class AuditSearch {
  readonly #ofAgent;
  readonly #ofEvent;
  readonly #events;
  readonly #row;
  readonly #bounds;

  constructor(db: Database) {
    this.#ofAgent = db
      .prepare<[string, number, number, number], number>(
        'select seq from audit_log where agent_id = ? and seq < ? and seq >= ? order by seq desc limit ?',
      )
      .pluck();
    this.#ofEvent = db
      .prepare<[string, number, number, number], number>(
        'select seq from audit_log where event = ? and seq < ? and seq >= ? order by seq desc limit ?',
      )
      .pluck();
    // Jumps from each to the next along the index, whatever the number of rows.
    this.#events = db
      .prepare<[], string>(
        `with recursive found (event) as (
           select min(event) from audit_log
           union all select (select min(event) from audit_log where event > found.event) from found where found.event is not null
         ) select event from found where event is not null`,
      )
      .pluck();
    this.#row = db.prepare<[number], AuditRow>(`select ${auditColumns} from audit_log where seq = ?`);
    this.#bounds = db.prepare<[number, number], { first: number | null; last: number | null }>(
      'select min(seq) as first, max(seq) as last from audit_log where at between ? and ?',
    );
  }

  newest(filter: AuditFilter): Found {
    const { first: firstInTime, last } = this.bounds(filter);
    // Nothing before it is wanted, so the search ends there.
    const first = Math.max(firstInTime, (filter.afterSeq ?? Number.MIN_SAFE_INTEGER - 1) + 1);
    const limit = filter.limit ?? usualLimit;
    const found: AuditRecord[] = [];
    let before = Math.min(filter.beforeSeq ?? Number.MAX_SAFE_INTEGER, last + 1);
    for (let looked = 0; looked < lookedAtMost; ) {
      const page = this.#candidates(filter, { before, first, limit: Math.max(limit + 1, rowsAtOnce) });
      for (const seq of page) {
        if (found.length === limit) return { records: found, hasEarlier: true, beforeSeq: before };
        found.push(...this.#fitting(seq, filter));
        before = seq;
      }
      if (page.length === 0) return { records: found, hasEarlier: false, beforeSeq: before };
      looked += page.length;
    }
    return { records: found, hasEarlier: true, beforeSeq: before };
  }

  /** The first and the last row of a time, whatever the clock did between them; nothing lies in an empty one. */
  bounds({ from, to }: Pick<AuditFilter, 'from' | 'to'>): Bounds {
    if (from === undefined && to === undefined) return { first: Number.MIN_SAFE_INTEGER, last: Number.MAX_SAFE_INTEGER - 1 };
    const { first, last } = this.#bounds.get(from ?? Number.MIN_SAFE_INTEGER, to ?? Number.MAX_SAFE_INTEGER) ?? {};
    return { first: first ?? 0, last: last ?? -1 };
  }

  /** Numbers of rows, newest first, which an index knows to be of the agent or of the events. */
  #candidates({ events, heartbeats, agentId }: AuditFilter, { before, first, limit }: Span): number[] {
    if (agentId !== undefined) return this.#ofAgent.all(agentId, before, first, limit);
    const wanted = events ?? this.#events.all().filter((event) => heartbeats || event !== hidden);
    const newest = [...new Set(wanted)].flatMap((event) => this.#ofEvent.all(event, before, first, limit));
    return newest.sort((left, right) => right - left).slice(0, limit);
  }

  #fitting(seq: number, { events, heartbeats, from, to, text }: AuditFilter): AuditRecord[] {
    const row = this.#row.get(seq);
    if (!row) return [];
    const isWanted = events ? events.includes(row.event) : heartbeats || row.event !== hidden;
    const isInTime = row.at >= (from ?? row.at) && row.at <= (to ?? row.at);
    const holdsText = text === undefined || row.detail.toLowerCase().includes(text.toLowerCase());
    return isWanted && isInTime && holdsText ? [asRecord(row)] : [];
  }
}
