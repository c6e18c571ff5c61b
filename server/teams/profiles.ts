/** What each agent is in its team. One that nobody gave a part is a project agent in the team of its project. */
import type { AuditLog } from '../audit/audit-log.ts';
import { Emitter } from '../base/emitter.ts';
import { AgorError } from '../protocol/errors.ts';
import { type AgentId, type ProjectId, TeamId } from '../protocol/ids.ts';
import type { Project } from '../protocol/project.ts';
import type { Params } from '../protocol/requests.ts';
import type { Setting } from '../protocol/settings.ts';
import type { AgentProfile, AgentRole, Team, Tier } from '../protocol/team.ts';
import type { RecordFile } from '../store/record-file.ts';
import type { GroupStore } from './group-store.ts';
import { type ProfileRow, type ProfileStore, wakeDefaults } from './profile-store.ts';

export type TeamAgent = { readonly id: AgentId; readonly name: string; readonly projectId: ProjectId };

export type ProfilesDeps = {
  readonly file: RecordFile;
  readonly audit: AuditLog;
  readonly store: ProfileStore;
  readonly groups: GroupStore;
  /** Those that exist now. */
  readonly agents: () => readonly TeamAgent[];
  readonly projects: () => readonly Project[];
  readonly setting: Setting;
  readonly now: () => number;
};

export type ProfileChange = Omit<Params<'team/configure'>, 'agent'>;

export class Profiles {
  readonly changed = new Emitter<readonly AgentProfile[]>();
  readonly #deps: ProfilesDeps;

  constructor(deps: ProfilesDeps) {
    this.#deps = deps;
  }

  all(): AgentProfile[] {
    return this.#deps.agents().map((agent) => this.#shown(agent));
  }

  /** Throws `notFound` for an agent that was removed. */
  of(id: AgentId): AgentProfile {
    return this.#shown(this.#agent(id));
  }

  /** Whether somebody gave the agent a part: a person, or `groups.json`. */
  hasOwn(id: AgentId): boolean {
    return this.#deps.store.get(id) !== undefined;
  }

  /** Of `groups.json`. */
  isInGroup(id: AgentId): boolean {
    return (this.#deps.store.get(id)?.groupId ?? null) !== null;
  }

  /** The project whose agents are that team; undefined for a group. */
  projectOf(team: TeamId): Project | undefined {
    return this.#deps.projects().find(({ id }) => teamOfProject(id) === team);
  }

  /** Groups in the order of their file, then the projects that have agents of no group. */
  teams(): Team[] {
    const { groups, projects } = this.#deps;
    const ofGroups = groups.projects();
    const declared = groups.all().map(({ id, name }): Team => {
      return { id, name, kind: 'group', projectIds: ofGroups.filter(({ groupId }) => groupId === id).map(({ projectId }) => projectId) };
    });
    const inUse = new Set(this.all().map(({ teamId }) => teamId));
    const own = projects().map(({ id, name }): Team => ({ id: teamOfProject(id), name, kind: 'project', projectIds: [id] }));
    return [...declared, ...own.filter(({ id }) => inUse.has(id))];
  }

  /** What is absent stays. A new role brings its tier along. */
  configure(id: AgentId, change: ProfileChange, actor: string): AgentProfile {
    const agent = this.#agent(id);
    const before = this.#deps.store.get(id) ?? plainProfile(id);
    const role = change.role ?? before.role;
    const tier = change.role === undefined ? before.tier : tierOfRole(change.role);
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    const after: ProfileRow = { ...before, ...given, role, tier };
    if (JSON.stringify(after) === JSON.stringify(before) && this.hasOwn(id)) return this.#shown(agent);
    this.#deps.file.write(() => {
      this.#deps.store.put(after);
      this.#deps.audit.append({ at: this.#deps.now(), event: 'role_changed', agentId: id, actor, detail: { tier, ...given, role } });
    });
    const profile = this.#shown(agent);
    this.changed.emit([profile]);
    return profile;
  }

  /** `groups.json` was applied: any of them may have changed. */
  tellAll(): void {
    this.changed.emit(this.all());
  }

  /** The agent was removed: its place in the group is free. */
  forget(id: AgentId): void {
    if (this.hasOwn(id)) this.#deps.file.write(() => this.#deps.store.drop(id));
  }

  #agent(id: AgentId): TeamAgent {
    const agent = this.#deps.agents().find((each) => each.id === id);
    if (!agent) throw new AgorError('notFound', 'That agent was removed.');
    return agent;
  }

  #shown({ id, projectId }: TeamAgent): AgentProfile {
    const { groupId, ...row } = this.#deps.store.get(id) ?? plainProfile(id);
    const stallThresholdMin = row.stallThresholdMin ?? this.#deps.setting('agent.stallThresholdMin');
    return { ...row, teamId: groupId ?? teamOfProject(projectId), stallThresholdMin };
  }
}

export function plainProfile(agentId: AgentId): ProfileRow {
  return {
    agentId,
    role: 'project',
    tier: 2,
    groupId: null,
    memberKey: null,
    description: '',
    systemPrompt: '',
    wakeStrategy: null,
    ...wakeDefaults,
    stallThresholdMin: null,
    autonomousMode: 'restricted',
    enabled: true,
  };
}

export function tierOfRole(role: AgentRole): Tier {
  return role === 'project' ? 2 : 1;
}

/** The agents of a project that belong to no group are a team by themselves, under the project's id. */
export function teamOfProject(projectId: ProjectId): TeamId {
  return TeamId.parse(projectId);
}
