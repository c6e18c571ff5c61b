/** How the fleet is now, in one answer, from what is known of each agent. Pure. */
import type { Agent } from '../protocol/agent.ts';
import type { AgentId } from '../protocol/ids.ts';
import type { FleetTotals, LiveAgent, LiveMetrics, LiveProject, TaskCounts } from '../protocol/metrics.ts';
import type { Project } from '../protocol/project.ts';
import type { Teammate } from '../protocol/team.ts';
import { projectHealth } from './project-health.ts';

export type Burn = { readonly usdPerHour: number | null; readonly hourAverageUsd: number | null };

export type FleetFacts = {
  readonly projects: readonly Pick<Project, 'id' | 'name'>[];
  readonly agents: readonly Agent[];
  readonly teammates: readonly Teammate[];
  readonly openApprovals: number;
  readonly burn: (ids: readonly AgentId[]) => Burn;
  /** Files that one of them and somebody else have written lately. */
  readonly fileConflicts: (ids: readonly AgentId[]) => number;
  readonly tasks: readonly TaskCounts[];
};

export function liveMetrics(facts: FleetFacts, at: number): LiveMetrics {
  const teammates = new Map(facts.teammates.map((teammate) => [teammate.agentId, teammate]));
  // One that was added a moment ago has not been looked at yet.
  const known = facts.agents.filter(({ id }) => teammates.has(id));
  const projects = facts.projects.map((project) => liveProject(project, { ...facts, known, teammates }));
  const live = projects.flatMap(({ agents }) => agents);
  return { at, fleet: totals(facts, live), projects, tasks: sumOfCounts(facts.tasks), attention: queue(live) };
}

type Known = {
  readonly known: readonly Agent[];
  readonly teammates: ReadonlyMap<AgentId, Teammate>;
} & Pick<FleetFacts, 'burn' | 'fileConflicts'>;

function liveProject({ id: projectId, name }: Pick<Project, 'id' | 'name'>, facts: Known): LiveProject {
  const { known, teammates, burn, fileConflicts } = facts;
  const agents = known.filter((agent) => agent.projectId === projectId);
  const ids = agents.map(({ id }) => id);
  const { usdPerHour } = burn(ids);
  const figures = { burnUsdPerHour: usdPerHour, fileConflicts: fileConflicts(ids) };
  const health = projectHealth(
    ids.flatMap((id) => teammates.get(id) ?? []),
    figures,
  );
  return { projectId, name, usdPerHour, ...health, agents: agents.flatMap((agent) => liveAgent(agent, teammates.get(agent.id))) };
}

function liveAgent({ id: agentId, sessionId, name, stateDetail: doing }: Agent, teammate: Teammate | undefined): LiveAgent[] {
  if (!teammate) return [];
  const { activity, attention, vitals } = teammate;
  return [{ agentId, sessionId, name, activity, doing, attention, vitals }];
}

function totals({ agents, openApprovals, burn }: FleetFacts, live: readonly LiveAgent[]): FleetTotals {
  const count = (activity: LiveAgent['activity']) => live.filter((agent) => agent.activity === activity).length;
  const usages = agents.flatMap(({ usage }) => usage ?? []);
  return {
    ...{ running: count('running'), idle: count('idle'), stalled: count('stalled'), inactive: count('inactive') },
    openApprovals,
    ...burn(agents.map(({ id }) => id)),
    costUsd: sumOfKnown(usages.map(({ costUsd }) => costUsd)),
    tokens: sumOfKnown(usages.flatMap(({ inputTokens, outputTokens }) => [inputTokens, outputTokens])),
  };
}

/** Equal ones in the order of their names, so that nothing jumps about. */
function queue(live: readonly LiveAgent[]): AgentId[] {
  return live
    .filter(({ attention }) => attention.score > 0)
    .toSorted((a, b) => b.attention.score - a.attention.score || a.name.localeCompare(b.name))
    .map(({ agentId }) => agentId);
}

function sumOfCounts(counts: readonly TaskCounts[]): TaskCounts {
  const sum = { todo: 0, progress: 0, review: 0, done: 0, blocked: 0, rejected: 0 };
  for (const { todo, progress, review, done, blocked, rejected } of counts) {
    sum.todo += todo;
    sum.progress += progress;
    sum.review += review;
    sum.done += done;
    sum.blocked += blocked;
    sum.rejected += rejected;
  }
  return sum;
}

function sumOfKnown(amounts: readonly (number | null)[]): number | null {
  const known = amounts.filter((amount) => amount !== null);
  return known.length === 0 ? null : known.reduce((sum, amount) => sum + amount, 0);
}
