/** How long to wait before the next try of something that others try as well. Pure. */

export const baseBackoffMs = 1_000;
export const maxBackoffMs = 60_000;

/** Doubles with each failure up to the bound; never below half of that, so that many do not come back at once. `random` is from 0 to 1. */
export function backoffMs(failures: number, random: number): number {
  const fullMs = Math.min(maxBackoffMs, baseBackoffMs * 2 ** Math.min(Math.max(failures - 1, 0), 30));
  return fullMs / 2 + (random * fullMs) / 2;
}
