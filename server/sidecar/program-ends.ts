/**
 * What to do about an agent's program that ended by itself: start it again and go on with its session, leave it until
 * somebody wants it, or give up because it keeps ending. Pure.
 */
import type { ProgramDecision } from '../protocol/supervision.ts';

export type ProgramEnd = {
  /** How long it had run; nothing for one that could not be brought up again. */
  readonly runtimeMs: number;
  /** Why starting it again by ourselves would be wrong; null when it crashed. */
  readonly because: 'clean' | 'failedTurn' | 'wrongProgram' | 'ended' | null;
};

export type ProgramStep = {
  readonly decision: ProgramDecision;
  /** How often it ended lately, this time included. */
  readonly recentExits: number;
  /** Until it is started again. */
  readonly delayMs: number | null;
};

/** A program that lives shorter than this has not really come up. */
export const rapidExitMs = 15_000;
export const mostRapidExits = 3;
export const exitWindowMs = 60_000;
const delayPerExitMs = 500;
const longestDelayMs = 10_000;

/** `crashes` are the times of the earlier ones, on the clock of `now`. */
export function nextProgramStep(end: ProgramEnd, crashes: readonly number[], now: number): ProgramStep {
  const recentExits = crashes.filter((at) => now - at < exitWindowMs).length + 1;
  if (end.because !== null) return { decision: 'offline', recentExits, delayMs: null };
  if (end.runtimeMs < rapidExitMs && recentExits > mostRapidExits) return { decision: 'giveUp', recentExits, delayMs: null };
  return { decision: 'restart', recentExits, delayMs: Math.min(longestDelayMs, delayPerExitMs * recentExits) };
}
