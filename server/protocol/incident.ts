/** A time of danger, during which every agent's fence is narrower than it was set. */
import * as z from 'zod/mini';

export const Incident = z.object({
  beganAt: z.number(),
  /** As the wall clock shows it; the wait itself goes by one that nobody can set. */
  endsAt: z.number(),
  reason: z.string(),
});
export type Incident = z.infer<typeof Incident>;

/** An agent whose program could not be ended, with the reason. */
export const NotEnded = z.object({ agent: z.string(), why: z.string() });
export type NotEnded = z.infer<typeof NotEnded>;
