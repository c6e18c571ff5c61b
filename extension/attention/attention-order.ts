/**
 * In which order the agents of a project stand. Pure.
 *
 * The rule: an agent moves up at once when it needs the person more, because that is what the order is for. It moves down
 * only when it has needed them less for a while, so that a row which was just answered stays under the mouse. What is only
 * worth a look is one step, whatever its score. Agents of the same step keep the order in which they stand; new ones come
 * behind them.
 */
import { isUrgent } from './agent-needs.ts';

export type Placed = {
  readonly id: string;
  readonly step: number;
  /** Since when its step is lower than the one it stands at; undefined while it is not. */
  readonly lowerSince: number | undefined;
};

export type Scored = { readonly id: string; readonly score: number };

export const staysMs = 10_000;

/** `before`: as the last call has answered; empty at first. `agents`: as they stand when nobody needs anything. */
export function placeAgents(before: readonly Placed[], agents: readonly Scored[], now: number): Placed[] {
  const scores = new Map(agents.map(({ id, score }) => [id, score]));
  const known = before.flatMap((placed) => {
    const score = scores.get(placed.id);
    return score === undefined ? [] : [placeAgain(placed, stepOf(score), now)];
  });
  const knownIds = new Set(known.map(({ id }) => id));
  const added = agents.filter(({ id }) => !knownIds.has(id)).map(({ id, score }) => ({ id, step: stepOf(score), lowerSince: undefined }));
  return [...known, ...added].sort((a, b) => b.step - a.step);
}

/** When the next of them moves down, if nothing else happens; undefined when none does. */
export function nextFallAt(placed: readonly Placed[]): number | undefined {
  const falls = placed.flatMap(({ lowerSince }) => (lowerSince === undefined ? [] : [lowerSince + staysMs]));
  return falls.length === 0 ? undefined : Math.min(...falls);
}

function placeAgain({ id, step, lowerSince }: Placed, newStep: number, now: number): Placed {
  if (newStep >= step) return { id, step: newStep, lowerSince: undefined };
  const since = lowerSince ?? now;
  return now - since >= staysMs ? { id, step: newStep, lowerSince: undefined } : { id, step, lowerSince: since };
}

function stepOf(score: number): number {
  if (isUrgent({ score })) return score;
  return score > 0 ? 1 : 0;
}
