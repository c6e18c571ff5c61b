/**
 * When a crashed sidecar is started again, and when no longer. Pure: how long ago things were comes as an argument, so
 * that setting the system's time changes nothing.
 */
import type { Setting } from '../protocol/settings.ts';
import type { SidecarHealth } from '../protocol/supervision.ts';

export type RestartRules = {
  readonly maxAttempts: number;
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
  /** A run as long as this was a good one: what failed before it is forgotten. */
  readonly stableMs: number;
};

export type CrashHistory = {
  /** Restarts since the last good run. */
  readonly attempts: number;
  /** How long ago each crash was that ended a good run, oldest first. */
  readonly stableCrashAgesMs: readonly number[];
};

export type Verdict =
  | { readonly action: 'restart'; readonly attempt: number; readonly delayMs: number; readonly history: CrashHistory }
  | { readonly action: 'giveUp'; readonly attempts: number; readonly reason: Failed['reason']; readonly history: CrashHistory };

type Failed = Extract<SidecarHealth, { state: 'failed' }>;

/** More crashes than this within the window, each after a good run, are no accidents any more. */
const maxStableCrashes = 6;
const flappingWindowMs = 60 * 60_000;
const minuteMs = 60_000;

export const noCrashes: CrashHistory = { attempts: 0, stableCrashAgesMs: [] };

/** As the person has set them; read anew at each crash. */
export function restartRules(setting: Setting): RestartRules {
  return {
    maxAttempts: setting('supervisor.maxAttempts'),
    baseDelayMs: setting('supervisor.baseDelayMs'),
    maxDelayMs: setting('supervisor.maxDelayMs'),
    stableMs: setting('supervisor.stableMinutes') * minuteMs,
  };
}

/** A sidecar crashed after a run of `ranMs`; 0 for one that never came up. */
export function afterCrash(before: CrashHistory, ranMs: number, rules: RestartRules): Verdict {
  const wasStable = ranMs >= rules.stableMs;
  const attempts = wasStable ? 0 : before.attempts;
  const recent = before.stableCrashAgesMs.filter((ageMs) => ageMs < flappingWindowMs);
  const stableCrashAgesMs = wasStable ? [...recent, 0] : recent;
  const history = { attempts, stableCrashAgesMs };
  if (wasStable && stableCrashAgesMs.length > maxStableCrashes) {
    return { action: 'giveUp', attempts: stableCrashAgesMs.length, reason: 'flapping', history };
  }
  if (attempts >= rules.maxAttempts) return { action: 'giveUp', attempts, reason: 'attempts', history };
  const attempt = attempts + 1;
  return { action: 'restart', attempt, delayMs: restartDelayMs(attempt, rules), history: { ...history, attempts: attempt } };
}

/** 1, 2, 4, 8, 16 s by default: attempt `n`, counted from 1, waits twice as long as the one before it, up to the bound. */
export function restartDelayMs(attempt: number, { baseDelayMs, maxDelayMs }: RestartRules): number {
  return Math.min(maxDelayMs, baseDelayMs * 2 ** (attempt - 1));
}
