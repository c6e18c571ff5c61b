/** What a sidecar has for the backend that the backend has not taken. */
import * as z from 'zod/mini';

/** An event that was set aside because the backend refused it for good; it can be requeued and exported. */
export const PoisonedEvent = z.object({
  seq: z.number(),
  /** The key by which an event has its effect once, however often it comes. UUIDv7. */
  key: z.string(),
  kind: z.string(),
  occurredAt: z.number(),
  attempts: z.number(),
  /** `unsupported`: of a kind that this backend does not know; goes again by itself when a newer one answers. */
  reason: z.enum(['rejected', 'unsupported', 'damaged']),
  /** What the backend said. */
  detail: z.string(),
  payload: z.string(),
});
export type PoisonedEvent = z.infer<typeof PoisonedEvent>;

export const OutboxReport = z.object({
  pending: z.number(),
  bytes: z.number(),
  /** While true the agent's program is held back, because the outbox is full or the disk refuses. */
  isHeldBack: z.boolean(),
  /** How many events gave way to newer ones of the same meaning before they were sent, since the sidecar started. */
  coalesced: z.number(),
  /** All there are; `poisoned` holds as many of them as fit into a message, oldest first. */
  poisonedCount: z.number(),
  poisoned: z.array(PoisonedEvent),
});
export type OutboxReport = z.infer<typeof OutboxReport>;
