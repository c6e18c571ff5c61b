/** Events on their way to the backend, read from the outbox's rows. */
import type { WaitingRow } from './outbox-rows.ts';

/** `event` is as whichever build wrote it: only the backend judges it. */
export type SentEvent = Pick<WaitingRow, 'seq' | 'key' | 'sessionId'> & { readonly at: number; readonly event: unknown };

export type BatchLimit = {
  readonly events: number;
  readonly bytes: number;
  /** No event after this one. */
  readonly upToSeq?: number;
};

/** As much as goes to the backend at once. */
export const batchLimit: BatchLimit = { events: 256, bytes: 1024 * 1024 };

/** One at least, however large it is; and the numbers of those among them that are no JSON any more. */
export function readBatch(rows: Iterable<WaitingRow>, limit: BatchLimit): { events: SentEvent[]; damaged: number[] } {
  const events: SentEvent[] = [];
  const damaged: number[] = [];
  let bytes = 0;
  for (const { seq, key, occurredAt, sessionId, payload } of rows) {
    bytes += Buffer.byteLength(payload);
    if (seq > (limit.upToSeq ?? seq) || (events.length > 0 && bytes > limit.bytes)) break;
    const event = parsed(payload);
    if (event === undefined) damaged.push(seq);
    else events.push({ seq, key, at: occurredAt, sessionId, event });
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
