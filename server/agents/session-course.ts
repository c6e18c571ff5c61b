/** What a change of a session says about its cost and work, for whoever keeps count. */
import type { Failure, TurnEndReason } from '../protocol/agent-event.ts';
import type { Item, Session } from '../protocol/session.ts';
import { sessionOf, type Transcript } from './transcript.ts';

/** Of a session so far. `gathering`: calls that only read, searched or fetched. */
export type SessionCounts = { readonly toolCalls: number; readonly gatheringCalls: number; readonly hookFailures: number };

export type SessionCourse = {
  readonly session: Session;
  /** The most that was in its context at once, as far as this backend has seen it. */
  readonly peakTokens: number | null;
  readonly counts: () => SessionCounts;
  /** How its turn ended, when this change was that. */
  readonly end: { readonly reason: TurnEndReason; readonly failure: Failure | null; readonly at: number } | undefined;
};

/** `changed`: the items that the change put. */
export function courseOf(transcript: Transcript, changed: readonly Item[], counts: () => SessionCounts): SessionCourse {
  const end = changed.findLast((item) => item.kind === 'turnEnd');
  return {
    session: sessionOf(transcript.record),
    peakTokens: transcript.peakTokens,
    counts,
    end: end?.kind === 'turnEnd' ? { reason: end.reason, failure: end.failure, at: end.at } : undefined,
  };
}
