/** What is wrong with a `groups.json` whose form is right: names, ids, folders, contacts. Pure. */
import { agentNameFault, type GroupProblem } from '../protocol/team.ts';
import { contactKey, type DeclaredGroup, type DeclaredMember } from './declared-groups.ts';
import type { GroupAgent, GroupFile, GroupProject } from './group-schema.ts';
import type { JsonPath } from './group-text.ts';

export type Fault = { readonly path: JsonPath; readonly message: string; readonly severity?: GroupProblem['severity'] };

export function groupFaults(file: GroupFile, groups: readonly DeclaredGroup[]): Fault[] {
  return [
    ...idFaults(file),
    ...activeFaults(file),
    ...folderFaults(file, groups),
    ...kindFaults(file),
    ...groups.flatMap(({ members }) => members.flatMap(memberFaults)),
    ...nameFaults(groups),
    ...file.groups.flatMap((group, index) => contactFaults([...group.projects, ...(group.agents ?? [])], groups[index])),
  ];
}

function idFaults(file: GroupFile): Fault[] {
  const groups = file.groups.map(({ id }, index) => ({ id, path: ['groups', index, 'id'] }));
  const members = file.groups.map((group, index) => [
    ...group.projects.map(({ id }, at) => ({ id, path: ['groups', index, 'projects', at, 'id'] })),
    ...(group.agents ?? []).map(({ id }, at) => ({ id, path: ['groups', index, 'agents', at, 'id'] })),
  ]);
  return [groups, ...members].flatMap((listed) =>
    repeated(listed, ({ id }) => id).map(({ id, path }) => ({
      path,
      message: `The id "${id}" stands here twice. Give one of them another id.`,
    })),
  );
}

function activeFaults({ activeGroupId, groups }: GroupFile): Fault[] {
  if (!activeGroupId || groups.some(({ id }) => id === activeGroupId)) return [];
  const message = `There is no group "${activeGroupId}". Known: ${groups.map(({ id }) => id).join(', ') || 'none'}.`;
  return [{ path: ['activeGroupId'], message, severity: 'warning' }];
}

function folderFaults(file: GroupFile, groups: readonly DeclaredGroup[]): Fault[] {
  const projects = groups.flatMap((group) => group.projects);
  const missing = [...projects, ...groups.flatMap(({ members }) => members)].filter(({ folder }) => folder === '');
  const faults = missing.map(({ path }) => ({ path: [...path, 'cwd'], message: missingFolder(cwdAt(file, path)) }));
  const twice = repeated(
    projects.filter(({ folder }) => folder !== ''),
    ({ folder }) => folder,
  );
  const shared = twice.map(({ path, folder }) => ({
    path: [...path, 'cwd'],
    message: `${folder} is a project of a group already. A folder belongs to one project of one group.`,
  }));
  // A project and its agent say the same.
  return repeatedOut([...faults, ...shared]);
}

function missingFolder(cwd: string | undefined): string {
  if (cwd === undefined) return 'The agent has no folder to work in: give it a "cwd", or its group a project.';
  if (!/^[/~]/.test(cwd)) return `"${cwd}" is no absolute path. Write it from "/" or "~/" on.`;
  return `There is no folder ${cwd}. Make it first, or correct the path.`;
}

function cwdAt(file: GroupFile, [, group, list, index]: JsonPath): string | undefined {
  const found = file.groups[Number(group)];
  return (list === 'projects' ? found?.projects : found?.agents)?.[Number(index)]?.cwd;
}

function kindFaults(file: GroupFile): Fault[] {
  return file.groups.flatMap(({ projects, agents = [] }, group) =>
    Object.entries({ projects, agents }).flatMap(([list, members]) =>
      members.flatMap(({ kind, provider, command }, index) => {
        if (kind === undefined || (provider === undefined && command === undefined)) return [];
        const other = provider === undefined ? 'command' : 'provider';
        const message = `"kind": "${kind}" says it already. Leave one of the two out.`;
        return [{ path: ['groups', group, list, index, other], message }];
      }),
    ),
  );
}

function memberFaults({ name, nameField, path, provider, command, part }: DeclaredMember): Fault[] {
  const faults: Fault[] = [];
  const at = [...path, nameField];
  if (name === '')
    faults.push({ path: at, message: 'Nothing of this can be a name for its agent. Give the project an "identifier" of letters.' });
  const fault = agentNameFault(name);
  if (fault !== null) faults.push({ path: at, message: fault });
  if (provider === 'acp' && command.length === 0)
    faults.push({
      path: [...path, 'provider'],
      message: 'An ACP agent needs its program: add "command": ["opencode", "acp"], or another.',
    });
  if (part.wakeStrategy !== null && part.role !== 'manager')
    faults.push({ path: [...path, 'wakeStrategy'], message: 'Only a manager is woken; this has no effect.', severity: 'warning' });
  return faults;
}

/** By its name an agent is written to, so no two in one project may share one. */
function nameFaults(groups: readonly DeclaredGroup[]): Fault[] {
  const members = groups.flatMap(({ members }) => members).filter(({ folder, name }) => folder !== '' && name !== '');
  return repeated(members, ({ folder, name }) => `${folder}\n${name}`).map(({ path, name, nameField }) => ({
    path: [...path, nameField],
    message: `There are two agents "${name}" in one project. Give one of them another name.`,
  }));
}

function contactFaults(listed: readonly (GroupProject | GroupAgent)[], group: DeclaredGroup | undefined): Fault[] {
  const members = group?.members ?? [];
  const wordsOf = new Map(listed.map(({ id, contacts }) => [id, contacts ?? []]));
  return members.flatMap(({ key, path }) => {
    const words = wordsOf.get(key) ?? [];
    return words.flatMap((word, index) => {
      if (contactKey(word, members) !== undefined) return [];
      const known = ['person', ...members.map(({ name }) => name)].join(', ');
      return { path: [...path, 'contacts', index], message: `Nobody in this group is called "${word}". Known: ${known}.` };
    });
  });
}

/** Those whose key came before. */
function repeated<T>(all: readonly T[], keyOf: (each: T) => string): T[] {
  const seen = new Set<string>();
  return all.filter((each) => {
    const key = keyOf(each);
    if (seen.has(key)) return true;
    seen.add(key);
    return false;
  });
}

function repeatedOut(faults: readonly Fault[]): Fault[] {
  return [...new Map(faults.map((fault) => [fault.path.join('.'), fault])).values()];
}
