/** Puts what `groups.json` declares in force: all of it in one transaction, or nothing. */
import { basename } from 'node:path';
import type { AuditLog } from '../audit/audit-log.ts';
import { newId } from '../base/uuid.ts';
import { AgorError } from '../protocol/errors.ts';
import type { AgentId } from '../protocol/ids.ts';
import type { Project } from '../protocol/project.ts';
import type { RecordFile } from '../store/record-file.ts';
import type { ContactStore } from './contact-store.ts';
import type { DeclaredGroup } from './declared-groups.ts';
import { changeTexts } from './group-changes.ts';
import { type DeclaredAgent, type GroupPlan, isEmptyPlan, planGroups, type TeamState } from './group-plan.ts';
import type { GroupStore } from './group-store.ts';
import type { ProfileStore } from './profile-store.ts';

export type ApplyDeps = {
  readonly file: RecordFile;
  readonly audit: AuditLog;
  readonly profiles: ProfileStore;
  readonly contacts: ContactStore;
  readonly groups: GroupStore;
  readonly agents: {
    all(): readonly DeclaredAgent[];
    /** Written, with its audit row, in the transaction that is open. */
    put(agent: DeclaredAgent, actor: string): void;
    /** That transaction is on disk: what was put counts from now on. */
    settle(): void;
  };
  /** The one of that folder; a new one is not trusted. */
  readonly addProject: (project: { readonly path: string; readonly name: string }, actor: string) => Project;
  readonly now: () => number;
};

/** One phrase for each change; none when all was as it should be, and then nothing is written. */
export function applyGroups(deps: ApplyDeps, groups: readonly DeclaredGroup[], actor: string): string[] {
  const projects = addProjects(deps, groups, actor);
  const project = (folder: string) => {
    const found = projects.get(folder);
    if (!found) throw new AgorError('notFound', `${folder} is no project.`);
    return found.id;
  };
  const state = currentState(deps);
  const now = deps.now();
  const plan = planGroups(groups, state, { projectId: project, newAgentId: () => newId<AgentId>(), now });
  if (isEmptyPlan(plan)) return [];
  const names = new Map([...projects.values()].map(({ id, name }) => [id, name]));
  const changes = changeTexts(plan, state, (id) => names.get(id) ?? 'that is no more');
  deps.file.write(() => {
    write(deps, plan, actor);
    deps.audit.append({ at: now, event: 'groups_applied', agentId: null, actor, detail: { changes } });
  });
  deps.agents.settle();
  return changes;
}

/** They are kept in another file than the rest, so they come first: a project without its group does no harm. */
function addProjects({ addProject }: ApplyDeps, groups: readonly DeclaredGroup[], actor: string): Map<string, Project> {
  const projects = new Map<string, Project>();
  const add = (folder: string, name: string) => {
    if (!projects.has(folder)) projects.set(folder, addProject({ path: folder, name }, actor));
  };
  for (const group of groups) for (const { folder, name } of group.projects) add(folder, name);
  for (const group of groups) for (const { folder } of group.members) add(folder, basename(folder) || folder);
  return projects;
}

function currentState({ agents, profiles, contacts, groups }: ApplyDeps): TeamState {
  return {
    agents: agents.all(),
    profiles: profiles.all(),
    contacts: contacts.all(),
    groups: groups.all(),
    groupProjects: groups.projects(),
  };
}

function write({ agents, profiles, contacts, groups }: ApplyDeps, plan: GroupPlan, actor: string): void {
  for (const { agentId } of plan.profiles.drop) profiles.drop(agentId);
  // A place in a group is free before another takes it.
  for (const { agentId } of plan.profiles.put) profiles.drop(agentId);
  for (const agent of plan.agents) agents.put(agent, actor);
  for (const profile of plan.profiles.put) profiles.put(profile);
  for (const row of plan.contacts.drop) contacts.drop(row);
  for (const row of plan.contacts.put) contacts.put(row);
  for (const { id } of plan.groups.drop) groups.drop(id);
  for (const row of plan.groups.put) groups.put(row);
  for (const { projectId } of plan.groupProjects.drop) groups.dropProject(projectId);
  for (const row of plan.groupProjects.put) groups.putProject(row);
}
