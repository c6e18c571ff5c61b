/** What outlives the page: VS Code keeps it over a reload of the window and gives it back to the next page. */
import type { PromptId } from '../../server/protocol/ids.ts';

/** A prompt that was sent and not acknowledged: sent again under the same id it counts once. */
export interface Attempt {
  readonly promptId: PromptId;
  readonly text: string;
}

/** Which view of the agent is shown. */
export type Tab = 'chat' | 'comms';

/** Where the reader is: at the end, or `offsetPx` below the top of an item. */
export type Place = { kind: 'end' } | { kind: 'item'; itemId: string; offsetPx: number };

export interface SavedState {
  readonly agentId: string | null;
  readonly sessionId: string | null;
  readonly draft: string;
  readonly attempt: Attempt | null;
  /** When the draft was last changed or sent: of two copies the later one counts. */
  readonly savedAt: number;
  readonly place: Place;
}

export const nothingSaved: SavedState = { agentId: null, sessionId: null, draft: '', attempt: null, savedAt: 0, place: { kind: 'end' } };

/** It may come from an older build: what does not fit is left out. */
export function readSavedState(value: unknown): SavedState {
  if (!isRecord(value)) return nothingSaved;
  return {
    agentId: textOrNull(value.agentId),
    sessionId: textOrNull(value.sessionId),
    draft: textOrNull(value.draft) ?? '',
    attempt: readAttempt(value.attempt),
    savedAt: typeof value.savedAt === 'number' ? value.savedAt : 0,
    place: readPlace(value.place),
  };
}

function readAttempt(value: unknown): Attempt | null {
  if (!isRecord(value) || typeof value.promptId !== 'string' || typeof value.text !== 'string') return null;
  // This page made the id; the backend checks it.
  return { promptId: value.promptId as PromptId, text: value.text };
}

function readPlace(value: unknown): Place {
  if (!isRecord(value) || value.kind !== 'item' || typeof value.itemId !== 'string' || typeof value.offsetPx !== 'number') {
    return nothingSaved.place;
  }
  // An id that no item has leads to the end.
  return { kind: 'item', itemId: value.itemId, offsetPx: value.offsetPx };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** Kept beside the rest: what the model does not know. */
export function readTab(value: unknown): Tab {
  return isRecord(value) && value.tab === 'comms' ? 'comms' : 'chat';
}
