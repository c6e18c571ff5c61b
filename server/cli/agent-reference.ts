/** Which agent a person means: a name that is used in several projects means the one in the current project. */
import { resolveReference } from '../base/resolve-reference.ts';
import type { Agent } from '../protocol/agent.ts';
import type { Project } from '../protocol/project.ts';
import { projectContaining, realFolder } from './current-project.ts';
import type { Invocation } from './invocation.ts';

export async function findAgent(invocation: Invocation, typed: string, named: { readonly project?: string | undefined }): Promise<Agent> {
  const backend = await invocation.backend();
  const [{ agents }, { projects }] = await Promise.all([
    backend.call('agent/list', named.project === undefined ? {} : { project: named.project }),
    backend.call('project/list', {}),
  ]);
  return chooseAgent(typed, agents, { projects, folder: realFolder(invocation.cwd) });
}

/** Throws `notFound` or `ambiguous`, naming the candidates. */
export function chooseAgent(
  typed: string,
  agents: readonly Agent[],
  place: { readonly projects: readonly Project[]; readonly folder: string },
): Agent {
  const here = projectContaining(place.projects, place.folder);
  const namedHere = agents.filter(({ name, projectId }) => name === typed && projectId === here?.id);
  const projectNames = new Map(place.projects.map(({ id, name }) => [id, name]));
  const candidates = (namedHere.length > 0 ? namedHere : agents).map((agent) => ({
    id: agent.id,
    name: agent.name,
    within: projectNames.get(agent.projectId) ?? '',
    agent,
  }));
  return resolveReference('agent', typed, candidates).agent;
}
