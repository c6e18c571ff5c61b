/** What outlives the page: VS Code keeps it over a reload of the window and gives it back to the next page. */
import { noFilter, type RowFilter, spans } from './row-filter.ts';

export interface SavedState {
  readonly filter: RowFilter;
  readonly openSeq: number | null;
  /** The row that the rows are shown around; `null`: the newest. */
  readonly aroundSeq: number | null;
}

export const nothingSaved: SavedState = { filter: noFilter, openSeq: null, aroundSeq: null };

/** It may come from an older build: what does not fit is left out. */
export function readSavedState(value: unknown): SavedState {
  if (!isRecord(value)) return nothingSaved;
  return { filter: readFilter(value.filter), openSeq: numberOrNull(value.openSeq), aroundSeq: numberOrNull(value.aroundSeq) };
}

function readFilter(value: unknown): RowFilter {
  if (!isRecord(value)) return noFilter;
  return {
    text: textIn(value.text),
    event: textIn(value.event),
    agentId: typeof value.agentId === 'string' ? value.agentId : null,
    span: spans.find((span) => span === value.span) ?? 'any',
    from: textIn(value.from),
    to: textIn(value.to),
    heartbeats: value.heartbeats === true,
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function textIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
