/** What `groups.json` declares, with every default filled in. Pure. */
import { isAbsolute, join } from 'node:path';
import type { Provider } from '../protocol/agent.ts';
import { type AgentKind, kindFacts } from '../protocol/agent-kinds.ts';
import { TeamId } from '../protocol/ids.ts';
import { partyIds } from '../protocol/message.ts';
import type { SandboxMode } from '../protocol/sandbox.ts';
import { personWords } from '../protocol/team.ts';
import type { Group, GroupAgent, GroupFile, GroupProject } from './group-schema.ts';
import type { JsonPath } from './group-text.ts';
import { type ProfileRow, wakeDefaults } from './profile-store.ts';

/** What a member's profile holds besides whose it is. */
export type Part = Omit<ProfileRow, 'agentId' | 'groupId' | 'memberKey'>;

export type DeclaredMember = {
  readonly key: string;
  readonly name: string;
  /** The folder it works in, symbolic links resolved; empty where there is none. */
  readonly folder: string;
  readonly provider: Provider;
  readonly command: readonly string[];
  /** Undefined: as it is. */
  readonly model: string | null | undefined;
  readonly sandboxMode: SandboxMode | null | undefined;
  readonly part: Part;
  /** Keys of members, or `person`; null: the usual ones of its role. */
  readonly contacts: readonly string[] | null;
  /** Where the file declares it. */
  readonly path: JsonPath;
  /** The field that names it. */
  readonly nameField: 'name' | 'identifier';
};

export type DeclaredProject = { readonly key: string; readonly name: string; readonly folder: string; readonly path: JsonPath };

export type DeclaredGroup = {
  readonly id: TeamId;
  readonly name: string;
  readonly projects: readonly DeclaredProject[];
  readonly members: readonly DeclaredMember[];
  /** As the file has it. */
  readonly config: string;
};

export type Ground = {
  readonly home: string;
  /** The folder with symbolic links resolved; null where there is none. */
  readonly folder: (path: string) => string | null;
};

export function declaredGroups(file: GroupFile, ground: Ground): DeclaredGroup[] {
  return file.groups.map((group, index) => declaredGroup(group, ['groups', index], ground));
}

/** Null for a path that is no absolute one, or where no folder is. */
export function folderAt(cwd: string, { home, folder }: Ground): string | null {
  const path = cwd === '~' || cwd.startsWith('~/') ? join(home, cwd.slice(1)) : cwd;
  return isAbsolute(path) ? folder(path) : null;
}

/** The key that a member is meant by; undefined when none is. */
export function contactKey(word: string, members: readonly Pick<DeclaredMember, 'key' | 'name'>[]): string | undefined {
  const found = members.find(({ key }) => key === word) ?? members.find(({ name }) => name === word);
  if (found) return found.key;
  return personWords.some((each) => each === word.toLowerCase()) ? partyIds.person : undefined;
}

function declaredGroup(group: Group, path: JsonPath, ground: Ground): DeclaredGroup {
  const projects = group.projects.map(({ id, name, cwd }, index): DeclaredProject => {
    return { key: id, name, folder: folderAt(cwd, ground) ?? '', path: [...path, 'projects', index] };
  });
  const firstFolder = projects[0]?.folder ?? '';
  const agents = (group.agents ?? []).map((agent, index) => {
    const folder = agent.cwd === undefined ? firstFolder : (folderAt(agent.cwd, ground) ?? '');
    return agentMember(agent, folder, [...path, 'agents', index]);
  });
  const workers = group.projects.flatMap((project, index) => {
    const place = projects[index];
    const hasAgent = project.isAgent !== false && project.enabled !== false;
    return hasAgent && place ? projectMember(project, place.folder, place.path) : [];
  });
  const members = [...agents, ...workers];
  const withContacts = members.map((member) => ({
    ...member,
    contacts: member.contacts?.map((word) => contactKey(word, members) ?? word) ?? null,
  }));
  return { id: TeamId.parse(group.id), name: group.name, projects, members: withContacts, config: JSON.stringify(group) };
}

function agentMember(agent: GroupAgent, folder: string, path: JsonPath): DeclaredMember {
  const { wakeStrategy = null, wakeIntervalMin = wakeDefaults.wakeIntervalMin, wakeThreshold = wakeDefaults.wakeThreshold } = agent;
  const wake = { wakeStrategy, wakeIntervalMin, wakeThreshold };
  const part: Part = { ...sharedPart(agent), ...wake, role: agent.role, tier: 1, description: '', stallThresholdMin: null };
  return { ...sharedMember(agent), name: agent.name, nameField: 'name', folder, sandboxMode: undefined, part, path };
}

function projectMember(project: GroupProject, folder: string, path: JsonPath): DeclaredMember {
  const { agentRole: role = 'project', description = '', stallThresholdMin = null, sandboxEnabled, identifier, name } = project;
  const part: Part = { ...sharedPart(project), ...wakeDefaults, role, tier: 2, description, wakeStrategy: null, stallThresholdMin };
  const sandboxMode = sandboxEnabled === undefined ? undefined : sandboxEnabled ? null : 'off';
  const named =
    identifier === undefined
      ? ({ name: identifierOf(name), nameField: 'name' } as const)
      : ({ name: identifier, nameField: 'identifier' } as const);
  return { ...sharedMember(project), ...named, folder, sandboxMode, part, path };
}

function sharedMember({ id, kind, provider = 'claude', command = [], model, contacts }: GroupAgent | GroupProject) {
  const program = kind === undefined ? { provider, command } : programOf(kind);
  return { key: id, ...program, model, contacts: contacts ?? null };
}

/** As the catalogue names it: where the program itself is, is found out when it is started. */
function programOf(kind: AgentKind): Pick<DeclaredMember, 'provider' | 'command'> {
  const { provider, program, args } = kindFacts[kind];
  return { provider, command: provider === 'acp' && program !== null ? [program, ...args] : [] };
}

function sharedPart({ systemPrompt = '', autonomousMode = 'restricted', enabled = true }: GroupAgent | GroupProject) {
  return { systemPrompt, autonomousMode, enabled };
}

/** The name in lower case, "-" for spaces, and of the rest only letters, digits, "-" and "_". */
export function identifierOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/\s+/g, '-')
    .replace(/[^a-z0-9_-]/g, '');
}
