/** From what `groups.json` declares and what is there to what must be written; nothing for what is as it should be. Pure. */
import type { Agent } from '../protocol/agent.ts';
import { AgorError } from '../protocol/errors.ts';
import { type AgentId, PartyId, type ProjectId } from '../protocol/ids.ts';
import { partyIds } from '../protocol/message.ts';
import type { SandboxMode } from '../protocol/sandbox.ts';
import { knowsByDefault, knowsPersonByDefault } from './contact-rules.ts';
import { type ContactRow, groupOrigin } from './contact-store.ts';
import type { DeclaredGroup, DeclaredMember } from './declared-groups.ts';
import type { GroupProjectRow, GroupRow } from './group-store.ts';
import type { JsonPath } from './group-text.ts';
import type { ProfileRow } from './profile-store.ts';

/** An agent as a file can declare it. */
export type DeclaredAgent = Pick<Agent, 'id' | 'projectId' | 'name' | 'provider' | 'model'> & {
  readonly command: readonly string[];
  readonly sandboxMode: SandboxMode | null;
};

/** What is there now. */
export type TeamState = {
  readonly agents: readonly DeclaredAgent[];
  readonly profiles: readonly ProfileRow[];
  readonly contacts: readonly ContactRow[];
  readonly groups: readonly GroupRow[];
  readonly groupProjects: readonly GroupProjectRow[];
};

export type PlanDeps = {
  /** Of a folder that the file names. */
  readonly projectId: (folder: string) => ProjectId;
  readonly newAgentId: () => AgentId;
  readonly now: number;
};

export type Changes<Row> = { readonly put: readonly Row[]; readonly drop: readonly Row[] };

export type GroupPlan = {
  readonly agents: readonly DeclaredAgent[];
  readonly profiles: Changes<ProfileRow>;
  readonly contacts: Changes<ContactRow>;
  readonly groups: Changes<GroupRow>;
  readonly groupProjects: Changes<GroupProjectRow>;
};

/** A member with the agent that it is. */
export type Placed = { readonly group: DeclaredGroup; readonly member: DeclaredMember; readonly agent: DeclaredAgent };

/** An agent that the file does not mean has the name that a member is to have from now on. */
export class NameTaken extends AgorError {
  readonly path: JsonPath;

  constructor({ name, nameField, path }: DeclaredMember) {
    super('conflict', `Another agent of the project is called "${name}" already. Choose another name, or remove that agent.`);
    this.path = [...path, nameField];
  }
}

/** Throws `NameTaken`. */
export function planGroups(groups: readonly DeclaredGroup[], state: TeamState, deps: PlanDeps): GroupPlan {
  const placed = groups.flatMap((group) =>
    group.members.map((member) => ({ group, member, agent: agentOf({ group, member }, state, deps) })),
  );
  checkNames(placed, state);
  const projects = groups.flatMap(({ id: groupId, projects }) =>
    projects.map(({ key, folder }): GroupProjectRow => ({ projectId: deps.projectId(folder), groupId, memberKey: key })),
  );
  const leavers = state.profiles.filter((profile) => isLeaving(profile, groups));
  const placedIds = new Set<string>(placed.map(({ agent }) => agent.id));
  return {
    agents: placed
      .map(({ agent }) => agent)
      .filter(
        (agent) =>
          !isSame(
            agent,
            state.agents.find(({ id }) => id === agent.id),
          ),
      ),
    profiles: {
      put: changed(placed.map(profileOf), state.profiles, ({ agentId }) => agentId),
      drop: leavers.filter(({ agentId }) => !placedIds.has(agentId)),
    },
    contacts: contactChanges(placed, state.contacts, deps.now),
    groups: {
      put: groups
        .filter((group) => !isAsBefore(group, state.groups))
        .map(({ id, name, config }) => ({ id, name, config, appliedAt: deps.now })),
      drop: state.groups.filter(({ id }) => groups.every((group) => group.id !== id)),
    },
    groupProjects: {
      put: changed(projects, state.groupProjects, ({ projectId }) => projectId),
      drop: state.groupProjects.filter(({ projectId }) => projects.every((row) => row.projectId !== projectId)),
    },
  };
}

export function isEmptyPlan({ agents, ...tables }: GroupPlan): boolean {
  return agents.length === 0 && Object.values(tables).every(({ put, drop }) => put.length === 0 && drop.length === 0);
}

/** Unless the file means it. One that was registered without the file stays as long as the group does. */
function isLeaving({ groupId, memberKey }: ProfileRow, groups: readonly DeclaredGroup[]): boolean {
  return groupId !== null && (memberKey !== null || groups.every(({ id }) => id !== groupId));
}

/** The one that is the member already, else one of its name that belongs to no group, else a new one. */
function agentOf({ group, member }: Omit<Placed, 'agent'>, { agents, profiles }: TeamState, deps: PlanDeps): DeclaredAgent {
  const { name, provider, command, model, sandboxMode, key } = member;
  const projectId = deps.projectId(member.folder);
  const here = agents.filter((agent) => agent.projectId === projectId);
  const profileOfAgent = (id: AgentId) => profiles.find(({ agentId }) => agentId === id);
  const own = here.find(({ id }) => {
    const profile = profileOfAgent(id);
    return profile?.groupId === group.id && profile.memberKey === key;
  });
  const free = here.find((agent) => agent.name === name && (profileOfAgent(agent.id)?.groupId ?? null) === null);
  const now = own ?? free;
  return {
    id: now?.id ?? deps.newAgentId(),
    ...{ projectId, name, provider, command },
    model: model === undefined ? (now?.model ?? null) : model,
    sandboxMode: sandboxMode === undefined ? (now?.sandboxMode ?? null) : sandboxMode,
  };
}

function checkNames(placed: readonly Placed[], { agents }: TeamState): void {
  const declared = new Set<string>(placed.map(({ agent }) => agent.id));
  for (const { agent, member } of placed) {
    const other = agents.find(({ id, name, projectId }) => !declared.has(id) && name === agent.name && projectId === agent.projectId);
    if (other) throw new NameTaken(member);
  }
}

function profileOf({ group, member, agent }: Placed): ProfileRow {
  return { agentId: agent.id, ...member.part, groupId: group.id, memberKey: member.key };
}

/** What a person or a manager allowed stays, and stands for the same in the file. */
function contactChanges(placed: readonly Placed[], rows: readonly ContactRow[], createdAt: number): Changes<ContactRow> {
  const wanted = new Map(placed.flatMap((from) => contactsOf(from, placed)).map((pair) => [pairKey(pair), pair]));
  const there = new Map(rows.map((row) => [pairKey(row), row]));
  return {
    put: [...wanted.values()].filter((pair) => !there.has(pairKey(pair))).map((pair) => ({ ...pair, origin: groupOrigin, createdAt })),
    drop: rows.filter((row) => row.origin === groupOrigin && !wanted.has(pairKey(row))),
  };
}

type Pair = Pick<ContactRow, 'party' | 'contact'>;

function contactsOf(from: Placed, placed: readonly Placed[]): Pair[] {
  const { contacts, part } = from.member;
  const others = placed.filter(({ group, agent }) => group.id === from.group.id && agent.id !== from.agent.id);
  const knows = (to: Placed) => (contacts === null ? knowsByDefault(part.role, to.member.part.role) : contacts.includes(to.member.key));
  const knowsPerson = contacts === null ? knowsPersonByDefault(part.role) : contacts.includes(partyIds.person);
  const known = others.filter(knows).map(({ agent }) => PartyId.parse(agent.id));
  return [...known, ...(knowsPerson ? [partyIds.person] : [])].map((contact) => ({ party: PartyId.parse(from.agent.id), contact }));
}

function pairKey({ party, contact }: Pair): string {
  return `${party} ${contact}`;
}

function isAsBefore({ id, name, config }: DeclaredGroup, before: readonly GroupRow[]): boolean {
  return before.some((row) => row.id === id && row.name === name && row.config === config);
}

function changed<Row extends object>(rows: readonly Row[], before: readonly Row[], keyOf: (row: Row) => string): Row[] {
  const there = new Map(before.map((row) => [keyOf(row), row]));
  return rows.filter((row) => !isSame(row, there.get(keyOf(row))));
}

/** In all fields of `row`, whatever their order. */
function isSame(row: object, other: object | undefined): boolean {
  if (!other) return false;
  const values = new Map<string, unknown>(Object.entries(other));
  return Object.entries(row).every(([key, value]) => JSON.stringify(values.get(key)) === JSON.stringify(value));
}
