/** Which reasons there are to wake a manager, and how much each weighs. Pure. */
import { contextThresholds } from '../protocol/context-thresholds.ts';
import type { WakeSignal, WakeSignalName } from '../protocol/wake.ts';
import type { WakeFacts } from './wake-facts.ts';

type Rule = { readonly name: WakeSignalName; readonly weight: number; readonly seen: (facts: WakeFacts) => string | false };

const leastUnderPressure = 2;
const burnFactor = 3;
const leastBlocked = 3;
const leastInReview = 5;

const rules: readonly Rule[] = [
  { name: 'AttentionSpike', weight: 1, seen: attentionSpike },
  { name: 'ContextPressureCluster', weight: 0.9, seen: contextPressureCluster },
  { name: 'BurnRateAnomaly', weight: 0.8, seen: burnRateAnomaly },
  { name: 'TaskQueuePressure', weight: 0.7, seen: ({ board }) => atLeast(board.blocked.length, leastBlocked, 'tasks are blocked') },
  { name: 'ReviewBacklog', weight: 0.6, seen: ({ board }) => atLeast(board.review.length, leastInReview, 'tasks wait for review') },
  { name: 'PeriodicFloor', weight: 0.1, seen: () => 'its time has come' },
];

/** Those that are on, the weightiest first. */
export function wakeSignals(facts: WakeFacts): WakeSignal[] {
  return rules.flatMap(({ name, weight, seen }) => {
    const detail = seen(facts);
    return detail === false ? [] : [{ name, weight, detail }];
  });
}

export function wakeScore(signals: readonly WakeSignal[]): number {
  return Math.max(0, ...signals.map(({ weight }) => weight));
}

/** A task that waits for review is attention as well, whoever it is shown at. */
function attentionSpike({ agents, board }: WakeFacts): string | false {
  const scores = agents.map(({ attention }) => attention.score).filter((score) => score > 0);
  if (scores.length > 0)
    return `${counted(scores.length, 'agent needs', 'agents need')} attention, the highest score is ${Math.max(...scores)}`;
  return board.review.length > 0 && `${counted(board.review.length, 'task waits', 'tasks wait')} for review`;
}

function contextPressureCluster({ agents }: WakeFacts): string | false {
  const pressed = agents.filter(({ contextPressure }) => contextPressure !== null && contextPressure > contextThresholds.warning);
  return atLeast(pressed.length, leastUnderPressure, `agents have used more than ${contextThresholds.warning * 100} % of their context`);
}

/** Of an hour in which nothing was spent there is no three times as much. */
function burnRateAnomaly({ burn: { usdPerHour, hourAverageUsd } }: WakeFacts): string | false {
  if (usdPerHour === null || hourAverageUsd === null || hourAverageUsd <= 0) return false;
  const isOn = usdPerHour > burnFactor * hourAverageUsd;
  return isOn && `$${usdPerHour.toFixed(2)} an hour is spent, $${hourAverageUsd.toFixed(2)} in the hour before`;
}

function atLeast(count: number, least: number, what: string): string | false {
  return count >= least && `${count} ${what}`;
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
