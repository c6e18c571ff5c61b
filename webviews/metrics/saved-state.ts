/** What outlives the page: VS Code keeps it over a reload of the window and gives it back to the next page. */
import { columns, type Filter, newestFirst, noFilter, type Sort, statuses } from './session-rows.ts';

export type TabName = 'live' | 'history';

export interface SavedState {
  readonly tab: TabName;
  readonly projectId: string | null;
  readonly sort: Sort;
  readonly filter: Filter;
}

export const nothingSaved: SavedState = { tab: 'live', projectId: null, sort: newestFirst, filter: noFilter };

/** It may come from an older build: what does not fit is left out. */
export function readSavedState(value: unknown): SavedState {
  if (!isRecord(value)) return nothingSaved;
  return {
    tab: value.tab === 'history' ? 'history' : 'live',
    projectId: typeof value.projectId === 'string' ? value.projectId : null,
    sort: readSort(value.sort),
    filter: readFilter(value.filter),
  };
}

function readSort(value: unknown): Sort {
  if (!isRecord(value)) return newestFirst;
  const column = columns.find((name) => name === value.column);
  return column ? { column, direction: value.direction === 'up' ? 'up' : 'down' } : newestFirst;
}

function readFilter(value: unknown): Filter {
  if (!isRecord(value)) return noFilter;
  const text = typeof value.text === 'string' ? value.text : '';
  return { text, status: statuses.find((status) => status === value.status) ?? null };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
