/** What narrows the rows down, and what is asked of the backend for it. */
import { type AuditGroup, alertEvents, auditGroups } from '../../server/protocol/audit-groups.ts';
import type { Input } from '../../server/protocol/requests.ts';

/** `quarter` to `week` go back from now; `between` has its own ends. */
export type Span = 'any' | 'quarter' | 'hour' | 'day' | 'week' | 'between';

export interface RowFilter {
  readonly text: string;
  /** The name of an event, `group:` and the name of a group, or empty. */
  readonly event: string;
  readonly agentId: string | null;
  readonly span: Span;
  /** As a field for date and time gives it, in local time; only for `between`. */
  readonly from: string;
  readonly to: string;
  readonly heartbeats: boolean;
}

export const noFilter: RowFilter = { text: '', event: '', agentId: null, span: 'any', from: '', to: '', heartbeats: false };
export const spans: readonly Span[] = ['any', 'quarter', 'hour', 'day', 'week', 'between'];

const minuteMs = 60_000;
const spanMs: Record<Exclude<Span, 'any' | 'between'>, number> = {
  quarter: 15 * minuteMs,
  hour: 60 * minuteMs,
  day: 24 * 60 * minuteMs,
  week: 7 * 24 * 60 * minuteMs,
};

export interface Period {
  readonly from?: number;
  readonly to?: number;
}

export function isFiltering(filter: RowFilter): boolean {
  const { text, event, agentId, span } = filter;
  return text !== '' || event !== '' || agentId !== null || span !== 'any';
}

export function periodOf({ span, from, to }: RowFilter, now: number): Period {
  if (span === 'any') return {};
  if (span !== 'between') return { from: now - spanMs[span] };
  const [first, last] = [Date.parse(from), Date.parse(to)];
  // The field knows seconds: the whole of the last one is meant.
  return { ...(Number.isNaN(first) ? {} : { from: first }), ...(Number.isNaN(last) ? {} : { to: last + 999 }) };
}

export function requestOf(filter: RowFilter, now: number): Input<'audit/list'> {
  const events = eventsOf(filter);
  return {
    ...periodOf(filter, now),
    ...(events ? { events } : {}),
    ...(filter.heartbeats ? { heartbeats: true } : {}),
    ...(filter.agentId === null ? {} : { agent: filter.agentId }),
    ...(filter.text.trim() === '' ? {} : { text: filter.text.trim() }),
  };
}

/** A heartbeat is shown only where it is asked for: with its own button, or by its name. */
function eventsOf({ event, heartbeats }: RowFilter): string[] | null {
  if (event === '') return null;
  if (event === 'group:alerts') return [...alertEvents];
  const group = groupNames.find((name) => event === `group:${name}`);
  if (!group) return [event];
  return auditGroups[group].filter((name) => heartbeats || name !== 'heartbeat');
}

// The keys of a plain object are its names; the type of `Object.keys` has forgotten which.
export const groupNames = Object.keys(auditGroups) as AuditGroup[];
