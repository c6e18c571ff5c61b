/** How fast an agent spends money, from the totals that its sessions tell. Pure. */

/** `at` is the clock's `elapsed`; `costUsd` is the session's total until then. */
export type CostSample = { readonly at: number; readonly sessionId: string; readonly costUsd: number };

export const burnWindowMs = 5 * 60_000;
const hourMs = 3_600_000;
/** An agent that gets a fresh session at each wake has many, and goes back to few. */
const rememberedSessions = 20;

/** Null when nothing was ever told. `samples`: in their order; the newest one from before the window says where it began. */
export function burnRateUsdPerHour(samples: readonly CostSample[], now: number): number | null {
  if (samples.length === 0) return null;
  const spent = samples
    .map((sample, index) => (sample.at > now - burnWindowMs ? spentUsd(samples.slice(0, index), sample) : 0))
    .reduce((sum, usd) => sum + usd, 0);
  return (spent * hourMs) / burnWindowMs;
}

/**
 * What a sample adds to those before it. Of a session that was not seen before it is unknown what was spent when. A total
 * that became smaller began anew at nothing, as a program does that was started again.
 */
export function spentUsd(earlier: readonly CostSample[], { sessionId, costUsd }: CostSample): number {
  const last = earlier.findLast((sample) => sample.sessionId === sessionId);
  if (!last) return 0;
  return costUsd >= last.costUsd ? costUsd - last.costUsd : costUsd;
}

/** What is still needed later: those in the window, and of the latest sessions the newest one before it. */
export function neededSamples(samples: readonly CostSample[], now: number): CostSample[] {
  const isInWindow = ({ at }: CostSample) => at > now - burnWindowMs;
  const newest = new Map(samples.filter((sample) => !isInWindow(sample)).map((sample) => [sample.sessionId, sample]));
  const before = new Set([...newest.values()].toSorted((a, b) => a.at - b.at).slice(-rememberedSessions));
  return samples.filter((sample) => isInWindow(sample) || before.has(sample));
}
