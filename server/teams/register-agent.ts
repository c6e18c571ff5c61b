/** `btmsg register`: puts an agent into a team that `groups.json` does not declare there, or changes what it is. */
import { realpathSync } from 'node:fs';
import type { AuditLog } from '../audit/audit-log.ts';
import { resolveReference } from '../base/resolve-reference.ts';
import { newId } from '../base/uuid.ts';
import { Provider } from '../protocol/agent.ts';
import { AgorError } from '../protocol/errors.ts';
import { type AgentId, PartyId } from '../protocol/ids.ts';
import { partyIds } from '../protocol/message.ts';
import type { Project } from '../protocol/project.ts';
import type { Params, Result } from '../protocol/requests.ts';
import { AgentRole, agentNameFault, type Team, type Tier } from '../protocol/team.ts';
import type { RecordFile } from '../store/record-file.ts';
import type { ApplyDeps } from './apply-groups.ts';
import { knowsByDefault, knowsPersonByDefault } from './contact-rules.ts';
import type { ContactStore } from './contact-store.ts';
import type { TeamDirectory } from './directory.ts';
import type { DeclaredAgent } from './group-plan.ts';
import type { ProfileRow, ProfileStore } from './profile-store.ts';
import { type Profiles, plainProfile, teamOfProject, tierOfRole } from './profiles.ts';

export type Registration = Params<'message/register'>;

export type RegisterDeps = Pick<ApplyDeps, 'agents'> & {
  readonly file: RecordFile;
  readonly audit: AuditLog;
  readonly profiles: Profiles;
  readonly directory: TeamDirectory;
  readonly contacts: ContactStore;
  readonly store: ProfileStore;
  readonly projects: () => readonly Project[];
  readonly now: () => number;
};

/** A person's, or a manager's for its own team. */
export function registerAgent(deps: RegisterDeps, wish: Registration, by: PartyId): Result<'message/register'> {
  const { agents, store, profiles, file } = deps;
  const role = roleOf(wish.role);
  const team = teamOf(deps, wish.group, by);
  const project = projectOf(deps, team, wish.cwd);
  const all = agents.all();
  const now = all.find(({ id }) => id === wish.id) ?? all.find(({ projectId, name }) => projectId === project.id && name === wish.name);
  if (now) requireOwn(deps, { agent: now, team, by });
  const agent = wantedAgent(wish, project, now);
  const before = store.get(agent.id) ?? plainProfile(agent.id);
  if (before.memberKey !== null) throw new AgorError('refused', `groups.json declares ${agent.name}. Change it there.`);
  checkName(all, agent);
  const groupId = team.kind === 'group' ? team.id : null;
  const profile: ProfileRow = { ...before, role, tier: tierOf(wish.tier, role), groupId };
  const actor = by === partyIds.person ? by : 'agent';
  file.write(() => {
    agents.put(agent, actor);
    store.put(profile);
    if (groupId !== null) putContacts(deps, profile, by);
    const detail = { role, tier: profile.tier, team: team.name };
    deps.audit.append({ at: deps.now(), event: 'role_changed', agentId: agent.id, actor, detail });
  });
  agents.settle();
  return { profile: profiles.of(agent.id), isNew: now === undefined };
}

function roleOf(typed: string): AgentRole {
  const role = AgentRole.options.find((each) => each === typed);
  if (role) return role;
  throw new AgorError('badRequest', `There is no role "${typed}" for an agent. Known: ${AgentRole.options.join(', ')}.`);
}

function tierOf(typed: number | undefined, role: AgentRole): Tier {
  if (typed === undefined) return tierOfRole(role);
  if (typed === 1 || typed === 2) return typed;
  throw new AgorError('badRequest', `An agent is of tier 1 or 2; ${typed} is neither.`);
}

function teamOf({ profiles, directory, projects }: RegisterDeps, reference: string, by: PartyId): Team {
  const known = profiles.teams();
  const toBe = projects().map(({ id, name }): Team => ({ id: teamOfProject(id), name, kind: 'project', projectIds: [id] }));
  const team = resolveReference('team', reference, [...known, ...toBe.filter(({ id }) => known.every((each) => each.id !== id))]);
  if (by === partyIds.person) return team;
  if (directory.roleOf(by) === 'manager' && directory.teamOf(by) === team.id) return team;
  throw new AgorError('refused', 'Only the person registers agents, and a manager those of its own team. Ask your manager.');
}

/** An id reaches every agent there is: none comes from a project outside the team, and a manager takes none from another team. */
function requireOwn({ directory }: RegisterDeps, { agent, team, by }: { agent: DeclaredAgent; team: Team; by: PartyId }): void {
  const mayTake = by === partyIds.person || directory.teamOf(PartyId.parse(agent.id)) === team.id;
  if (mayTake && team.projectIds.includes(agent.projectId)) return;
  throw new AgorError(
    'refused',
    `${agent.name} is not of ${team.name}: only the person takes an agent into a team, and only from its projects.`,
  );
}

/** The one that is named, among those of the team; without a name its first. */
function projectOf({ projects }: RegisterDeps, team: Team, cwd: string | undefined): Project {
  const those = team.projectIds.flatMap((id) => projects().find((project) => project.id === id) ?? []);
  const path = cwd === undefined ? those[0]?.path : realFolder(cwd);
  const found = those.find((project) => project.path === path);
  if (found) return found;
  throw new AgorError(
    'notFound',
    `${cwd ?? 'The first project'} is no project of ${team.name}. Its projects: ${those.map((each) => each.path).join(', ')}.`,
  );
}

function realFolder(cwd: string): string {
  try {
    return realpathSync(cwd);
  } catch {
    // What is not there is no project either, which is said.
    return cwd;
  }
}

function wantedAgent({ name, model, provider: typed }: Registration, project: Project, now: DeclaredAgent | undefined): DeclaredAgent {
  const provider = typed === undefined ? (now?.provider ?? 'claude') : Provider.options.find((each) => each === typed);
  if (!provider) throw new AgorError('badRequest', `There is no provider "${typed}". Known: ${Provider.options.join(', ')}.`);
  if (provider === 'acp' && now?.provider !== 'acp')
    throw new AgorError('badRequest', 'An ACP agent needs its command. Add it with "agor agent add", then register it under its name.');
  const { id = newId<AgentId>(), projectId = project.id, command = [], sandboxMode = null } = now ?? {};
  return { id, projectId, name, provider, command, model: model ?? now?.model ?? null, sandboxMode };
}

function checkName(agents: readonly DeclaredAgent[], { id, name, projectId }: DeclaredAgent): void {
  const fault = agentNameFault(name);
  if (fault !== null) throw new AgorError('badRequest', fault);
  if (agents.some((other) => other.id !== id && other.name === name && other.projectId === projectId))
    throw new AgorError('conflict', `The project already has an agent "${name}". Choose another name.`);
}

/** The usual ones of its role and theirs, which the file knows nothing of. */
function putContacts({ contacts, store, now }: RegisterDeps, profile: ProfileRow, by: PartyId): void {
  const put = (party: string, contact: string) => {
    const row = { party: PartyId.parse(party), contact: PartyId.parse(contact), origin: by, createdAt: now() };
    if (!contacts.get(row.party, row.contact)) contacts.put(row);
  };
  const others = store.all().filter(({ groupId, agentId }) => groupId === profile.groupId && agentId !== profile.agentId);
  for (const other of others) {
    if (knowsByDefault(profile.role, other.role)) put(profile.agentId, other.agentId);
    if (knowsByDefault(other.role, profile.role)) put(other.agentId, profile.agentId);
  }
  if (knowsPersonByDefault(profile.role)) put(profile.agentId, partyIds.person);
}
