/** How a run of an agent ends, and what an earlier backend left of the agent. */
import type { ProgramDecision } from '../protocol/supervision.ts';
import type { RunningTurn } from './current-work.ts';

/** Kept as the end of a run, so that the next backend knows as well that the agent sleeps. */
export const sleepReason = 'it had nothing to do';
/** Kept likewise: an agent that a person stopped is not started by mail. */
export const stopReason = 'a person stopped it';
/** Kept likewise: it sleeps, and is woken by what waits for it. */
export const renewReason = 'it is to be started with another fence';

/** Ended for a while by the backend itself. */
export function isSleep(endReason: string | null | undefined): boolean {
  return endReason === sleepReason || endReason === renewReason;
}

/** `decision`: of the sidecar about its program; a sidecar that is gone itself has none to restart. */
export type Offline = { readonly detail: string; readonly decision: ProgramDecision };

/** What an earlier backend left of the agent. */
export type Earlier = {
  readonly turn: RunningTurn | undefined;
  readonly isAsleep: boolean;
  /** It ran, and no person stopped it: mail may start it. */
  readonly takesMail: boolean;
};
