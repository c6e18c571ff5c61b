/** What outlives the page: VS Code keeps it over a reload of the window and gives it back to the next page. */
import { priorities } from './looks.ts';
import { type Filter, noFilter } from './task-filter.ts';

export interface SavedState {
  readonly teamId: string | null;
  readonly filter: Filter;
  readonly showsRejected: boolean;
  readonly openTaskId: string | null;
}

export const nothingSaved: SavedState = { teamId: null, filter: noFilter, showsRejected: false, openTaskId: null };

/** It may come from an older build: what does not fit is left out. */
export function readSavedState(value: unknown): SavedState {
  if (!isRecord(value)) return nothingSaved;
  return {
    teamId: textOrNull(value.teamId),
    filter: readFilter(value.filter),
    showsRejected: value.showsRejected === true,
    openTaskId: textOrNull(value.openTaskId),
  };
}

function readFilter(value: unknown): Filter {
  if (!isRecord(value)) return noFilter;
  return {
    text: textOrNull(value.text) ?? '',
    assignee: textOrNull(value.assignee),
    priority: priorities.find((priority) => priority === value.priority) ?? null,
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
