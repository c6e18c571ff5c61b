/** Pure steps of the extension's picture of projects, agents and open approvals: a list replaces, a notification changes one. */
import type { Agent } from '../../server/protocol/agent.ts';
import type { Approval } from '../../server/protocol/approval.ts';
import type { Health } from '../../server/protocol/health.ts';
import type { Project } from '../../server/protocol/project.ts';

export type FleetState = {
  /** Whether every list was read at least once; before that nothing in it is news. */
  readonly isLoaded: boolean;
  readonly projects: readonly Project[];
  readonly agents: readonly Agent[];
  /** Open ones only, first in, first out. */
  readonly approvals: readonly Approval[];
  readonly health: Health | undefined;
};

export const emptyFleet: FleetState = { isLoaded: false, projects: [], agents: [], approvals: [], health: undefined };

export function withApprovals(fleet: FleetState, approvals: readonly Approval[]): FleetState {
  return { ...fleet, approvals: approvals.filter(isOpen) };
}

export function withProject(fleet: FleetState, project: Project): FleetState {
  return { ...fleet, projects: put(fleet.projects, project) };
}

/** What belongs to the project goes with it, whether or not each is reported on its own. */
export function withoutProject(fleet: FleetState, projectId: string): FleetState {
  return {
    ...fleet,
    projects: fleet.projects.filter((project) => project.id !== projectId),
    agents: fleet.agents.filter((agent) => agent.projectId !== projectId),
    approvals: fleet.approvals.filter((approval) => approval.projectId !== projectId),
  };
}

export function withAgent(fleet: FleetState, agent: Agent): FleetState {
  return { ...fleet, agents: put(fleet.agents, agent) };
}

export function withoutAgent(fleet: FleetState, agentId: string): FleetState {
  return {
    ...fleet,
    agents: fleet.agents.filter((agent) => agent.id !== agentId),
    approvals: fleet.approvals.filter((approval) => approval.agentId !== agentId),
  };
}

export function withApproval(fleet: FleetState, approval: Approval): FleetState {
  if (isOpen(approval)) return { ...fleet, approvals: put(fleet.approvals, approval) };
  return { ...fleet, approvals: fleet.approvals.filter((known) => known.id !== approval.id) };
}

export function withHealth(fleet: FleetState, health: Health): FleetState {
  return { ...fleet, health };
}

/** Projects of this window's folders first, in the folders' order, then the others by name. */
export function orderProjects(projects: readonly Project[], folderPaths: readonly string[]): Project[] {
  const rank = (project: Project) => {
    const index = folderPaths.indexOf(project.path);
    return index === -1 ? folderPaths.length : index;
  };
  return [...projects].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name) || a.path.localeCompare(b.path));
}

export function agentsOf(fleet: FleetState, projectId: string): Agent[] {
  return fleet.agents
    .filter((agent) => agent.projectId === projectId)
    .sort((a, b) => a.createdAt - b.createdAt || a.name.localeCompare(b.name));
}

function isOpen(approval: Approval): boolean {
  return approval.state === 'open';
}

/** Keeps the place of what is known already, so that nothing jumps in the tree. */
function put<T extends { readonly id: string }>(list: readonly T[], value: T): readonly T[] {
  const isKnown = list.some((known) => known.id === value.id);
  return isKnown ? list.map((known) => (known.id === value.id ? value : known)) : [...list, value];
}
