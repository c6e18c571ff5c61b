/** How soon a thread that ended by itself is started again: each time in a while later, so that a broken one costs nothing. */

const whileMs = 5 * 60_000;
const firstWaitMs = 1_000;

/** How long to wait from now on; `ends` are the moments at which it ended, by the clock that only grows. */
export function waitBeforeStart(ends: readonly number[], elapsed: number): number {
  const recent = ends.filter((at) => elapsed - at < whileMs);
  const last = recent.at(-1);
  if (last === undefined) return 0;
  const waitMs = Math.min(whileMs, firstWaitMs * 2 ** (recent.length - 1));
  return Math.max(0, last + waitMs - elapsed);
}
