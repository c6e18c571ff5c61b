/** How a whole project is, from how its agents are. Pure. */
import type { ActivityState, Attention, Vitals } from '../protocol/attention.ts';
import type { AgentId } from '../protocol/ids.ts';
import type { Teammate } from '../protocol/team.ts';

export type ProjectHealth = {
  readonly activity: ActivityState;
  /** Of the agent that needs the person most. */
  readonly attention: Attention;
  readonly worstAgentId: AgentId | null;
  readonly vitals: Vitals;
};

/** What of a project cannot be told from its agents. */
export type ProjectFigures = {
  readonly burnUsdPerHour: number | null;
  /** Each file once, also when several of its agents wrote it. */
  readonly fileConflicts: number;
};

/** The first of these that one of them is in. */
const order: readonly ActivityState[] = ['stalled', 'running', 'idle', 'inactive'];

export function projectHealth(agents: readonly Teammate[], figures: ProjectFigures): ProjectHealth {
  const activity = order.find((state) => agents.some((agent) => agent.activity === state)) ?? 'inactive';
  const worst = agents.reduce<Teammate | undefined>((most, next) => (next.attention.score > scoreOf(most) ? next : most), undefined);
  const pressures = agents.flatMap(({ vitals }) => vitals.contextPressure ?? []);
  return {
    activity,
    attention: worst?.attention ?? { score: 0, signal: null, reason: '' },
    worstAgentId: worst?.agentId ?? null,
    vitals: {
      idleSince: activity === 'idle' ? latest(agents.flatMap(({ vitals }) => vitals.idleSince ?? [])) : null,
      openTools: agents.reduce((sum, { vitals }) => sum + vitals.openTools, 0),
      contextPressure: pressures.length === 0 ? null : Math.max(...pressures),
      reviewTasks: reviewTasks(agents),
      ...figures,
    },
  };
}

function scoreOf(agent: Teammate | undefined): number {
  return agent?.attention.score ?? 0;
}

/** Nobody has anything to do since the last of them has ended. */
function latest(moments: readonly number[]): number | null {
  return moments.length === 0 ? null : Math.max(...moments);
}

/** The same tasks wait for several members of one team. */
function reviewTasks(agents: readonly Teammate[]): number {
  const teams = new Map<string, number>();
  for (const { teamId, vitals } of agents) teams.set(teamId, Math.max(teams.get(teamId) ?? 0, vitals.reviewTasks));
  return [...teams.values()].reduce((sum, tasks) => sum + tasks, 0);
}
