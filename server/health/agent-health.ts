/** How one agent is, from what is known of it. Pure. */
import type { AgentState } from '../protocol/agent.ts';
import type { Usage } from '../protocol/agent-event.ts';
import type { ActivityState, Attention, Vitals } from '../protocol/attention.ts';
import type { SessionId } from '../protocol/ids.ts';
import { type ActivityFacts, activityState, type Stall, stallOf } from './activity-state.ts';
import { attentionScore } from './attention-score.ts';
import { contextPressure } from './context-pressure.ts';
import type { UpStatus } from './heartbeat-store.ts';

export type AgentFacts = ActivityFacts & {
  readonly state: AgentState;
  /** What went wrong with its session, or why it could not be started; null when nothing did. */
  readonly failure: string | null;
  readonly sessionId: SessionId | null;
  readonly usage: Usage | null;
  /** Tools and child agents of it that are at work. */
  readonly openTools: number;
};

export type AgentHealth = {
  readonly activity: ActivityState;
  readonly stall: Stall | undefined;
  readonly attention: Attention;
  readonly contextPressure: number | null;
};

export type HealthRules = { readonly stallThresholdMin: number; readonly hardTurnMinutes: number };
export type Burdens = { readonly fileConflicts: number; readonly reviewTasks: number };

const minuteMs = 60_000;

export function agentHealth(facts: AgentFacts, burdens: Burdens, rules: HealthRules, now: number): AgentHealth {
  const { stallThresholdMin, hardTurnMinutes } = rules;
  const stallRules = { silenceMs: stallThresholdMin * minuteMs, toolSilenceMs: hardTurnMinutes * minuteMs };
  const stall = stallOf(facts, stallRules, now);
  const pressure = contextPressure(facts.usage);
  const { failure } = facts;
  return {
    activity: activityState(facts, stallRules, now),
    stall,
    attention: attentionScore({ stall, stallThresholdMin, failure, contextPressure: pressure, ...burdens }),
    contextPressure: pressure,
  };
}

/** Whether there is a program, or how it would come back. */
export function upStatus(state: AgentState): UpStatus {
  if (state === 'sleeping') return 'sleeping';
  return state === 'stopped' || state === 'failed' || state === 'offline' ? 'stopped' : 'active';
}

/** In steps that a person can tell apart, so that not every look finds another figure. */
export function vitalsOf(
  { openTools }: AgentFacts,
  { contextPressure, fileConflicts, reviewTasks }: VitalSigns,
  times: VitalTimes,
): Vitals {
  const { idleSince, burnUsdPerHour } = times;
  return {
    ...{ idleSince, openTools, fileConflicts, reviewTasks },
    contextPressure: inHundredths(contextPressure),
    burnUsdPerHour: inHundredths(burnUsdPerHour),
  };
}

type VitalSigns = Burdens & Pick<AgentHealth, 'contextPressure'>;
type VitalTimes = Pick<Vitals, 'idleSince' | 'burnUsdPerHour'>;

function inHundredths(value: number | null): number | null {
  return value === null ? null : Math.round(value * 100) / 100;
}
