/** What `btmsg register` does: an agent gets its part in a team, and is added first when there is none of that name. */
import type { AgentsFeature } from './agents/compose.ts';
import type { By } from './messaging/deps.ts';
import type { Projects } from './projects/projects.ts';
import { Provider } from './protocol/agent.ts';
import { AgorError } from './protocol/errors.ts';
import { type AgentId, PartyId, type ProjectId, type TeamId } from './protocol/ids.ts';
import type { Params, Result } from './protocol/requests.ts';
import { AgentRole, Tier } from './protocol/team.ts';
import type { TeamsFeature } from './teams/compose.ts';

export type RegisterDeps = {
  readonly agents: Pick<AgentsFeature, 'agents' | 'registry'>;
  readonly teams: Pick<TeamsFeature, 'profiles' | 'directory'>;
  readonly projects: Projects;
};

type Registered = Params<'message/register'>;

export function registerMember(deps: RegisterDeps, params: Registered, { party, actor }: By): Result<'message/register'> {
  const { profiles, directory } = deps.teams;
  const [role, tier] = [roleOf(params.role), tierOf(params.tier)];
  const teamId = directory.findTeam(params.group, party);
  const known = knownMember(deps, params, teamId);
  const id = known ?? addMember(deps, params, { teamId, actor });
  const { model } = params;
  if (known && model !== undefined) deps.agents.agents.configure({ agent: known, model }, actor);
  return { profile: profiles.place(id, { role, tier, teamId }, actor), isNew: known === undefined };
}

/** By its id in `groups.json`, by its own id, or by its name in that team. */
function knownMember({ teams, agents }: RegisterDeps, { id, name }: Registered, teamId: TeamId): AgentId | undefined {
  const members = teams.directory.members(teamId);
  const inTeam = agents.registry.all().filter((agent) => members.includes(PartyId.parse(agent.id)));
  const byKey = inTeam.find((agent) => teams.profiles.of(agent.id).memberKey === id || agent.id === id);
  return (byKey ?? inTeam.find((agent) => agent.name === name))?.id;
}

type Place = { readonly teamId: TeamId; readonly actor: string };

function addMember(deps: RegisterDeps, { name, model, cwd, provider = 'claude' }: Registered, { teamId, actor }: Place): AgentId {
  const parsed = Provider.safeParse(provider);
  if (!parsed.success || parsed.data === 'acp')
    throw new AgorError('badRequest', `"${provider}" cannot be registered: claude and demo can. Add others with "agor agent add".`);
  const project = cwd === undefined ? onlyProject(deps, teamId) : deps.projects.find(cwd).id;
  return deps.agents.agents.add({ project, name, provider: parsed.data, ...(model === undefined ? {} : { model }) }, actor).id;
}

function onlyProject({ teams }: RegisterDeps, teamId: TeamId): ProjectId {
  const team = teams.profiles.teams().find(({ id }) => id === teamId);
  const [only, ...others] = team?.projectIds ?? [];
  if (only && others.length === 0) return only;
  throw new AgorError('badRequest', 'The team has several projects: name the folder of the one that the agent works in, with --cwd.');
}

function roleOf(role: string): AgentRole {
  const parsed = AgentRole.safeParse(role);
  if (parsed.success) return parsed.data;
  throw new AgorError('badRequest', `"${role}" is no role of an agent. Choose one of: ${AgentRole.options.join(', ')}.`);
}

function tierOf(tier: number | undefined): 1 | 2 | undefined {
  if (tier === undefined) return undefined;
  const parsed = Tier.safeParse(tier);
  if (parsed.success && parsed.data !== 0) return parsed.data;
  throw new AgorError('badRequest', `An agent's tier is 1 or 2; ${tier} is not.`);
}
