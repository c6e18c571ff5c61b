/** How much an agent needs the person now, and why. */
import * as z from 'zod/mini';

export const ActivityState = z.enum(['inactive', 'running', 'idle', 'stalled']);
export type ActivityState = z.infer<typeof ActivityState>;

export const AttentionSignal = z.enum(['stall', 'error', 'context', 'conflict', 'review']);
export type AttentionSignal = z.infer<typeof AttentionSignal>;

/** 0: nothing. The highest signal wins, and `reason` says it in words; null and empty at 0. */
export const Attention = z.object({ score: z.number(), signal: z.nullable(AttentionSignal), reason: z.string() });
export type Attention = z.infer<typeof Attention>;

/** How an agent is, in figures; null where nobody knows. */
export const Vitals = z.object({
  /** Since when it has nothing to do; null while it works, is stalled or is down. */
  idleSince: z.nullable(z.number()),
  /** Tools and child agents of it that are at work. */
  openTools: z.number(),
  /** Of its context window, above 1 when the agent says so; in whole hundredths. */
  contextPressure: z.nullable(z.number()),
  /** In whole cents. */
  burnUsdPerHour: z.nullable(z.number()),
  /** Files that it and another have written lately. */
  fileConflicts: z.number(),
  /** Tasks that wait for it, or for its team, to look at them. */
  reviewTasks: z.number(),
});
export type Vitals = z.infer<typeof Vitals>;
