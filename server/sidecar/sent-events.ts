/** Events on their way to the backend, read from the outbox's rows. */
import type { NewRow, WaitingRow } from './outbox-rows.ts';

/** `event` is as whichever build wrote it: only the backend judges it. */
export type SentEvent = Pick<NewRow, 'seq' | 'key' | 'sessionId'> & { readonly at: number; readonly event: unknown };

export type BatchLimit = {
  readonly events: number;
  readonly bytes: number;
  /** No event after this one. */
  readonly upToSeq?: number;
};

/** As much as goes to the backend at once. */
export const batchLimit: BatchLimit = { events: 256, bytes: 1024 * 1024 };

/** `damaged`: the numbers of those that are no JSON any more. */
export type Batch = { readonly events: readonly SentEvent[]; readonly damaged: readonly number[] };

export function readBatch(rows: readonly WaitingRow[]): Batch {
  const events: SentEvent[] = [];
  const damaged: number[] = [];
  for (const [seq, at, sessionId, key, payload] of rows) {
    const event = parsed(payload);
    if (event === undefined) damaged.push(seq);
    else events.push({ seq, key, at, sessionId, event });
  }
  return { events, damaged };
}

function parsed(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    // It was JSON when it was written: the disk has damaged it, and the caller sets it aside.
    return undefined;
  }
}
