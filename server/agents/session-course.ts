/** What a change of a session says about its cost and work, for whoever keeps count. */
import type { Failure, TurnEndReason } from '../protocol/agent-event.ts';
import type { Item, Session } from '../protocol/session.ts';
import { sessionOf, type Transcript } from './transcript.ts';

export type SessionCourse = {
  readonly session: Session;
  /** The most that was in its context at once, as far as this backend has seen it. */
  readonly peakTokens: number | null;
  readonly toolCallCount: () => number;
  /** How its turn ended, when this change was that. */
  readonly end: { readonly reason: TurnEndReason; readonly failure: Failure | null; readonly at: number } | undefined;
};

/** `changed`: the items that the change put. */
export function courseOf(transcript: Transcript, changed: readonly Item[], toolCallCount: () => number): SessionCourse {
  const end = changed.findLast((item) => item.kind === 'turnEnd');
  return {
    session: sessionOf(transcript.record),
    peakTokens: transcript.peakTokens,
    toolCallCount,
    end: end?.kind === 'turnEnd' ? { reason: end.reason, failure: end.failure, at: end.at } : undefined,
  };
}
