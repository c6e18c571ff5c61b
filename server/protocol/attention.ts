/** How much an agent needs the person now, and why. */
import * as z from 'zod/mini';

export const ActivityState = z.enum(['inactive', 'running', 'idle', 'stalled']);
export type ActivityState = z.infer<typeof ActivityState>;

/** 0: nothing. The highest signal wins, and `reason` says which, in words; empty at 0. */
export const Attention = z.object({ score: z.number(), reason: z.string() });
export type Attention = z.infer<typeof Attention>;
