/** Puts the parts of the teams feature together; what it needs from other features comes as functions. */
import type { AuditLog } from '../audit/audit-log.ts';
import type { Clock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import { type AgentId, PartyId, type ProjectId } from '../protocol/ids.ts';
import type { Project } from '../protocol/project.ts';
import type { Setting } from '../protocol/settings.ts';
import type { RecordFile } from '../store/record-file.ts';
import { type ApplyDeps, applyGroups } from './apply-groups.ts';
import { briefingText } from './briefing.ts';
import { ContactStore } from './contact-store.ts';
import { TeamDirectory } from './directory.ts';
import { systemGround } from './ground.ts';
import { GroupStore } from './group-store.ts';
import { Groups } from './groups.ts';
import { complete, diagnose, hover, type InForce, lenses } from './groups-language.ts';
import { ProfileStore } from './profile-store.ts';
import { Profiles } from './profiles.ts';
import { type Registration, registerAgent } from './register-agent.ts';

export type TeamsSetup = {
  readonly file: RecordFile;
  readonly audit: AuditLog;
  readonly groupsFile: string;
  /** The person's home folder. */
  readonly home: string;
  readonly agents: ApplyDeps['agents'];
  readonly removedName: (id: string) => string | undefined;
  readonly projects: () => readonly Project[];
  readonly getProject: (id: ProjectId) => Project | undefined;
  readonly addProject: ApplyDeps['addProject'];
  readonly hasWrittenTo: (from: PartyId, to: PartyId) => boolean;
  readonly sealFor: (agentId: AgentId) => string;
  readonly setting: Setting;
  readonly now: () => number;
  readonly clock: Clock;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

export type TeamsFeature = ReturnType<typeof composeTeams>;

export function composeTeams(setup: TeamsSetup) {
  const { file, audit, agents, projects, getProject, setting, now, clock, log } = setup;
  const stores = { profiles: new ProfileStore(file.db), contacts: new ContactStore(file.db), groups: new GroupStore(file.db) };
  const all = () => agents.all();
  const profiles = new Profiles({ file, audit, store: stores.profiles, groups: stores.groups, agents: all, projects, setting, now });
  const { removedName, hasWrittenTo } = setup;
  const named = { agents: all, project: getProject, removedName, hasWrittenTo };
  const directory = new TeamDirectory({ file, audit, contacts: stores.contacts, profiles, now, ...named });
  const ground = systemGround(setup.home);
  const groups = new Groups({
    path: setup.groupsFile,
    ground,
    apply: (declared, actor) => {
      const changes = applyGroups({ file, audit, ...stores, agents, addProject: setup.addProject, now }, declared, actor);
      if (changes.length > 0) profiles.tellAll();
      return changes;
    },
    lastAppliedAt: () => stores.groups.all().reduce<number | null>((latest, { appliedAt }) => Math.max(latest ?? 0, appliedAt), null),
    clock,
    log,
  });
  const inForce: InForce = {
    agent: (groupId, memberKey) => {
      const row = stores.profiles.all().find((each) => each.groupId === groupId && each.memberKey === memberKey);
      return all().find(({ id }) => id === row?.agentId);
    },
    project: (folder) => projects().find(({ path }) => path === folder),
  };
  const parts = { file, audit, agents, profiles, directory, projects, now };
  const changed = new Emitter<void>();
  groups.reported.on(() => changed.emit());
  return {
    profiles,
    directory,
    groups,
    /** For editors that have the file open. */
    language: {
      diagnose: (text: string) => diagnose(text, ground),
      complete,
      hover,
      lenses: (text: string) => lenses(text, ground, inForce),
      /** What an editor was told may be another by now. */
      changed,
    },
    register: (wish: Registration, by: PartyId) => {
      const registered = registerAgent({ ...parts, store: stores.profiles, contacts: stores.contacts }, wish, by);
      profiles.changed.emit([registered.profile]);
      return registered;
    },
    briefing: (agentId: AgentId) => briefing(agentId, { profiles, directory, setup }),
  };
}

type Briefing = { readonly profiles: Profiles; readonly directory: TeamDirectory; readonly setup: TeamsSetup };

/** Null for an agent that nobody gave a part and that has no teammates: it works as if there were no teams. */
function briefing(agentId: AgentId, { profiles, directory, setup }: Briefing): string | null {
  const profile = profiles.of(agentId);
  const id = PartyId.parse(agentId);
  const others = profiles.all().filter((each) => each.teamId === profile.teamId && each.agentId !== agentId);
  if (!profiles.hasOwn(agentId) && others.length === 0) return null;
  const teammates = others.map((other) => {
    const party = PartyId.parse(other.agentId);
    const { role, description } = other;
    return { name: directory.party(party).name, role, description, project: directory.projectName(party) };
  });
  const team = profiles.teams().find((each) => each.id === profile.teamId);
  return briefingText({
    name: directory.party(id).name,
    profile,
    team: directory.teamName(profile.teamId),
    project: directory.projectName(id),
    teammates,
    projects: (team?.projectIds ?? []).flatMap((projectId) => setup.getProject(projectId) ?? []),
    contacts: directory.contactsOf(id).map((contact) => directory.party(contact).name),
    seal: setup.sealFor(agentId),
  });
}
