/** The board over what the backend knows of agents by itself: each project's agents are a team, and all are equal. */
import type { AgentRegistry } from './agents/agent-registry.ts';
import { resolveReference } from './base/resolve-reference.ts';
import type { Projects } from './projects/projects.ts';
import { AgorError } from './protocol/errors.ts';
import { PartyId, ProjectId, TeamId } from './protocol/ids.ts';
import { partyIds } from './protocol/message.ts';
import type { Stores } from './stores.ts';
import type { Directory } from './tasks/surroundings.ts';
import { Tasks } from './tasks/tasks.ts';

type Known = { readonly registry: AgentRegistry; readonly projects: Projects };

export function composeTasks({ btmsg: file, audit }: Stores, known: Known, now: () => number): Tasks {
  return new Tasks({
    file,
    audit,
    directory: projectTeams(known),
    screen: () => ({ verdict: 'deliver', findings: [] }),
    post: { toChannel: () => {}, toAgent: () => {} },
    now,
  });
}

function projectTeams({ registry, projects }: Known): Directory {
  const record = (id: PartyId) => registry.all().find((agent) => PartyId.parse(agent.id) === id);
  const nameOf = (id: PartyId) => record(id)?.name ?? (Object.values(partyIds).includes(id) ? id : 'somebody (removed)');
  const teamOf = (id: PartyId) => {
    const agent = record(id);
    return agent ? TeamId.parse(agent.projectId) : null;
  };
  return {
    party: (id) => ({ id, name: nameOf(id) }),
    isAgent: (id) => record(id) !== undefined,
    find: (reference) => {
      if (reference === partyIds.person) return partyIds.person;
      return PartyId.parse(resolveReference('agent', reference, registry.all()).id);
    },
    roleOf: (id) => (id === partyIds.person ? 'admin' : 'project'),
    teamOf,
    findTeam: (reference, as) => teamOf(as) ?? TeamId.parse(reference === undefined ? onlyProject(projects) : projects.find(reference).id),
    teamName: (id) => projects.get(ProjectId.parse(id))?.name ?? 'a team that is gone',
    members: (team) => registry.of(ProjectId.parse(team)).map(({ id }) => PartyId.parse(id)),
  };
}

function onlyProject(projects: Projects): ProjectId {
  const [only, ...others] = projects.list();
  if (only && others.length === 0) return only.id;
  const names = [only, ...others].flatMap((project) => project?.name ?? []).join(', ');
  throw new AgorError('badRequest', `There are several teams: ${names}. Name one of them.`);
}
