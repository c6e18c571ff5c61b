/**
 * When a manager is due. Pure. Waits go by a clock that only grows; the wall clock's word is kept on disk and finds what
 * was missed while nothing ran, and can make a wait shorter but never longer.
 */

/** One moment on both clocks. */
export type Moment = { readonly now: number; readonly elapsed: number };

export type WakePlan = {
  /** On the wall clock, as it is on disk. */
  readonly nextAt: number;
  /** On the clock's `elapsed`. */
  readonly due: number;
  /** Its time had passed when this backend began. */
  readonly isOverdue: boolean;
};

/** The two clocks drift apart by so much without that anything was missed. */
const driftMs = 10_000;

/** `keptAt`: as an earlier backend has left it on disk, if it has. */
export function firstPlan(keptAt: number | undefined, intervalMs: number, moment: Moment): WakePlan {
  const waitMs = keptAt === undefined ? intervalMs : Math.min(Math.max(0, keptAt - moment.now), intervalMs);
  return { ...planIn(waitMs, moment), isOverdue: waitMs === 0 };
}

/** The interval was made shorter: nobody waits for longer than it. */
export function withinInterval(plan: WakePlan, intervalMs: number, moment: Moment): WakePlan {
  return plan.due - moment.elapsed > intervalMs ? planIn(intervalMs, moment) : plan;
}

export function isDue({ nextAt, due }: WakePlan, { now, elapsed }: Moment): boolean {
  return elapsed >= due || now >= nextAt;
}

/** Due at a time when nothing ran here: the backend, or the machine. */
export function isMissed({ due, isOverdue }: WakePlan, intervalMs: number, { elapsed }: Moment): boolean {
  return isOverdue || elapsed - due >= intervalMs || due - elapsed > driftMs;
}

/** On the beat of the one before; after one that was missed, a whole interval from now, so that it is caught up once. */
export function nextPlan(plan: WakePlan, intervalMs: number, moment: Moment): WakePlan {
  const isOnTime = !isMissed(plan, intervalMs, moment);
  return planIn(isOnTime ? plan.due + intervalMs - moment.elapsed : intervalMs, moment);
}

function planIn(waitMs: number, { now, elapsed }: Moment): WakePlan {
  return { nextAt: Math.round(now + waitMs), due: elapsed + waitMs, isOverdue: false };
}
