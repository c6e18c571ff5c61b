/** Whether an agent works, waits for work, or went silent over it. Pure; moments are the clock's `elapsed`. */
import type { ActivityState } from '../protocol/attention.ts';

export type ActivityFacts = {
  /** Its program runs. */
  readonly isUp: boolean;
  /** A turn runs, or a prompt was given that begins one. */
  readonly hasTurn: boolean;
  /** A person is asked, and the turn goes on with the answer. */
  readonly waitsForAnswer: boolean;
  /** A tool or a child agent of it is at work, in a turn or in the background. */
  readonly hasOpenTools: boolean;
  /** When it was last heard: output of any kind, or a heartbeat. */
  readonly lastLifeAt: number;
  /** When it last said or did something that it had not just said or done before. */
  readonly lastNewsAt: number;
  /** What it said and did since then. */
  readonly repeats: number;
  /** Until when it waits before it tries again; a moment of the past when it does not. */
  readonly retryAt: number;
};

export type StallRules = {
  /** So long without a sign of life, and a turn is stalled. */
  readonly silenceMs: number;
  /** So long while a tool is at work: some take hours and say nothing. */
  readonly toolSilenceMs: number;
};

export type Stall = 'silent' | 'repeating';

/** One that says the same twice is no loop; this often, for as long as a silent one gets, it is. */
export const mostRepeats = 12;

export function activityState(facts: ActivityFacts, rules: StallRules, now: number): ActivityState {
  if (stallOf(facts, rules, now)) return 'stalled';
  if (facts.hasTurn) return 'running';
  if (!facts.isUp) return 'inactive';
  return facts.hasOpenTools ? 'running' : 'idle';
}

/** Undefined while it is not stalled: only a turn can be, and none that waits for somebody or something else. */
export function stallOf(facts: ActivityFacts, rules: StallRules, now: number): Stall | undefined {
  if (!facts.hasTurn || facts.waitsForAnswer || now < facts.retryAt) return undefined;
  if (facts.repeats >= mostRepeats && now - facts.lastNewsAt >= rules.silenceMs) return 'repeating';
  const allowedMs = facts.hasOpenTools ? Math.max(rules.silenceMs, rules.toolSilenceMs) : rules.silenceMs;
  return now - Math.max(facts.lastLifeAt, facts.retryAt) >= allowedMs ? 'silent' : undefined;
}
