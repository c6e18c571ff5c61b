/** The rows that the page holds, newest first, each once; and how far back they reach. */
import type { AuditRecord } from '../../server/protocol/audit.ts';

export interface Found {
  readonly records: readonly AuditRecord[];
  readonly hasEarlier: boolean;
  readonly beforeSeq: number;
}

export interface KeptRows extends Found {
  /** As many as may be held before those that arrive push out the oldest. */
  readonly room: number;
  /** The search was given up for now before it had found a page. */
  readonly isShort: boolean;
}

/** A page, and as many as are held of a log that is only followed: each row that arrives draws them all anew. */
export const rowsAtOnce = 200;

export const noRows: KeptRows = { records: [], hasEarlier: false, beforeSeq: 0, room: rowsAtOnce, isShort: false };

/** A person who asked for older rows keeps them. */
export function withOlder(rows: KeptRows, { records, hasEarlier, beforeSeq }: Found): KeptRows {
  const oldest = rows.records.at(-1)?.seq ?? Number.POSITIVE_INFINITY;
  const all = [...rows.records, ...records.filter(({ seq }) => seq < oldest)];
  const isShort = hasEarlier && records.length < rowsAtOnce;
  return { records: all, hasEarlier, beforeSeq, room: Math.max(rowsAtOnce, all.length), isShort };
}

export function withNewer(rows: KeptRows, records: readonly AuditRecord[]): KeptRows {
  const newest = rows.records[0]?.seq ?? Number.NEGATIVE_INFINITY;
  const fresh = records.filter(({ seq }) => seq > newest);
  if (fresh.length === 0) return rows;
  const all = [...fresh, ...rows.records];
  if (all.length <= rows.room) return { ...rows, records: all };
  const kept = all.slice(0, rows.room);
  return { ...rows, records: kept, isShort: false, hasEarlier: true, beforeSeq: kept.at(-1)?.seq ?? rows.beforeSeq };
}
