/** Who everyone is, by what name, and whom they may write to. All other features of teamwork ask here. */
import type { AuditLog } from '../audit/audit-log.ts';
import { type Candidate, resolveReference } from '../base/resolve-reference.ts';
import { AgorError } from '../protocol/errors.ts';
import { type AgentId, PartyId, type ProjectId, type TeamId } from '../protocol/ids.ts';
import { partyIds } from '../protocol/message.ts';
import type { Project } from '../protocol/project.ts';
import { type AgentProfile, type Party, personWords, type Role, type Team, type Tier } from '../protocol/team.ts';
import type { RecordFile } from '../store/record-file.ts';
import { isTeammate, mayWrite, refusalText, type Standing } from './contact-rules.ts';
import type { ContactStore } from './contact-store.ts';
import type { Profiles, TeamAgent } from './profiles.ts';

export type DirectoryDeps = {
  readonly file: RecordFile;
  readonly audit: AuditLog;
  readonly contacts: ContactStore;
  readonly profiles: Profiles;
  readonly agents: () => readonly TeamAgent[];
  /** Of an agent that was removed; undefined for what never was one. */
  readonly removedName: (id: string) => string | undefined;
  readonly project: (id: ProjectId) => Project | undefined;
  /** `from` sent `to` a message of its own, so that it may be answered. */
  readonly hasWrittenTo: (from: PartyId, to: PartyId) => boolean;
  readonly now: () => number;
};

const others: ReadonlySet<PartyId> = new Set(Object.values(partyIds));

export class TeamDirectory {
  readonly #deps: DirectoryDeps;

  constructor(deps: DirectoryDeps) {
    this.#deps = deps;
  }

  party(id: PartyId): Party {
    if (others.has(id)) return { id, name: id };
    const agent = this.#agent(id);
    if (agent) return { id, name: agent.name };
    const removed = this.#deps.removedName(id);
    return { id, name: removed === undefined ? 'somebody unknown' : `${removed} (removed)` };
  }

  isAgent(id: PartyId): boolean {
    return this.#agent(id) !== undefined;
  }

  /** By name, `project/name` or a part of the id; of equal names, those of the team of `as` go first. */
  find(reference: string, as: PartyId): PartyId {
    const word = reference.toLowerCase();
    if (personWords.some((each) => each === word)) return partyIds.person;
    if (word === partyIds.assistant) return partyIds.assistant;
    const agents = this.#deps.agents();
    const team = this.teamOf(as);
    const isNear = ({ id }: Pick<TeamAgent, 'id'>) => this.#profile(id)?.teamId === team;
    const near = agents.filter((agent) => agent.name === reference && isNear(agent));
    const candidates = (near.length > 0 ? near : agents).map((agent) => this.#candidate(agent));
    // An agent hears of nobody outside its team and its contacts.
    const known = new Set(team === null ? [] : this.contactsOf(as));
    const mayName = ({ id }: { readonly id: AgentId }) => team === null || isNear({ id }) || known.has(asParty(id));
    return asParty(resolveReference('agent', reference, candidates, mayName).id);
  }

  roleOf(id: PartyId): Role {
    if (id === partyIds.person) return 'admin';
    return this.#profile(id)?.role ?? 'project';
  }

  tierOf(id: PartyId): Tier {
    return others.has(id) ? 0 : (this.#profile(id)?.tier ?? 2);
  }

  teamOf(id: PartyId): TeamId | null {
    return this.#profile(id)?.teamId ?? null;
  }

  /** An agent's is its own; another party names one, or means the only one there is. */
  findTeam(reference: string | undefined, as: PartyId): TeamId {
    const own = this.teamOf(as);
    if (own !== null) return this.#ownTeam(own, reference);
    const teams = this.#deps.profiles.teams();
    if (reference !== undefined) return resolveReference('team', reference, teams).id;
    const [only, ...more] = teams;
    if (!only) throw new AgorError('notFound', 'There is no team yet. A project becomes one with its first agent.');
    if (more.length === 0) return only.id;
    throw new AgorError('badRequest', `Say which team is meant with --team: ${teams.map(({ name }) => name).join(', ')}.`);
  }

  teamName(id: TeamId): string {
    return this.#team(id)?.name ?? 'a former team';
  }

  members(team: TeamId): PartyId[] {
    return this.#deps.profiles.all().flatMap(({ agentId, teamId }) => (teamId === team ? asParty(agentId) : []));
  }

  projectName(id: PartyId): string {
    const agent = this.#agent(id);
    return (agent && this.#deps.project(agent.projectId)?.name) ?? '';
  }

  /** Null when `from` may write to `to`; else a sentence that says whom it may write to. */
  refusalToWrite(from: PartyId, to: PartyId): string | null {
    const isContact = this.#deps.contacts.get(from, to) !== undefined;
    const wasWrittenTo = this.#deps.hasWrittenTo(to, from);
    if (mayWrite(from, to, { from: this.#standing(from), to: this.#standing(to), isContact, wasWrittenTo })) return null;
    if (from === to) return 'A message to yourself reaches nobody. Name another agent.';
    const contacts = this.#names(this.contactsOf(from));
    const team = this.teamOf(from);
    const managers = this.#names(team === null ? [] : this.members(team).filter((id) => this.roleOf(id) === 'manager'));
    return refusalText({ from: this.party(from).name, to: this.party(to).name, contacts, managers });
  }

  /** Those whom it may write to at any time; whoever wrote to it may be answered besides. */
  contactsOf(id: PartyId): PartyId[] {
    const agents = this.#deps.agents().map((agent) => asParty(agent.id));
    if (id === partyIds.system) return [partyIds.person, ...agents];
    if (others.has(id)) return agents;
    const kept = this.#deps.contacts.of(id).map(({ contact }) => contact);
    const allowed = new Set(kept.filter((contact) => contact === partyIds.person || this.isAgent(contact)));
    const from = this.#standing(id);
    if (!from || from.isInGroup) return [...allowed];
    const teammates = agents.filter((to) => {
      const standing = this.#standing(to);
      return standing !== null && isTeammate(from, standing);
    });
    return [...new Set([...allowed, ...teammates, partyIds.person])];
  }

  /** From now on, whatever `groups.json` says. */
  allow(from: PartyId, to: PartyId, by: PartyId): void {
    if (from === to) throw new AgorError('badRequest', 'Nobody needs leave to write to themselves. Name two agents.');
    if (!this.isAgent(from)) throw new AgorError('badRequest', `Only agents need leave to write; ${this.party(from).name} is none.`);
    if (this.#deps.contacts.get(from, to)?.origin === by) return;
    const at = this.#deps.now();
    const detail = { from: this.party(from).name, to: this.party(to).name, toId: to, by };
    this.#deps.file.write(() => {
      this.#deps.contacts.put({ party: from, contact: to, origin: by, createdAt: at });
      this.#deps.audit.append({ at, event: 'contact_allowed', agentId: from, actor: this.isAgent(by) ? 'agent' : by, detail });
    });
  }

  #ownTeam(own: TeamId, reference: string | undefined): TeamId {
    if (reference === undefined || reference === own || reference === this.teamName(own)) return own;
    throw new AgorError('refused', `You belong to the team ${this.teamName(own)} and act for no other; leave the team out.`);
  }

  #names(ids: readonly PartyId[]): string[] {
    return ids.map((id) => this.party(id).name);
  }

  #agent(id: string): TeamAgent | undefined {
    return this.#deps.agents().find((agent) => agent.id === id);
  }

  #candidate({ id, name, projectId }: TeamAgent): Candidate & Pick<TeamAgent, 'id'> {
    return { id, name, within: this.#deps.project(projectId)?.name ?? '' };
  }

  #profile(id: string): AgentProfile | undefined {
    const agent = this.#agent(id);
    return agent && this.#deps.profiles.of(agent.id);
  }

  #standing(id: PartyId): Standing | null {
    const profile = this.#profile(id);
    if (!profile) return null;
    const { teamId, agentId } = profile;
    return { id, teamId, isInGroup: this.#deps.profiles.isInGroup(agentId) };
  }

  #team(id: TeamId): Pick<Team, 'name'> | undefined {
    const found = this.#deps.profiles.teams().find((team) => team.id === id);
    // A project's team is still called by its name when its last agent is gone.
    return found ?? this.#deps.profiles.projectOf(id);
  }
}

function asParty(id: string): PartyId {
  return PartyId.parse(id);
}
