/** What becomes of a message whose recipient's program ended over it. Pure. */

const minuteMs = 60_000;
const delaysMs = [5_000, 30_000, 2 * minuteMs, 10 * minuteMs] as const;

/** After so many it is given up. */
export const maxAttempts = delaysMs.length + 1;
/** What is due later than this was set by a clock that has gone back since. */
export const longestDelayMs = Math.max(...delaysMs);

/** `failed`: how many attempts have. Null: it is given up. */
export function delayAfter(failed: number): number | null {
  return delaysMs[failed - 1] ?? null;
}

/** What is on disk is wall time, and never makes a wait longer than it was meant. */
export function isDue(nextAttemptAt: number | null, now: number): boolean {
  return nextAttemptAt === null || nextAttemptAt <= now || nextAttemptAt > now + longestDelayMs;
}
