/** How the fleet is now, in one answer, from what is known of each agent. Pure. */
import type { Agent } from '../protocol/agent.ts';
import type { AgentId } from '../protocol/ids.ts';
import type { FleetTotals, LiveAgent, LiveMetrics, LiveProject, TaskCounts } from '../protocol/metrics.ts';
import type { Project } from '../protocol/project.ts';
import type { Teammate } from '../protocol/team.ts';

export type Burn = { readonly usdPerHour: number | null; readonly hourAverageUsd: number | null };

export type FleetFacts = {
  readonly projects: readonly Pick<Project, 'id' | 'name'>[];
  readonly agents: readonly Agent[];
  readonly teammates: readonly Teammate[];
  readonly openApprovals: number;
  readonly burn: (ids: readonly AgentId[]) => Burn;
  readonly tasks: readonly TaskCounts[];
};

export function liveMetrics(facts: FleetFacts, at: number): LiveMetrics {
  const teammates = new Map(facts.teammates.map((teammate) => [teammate.agentId, teammate]));
  // One that was added a moment ago has not been looked at yet.
  const known = facts.agents.filter(({ id }) => teammates.has(id));
  const projects = facts.projects.map((project) => liveProject(project, { known, teammates, burn: facts.burn }));
  const live = projects.flatMap(({ agents }) => agents);
  return { at, fleet: totals(facts, live), projects, tasks: sumOfCounts(facts.tasks), attention: queue(live) };
}

type Known = {
  readonly known: readonly Agent[];
  readonly teammates: ReadonlyMap<AgentId, Teammate>;
  readonly burn: FleetFacts['burn'];
};

function liveProject({ id: projectId, name }: Pick<Project, 'id' | 'name'>, { known, teammates, burn }: Known): LiveProject {
  const agents = known.filter((agent) => agent.projectId === projectId).flatMap((agent) => liveAgent(agent, teammates.get(agent.id)));
  return { projectId, name, usdPerHour: burn(agents.map(({ agentId }) => agentId)).usdPerHour, agents };
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
