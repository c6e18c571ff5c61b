/** What an application of `groups.json` does, one phrase each. Pure. */
import type { ProjectId } from '../protocol/ids.ts';
import type { DeclaredAgent, GroupPlan, TeamState } from './group-plan.ts';
import type { ProfileRow } from './profile-store.ts';

export function changeTexts(plan: GroupPlan, state: TeamState, projectName: (id: ProjectId) => string): string[] {
  const { agents, profiles, groups, groupProjects, contacts } = plan;
  const names = new Map<string, string>([...state.agents, ...agents].map(({ id, name }) => [id, name]));
  const nameOf = (id: string) => names.get(id) ?? 'a removed agent';
  const known = (id: string) => state.groups.some((group) => group.id === id);
  const groupName = (id: string | null) => [...groups.put, ...state.groups].find((group) => group.id === id)?.name ?? '';
  return [
    ...groups.put.map(({ id, name }) => (known(id) ? `group ${name} changed` : `group ${name} added`)),
    ...groups.drop.map(({ name }) => `group ${name} dissolved`),
    ...groupProjects.put.map(({ projectId, groupId }) => `project ${projectName(projectId)} joined ${groupName(groupId)}`),
    ...groupProjects.drop.map(({ projectId, groupId }) => `project ${projectName(projectId)} left ${groupName(groupId)}`),
    ...agents.map((agent) => agentText(agent, state.agents, projectName)),
    ...profiles.put.map((profile) =>
      profileText(profile, state.profiles, { name: nameOf(profile.agentId), group: groupName(profile.groupId) }),
    ),
    ...profiles.drop.map(({ agentId, groupId }) => `agent ${nameOf(agentId)} left ${groupName(groupId)}`),
    ...contactText(contacts.put.length, contacts.drop.length),
  ];
}

function agentText(agent: DeclaredAgent, before: readonly DeclaredAgent[], projectName: (id: ProjectId) => string): string {
  const now = before.find(({ id }) => id === agent.id);
  if (!now) return `agent ${agent.name} added to ${projectName(agent.projectId)}`;
  return now.name === agent.name ? `agent ${agent.name} changed` : `agent ${now.name} is called ${agent.name}`;
}

function profileText(profile: ProfileRow, before: readonly ProfileRow[], { name, group }: { name: string; group: string }): string {
  const now = before.find(({ agentId }) => agentId === profile.agentId);
  if (now?.groupId !== profile.groupId) return `agent ${name} joined ${group} as ${profile.role}`;
  return now.role === profile.role ? `profile of ${name} changed` : `agent ${name} is ${profile.role} now`;
}

function contactText(added: number, removed: number): string[] {
  if (added + removed === 0) return [];
  return [`contacts: ${added} added, ${removed} removed`];
}
