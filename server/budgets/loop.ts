/**
 * Whether a turn goes round in circles: the same calls with the same results, one round after the other, and nothing
 * changed in between. Pure.
 */

/** One call of a tool that has ended. `key` stands for its name, input, status and result. */
export type Step = { readonly key: string; readonly title: string; readonly durationMs: number };

export type Loop = { readonly calls: readonly string[]; readonly times: number };

/** Nobody does the very same five times for a reason; a flaky test is run three or four times. */
export const loopRounds = 5;
/** A round that waits costs little and is how one waits for something: this many are hours of a build, or a night's loop. */
export const waitingRounds = 40;
/** A call that takes so long waits for something. */
export const waitMs = 5_000;
/** Longer rounds are work that repeats itself, and what they cost is bounded by the budget. */
export const longestRound = 4;
/** As many steps as are ever looked at. */
export const keptSteps = longestRound * waitingRounds;

/** The shortest round at the end of `steps` that was done often enough; undefined when there is none. */
export function loopAtEnd(steps: readonly Step[]): Loop | undefined {
  for (let length = 1; length <= longestRound; length += 1) {
    const round = steps.slice(-length);
    if (round.length < length) return undefined;
    const times = roundsAtEnd(steps, length);
    const needed = round.some(({ durationMs }) => durationMs >= waitMs) ? waitingRounds : loopRounds;
    if (times >= needed) return { calls: round.map(({ title }) => title), times };
  }
  return undefined;
}

/** How often the last `length` steps stand at the end, one time after the other. */
function roundsAtEnd(steps: readonly Step[], length: number): number {
  let same = length;
  while (same < steps.length && steps[steps.length - 1 - same]?.key === steps[steps.length - 1 - same + length]?.key) same += 1;
  return Math.floor(same / length);
}
