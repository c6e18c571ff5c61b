/** The measured sessions as they are listed: sorted, filtered, and as series for the small charts. Pure. */
import { contextRatio } from '../../server/protocol/context-ratio.ts';
import type { MeasuredSession, SessionStatus } from '../../server/protocol/metrics.ts';

export const columns = [
  'ended',
  'agent',
  'session',
  'status',
  'duration',
  'turns',
  'tools',
  'gathering',
  'peakTokens',
  'cost',
  'model',
] as const;
export type ColumnName = (typeof columns)[number];

export interface Sort {
  readonly column: ColumnName;
  readonly direction: 'up' | 'down';
}
export interface Filter {
  readonly text: string;
  readonly status: SessionStatus | null;
}

export const newestFirst: Sort = { column: 'ended', direction: 'down' };
export const noFilter: Filter = { text: '', status: null };
export const statuses: readonly SessionStatus[] = ['success', 'error', 'stopped'];

type Value = string | number | null;

const cellOf: Record<ColumnName, (session: MeasuredSession) => Value> = {
  ended: ({ endTime }) => endTime,
  agent: ({ agentName }) => agentName,
  session: ({ title }) => title,
  status: ({ status }) => status,
  duration: durationOf,
  turns: ({ turnCount }) => turnCount,
  tools: ({ toolCallCount }) => toolCallCount,
  gathering: contextRatio,
  peakTokens: ({ peakTokens }) => peakTokens,
  cost: ({ costUsd }) => costUsd,
  model: ({ model }) => model,
};

export function durationOf({ startTime, endTime }: Pick<MeasuredSession, 'startTime' | 'endTime'>): number {
  return Math.max(0, endTime - startTime);
}

/** Equal ones newest first; what is unknown stands at the end, whichever way. */
export function sortedSessions(sessions: readonly MeasuredSession[], { column, direction }: Sort): MeasuredSession[] {
  const value = cellOf[column];
  const sign = direction === 'up' ? 1 : -1;
  return sessions.toSorted((a, b) => {
    const [left, right] = [value(a), value(b)];
    if (left === null || right === null) return left === right ? b.endTime - a.endTime : left === null ? 1 : -1;
    return sign * compared(left, right) || b.endTime - a.endTime;
  });
}

/** The same column again turns round; numbers begin with the largest, words with the first. */
export function nextSort(now: Sort, column: ColumnName): Sort {
  if (now.column === column) return { column, direction: now.direction === 'up' ? 'down' : 'up' };
  const isWord = column === 'agent' || column === 'session' || column === 'status' || column === 'model';
  return { column, direction: isWord ? 'up' : 'down' };
}

export function fits({ title, agentName, model, errorMessage, status }: MeasuredSession, filter: Filter): boolean {
  if (filter.status !== null && status !== filter.status) return false;
  const wanted = filter.text.trim().toLowerCase();
  return [title, agentName, model ?? '', errorMessage ?? ''].some((text) => text.toLowerCase().includes(wanted));
}

export interface Summary {
  readonly last: number | null;
  readonly average: number | null;
  readonly highest: number | null;
  readonly lowest: number | null;
}

/** `values`: oldest first; the last one may be unknown while others are not. */
export function summaryOf(values: readonly (number | null)[]): Summary {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return { last: null, average: null, highest: null, lowest: null };
  return {
    last: values.at(-1) ?? null,
    average: known.reduce((sum, value) => sum + value, 0) / known.length,
    highest: Math.max(...known),
    lowest: Math.min(...known),
  };
}

function compared(left: string | number, right: string | number): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return String(left).localeCompare(String(right));
}
