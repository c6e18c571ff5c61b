/** What a manager was told at a wake, kept to tell it the next time what has changed since. Pure. */
import * as z from 'zod/mini';
import { contextThresholds } from '../protocol/context-thresholds.ts';
import type { WakeSignal } from '../protocol/wake.ts';
import { asData } from './as-data.ts';
import type { FleetAgent, WakeFacts } from './wake-facts.ts';

const Entries = z.record(z.string(), z.string());

/** `agents` by id, `tasks` by number, each in words that only change when it matters. */
const Snapshot = z.object({
  signals: z.array(z.string()),
  agents: Entries,
  tasks: Entries,
  counts: Entries,
  unread: z.number(),
  owed: z.number(),
});
export type FleetSnapshot = z.infer<typeof Snapshot>;

export function fleetSnapshot(facts: WakeFacts, signals: readonly WakeSignal[]): FleetSnapshot {
  const { agents, board, unread, owed } = facts;
  const inState = (tasks: WakeFacts['board']['review'], state: string) => tasks.map(({ number }) => [String(number), state]);
  return {
    signals: signals.map(({ name }) => name),
    agents: Object.fromEntries(agents.map((agent) => [agent.agentId, stateText(agent)])),
    tasks: Object.fromEntries([...inState(board.blocked, 'blocked'), ...inState(board.review, 'in review')]),
    counts: Object.fromEntries(Object.entries(board.counts).map(([state, count]) => [state, String(count)])),
    unread,
    owed,
  };
}

/** Undefined for what cannot be read: then everything is new. */
export function readSnapshot(text: string): FleetSnapshot | undefined {
  try {
    return z.safeParse(Snapshot, JSON.parse(text)).data;
  } catch {
    // Not JSON: the row is damaged.
    return undefined;
  }
}

/** Whether there is anything that the manager was not told. That it has read its mail since is its own doing. */
export function isNews(before: FleetSnapshot, now: FleetSnapshot): boolean {
  const { unread: _, owed: __, ...then } = before;
  const { unread, owed, ...today } = now;
  return unread > before.unread || owed > before.owed || canonical(then) !== canonical(today);
}

/** One line each; none when nothing of agents and tasks did. */
export function changesSince(before: FleetSnapshot, now: FleetSnapshot, facts: WakeFacts): string[] {
  const names = new Map<string, string>(facts.agents.map(({ agentId, name }) => [agentId, asData(name, 40)]));
  const agents = differences(before.agents, now.agents).map(([id, then, today]) => {
    if (today === undefined) return 'an agent is gone';
    const name = names.get(id) ?? id;
    return then === undefined ? `${name} is new` : `${name} was ${then}, and is ${today}`;
  });
  const tasks = differences(before.tasks, now.tasks).map(([number, then, today]) =>
    today === undefined ? `task #${number} is no longer ${then}` : `task #${number} is ${today} now`,
  );
  return [...agents, ...tasks];
}

type Difference = readonly [key: string, then: string | undefined, today: string | undefined];

function differences(before: FleetSnapshot['agents'], now: FleetSnapshot['agents']): Difference[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  return keys.flatMap((key): Difference[] => (before[key] === now[key] ? [] : [[key, before[key], now[key]]]));
}

/** The order in which things were listed is no news. */
function canonical({ signals, ...entries }: Omit<FleetSnapshot, 'unread' | 'owed'>): string {
  return JSON.stringify([signals.toSorted(), ...Object.values(entries).map((entry) => Object.entries(entry).toSorted())]);
}

function stateText({ activity, attention, contextPressure }: FleetAgent): string {
  const state = attention.score > 0 ? `${activity} with attention ${attention.score}` : activity;
  const isPressed = contextPressure !== null && contextPressure > contextThresholds.warning;
  return isPressed ? `${state} and short of context` : state;
}
