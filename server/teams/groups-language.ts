/** `groups.json` in an editor: faults, completion, hover, and what can be done from within it. Pure, over a text and a place. */
import { findNodeAtLocation, findNodeAtOffset, getLocation, getNodePath } from 'jsonc-parser';
import type { AgentId, ProjectId } from '../protocol/ids.ts';
import type { GroupProblem } from '../protocol/team.ts';
import { folderAt, type Ground } from './declared-groups.ts';
import type { Field } from './group-fields.ts';
import { fieldsAt, type GroupText, type JsonPath, parseGroups } from './group-text.ts';
import { readGroups } from './read-groups.ts';
import { type Place, placeOf } from './text-place.ts';

export type Suggestion = {
  readonly label: string;
  readonly kind: 'field' | 'value';
  readonly says: string;
  /** What is put in the place of what stands at `place`. */
  readonly text: string;
  readonly place: Place;
};

export type Hover = { readonly says: string; readonly place: Place };

export type Lens = {
  readonly place: Place;
  readonly title: string;
  readonly command: 'agor.startAgent' | 'agor.trustProject';
  /** As the extension's commands get it from its tree. */
  readonly argument: { readonly kind: 'agent' | 'project'; readonly id: string };
};

/** What of the file is in force. */
export type InForce = {
  readonly agent: (groupId: string, memberKey: string) => { readonly id: AgentId; readonly name: string } | undefined;
  readonly project: (folder: string) => { readonly id: ProjectId; readonly name: string; readonly trusted: boolean } | undefined;
};

export function diagnose(text: string, ground: Ground): readonly GroupProblem[] {
  return readGroups(text, ground).problems;
}

export function complete(text: string, offset: number): Suggestion[] {
  const { path, isAtPropertyKey, previousNode } = getLocation(text, offset);
  const isWithin = previousNode && offset >= previousNode.offset && offset <= previousNode.offset + previousNode.length;
  const place = isWithin ? placeOf(text, previousNode.offset, previousNode.length) : placeOf(text, offset, 0);
  const object = path.slice(0, -1);
  if (isAtPropertyKey)
    return missingFields(parseGroups(text), object, path.at(-1)).map((each) => fieldSuggestion(each, { text, offset, place }));
  return valuesAt(text, path).map(({ value, says }) => ({ label: value, kind: 'value', says, text: value, place }));
}

export function hover(text: string, offset: number): Hover | null {
  const { root } = parseGroups(text);
  const node = root && findNodeAtOffset(root, offset);
  const property = node?.parent?.type === 'property' ? node.parent : undefined;
  if (!node || !property?.parent) return null;
  const name: unknown = property.children?.[0]?.value;
  const field = typeof name === 'string' ? fieldAt(getNodePath(property.parent), name) : undefined;
  return field ? { says: fieldText(field), place: placeOf(text, node.offset, node.length) } : null;
}

export function lenses(text: string, ground: Ground, inForce: InForce): Lens[] {
  const parsed = parseGroups(text);
  const { file } = parsed;
  return (file?.groups ?? []).flatMap((group, index) => {
    const at = (list: 'projects' | 'agents', place: number) => placeOfObject(parsed, ['groups', index, list, place]);
    const ofProjects = group.projects.flatMap((project, number) => {
      const folder = folderAt(project.cwd, ground);
      const found = folder === null ? undefined : inForce.project(folder);
      const place = at('projects', number);
      return [...trustLens(found, place), ...startLens(inForce.agent(group.id, project.id), place)];
    });
    const ofAgents = (group.agents ?? []).flatMap((agent, number) => startLens(inForce.agent(group.id, agent.id), at('agents', number)));
    return [...ofProjects, ...ofAgents];
  });
}

function startLens(agent: ReturnType<InForce['agent']>, place: Place): Lens[] {
  if (!agent) return [];
  return [{ place, title: `Start agent ${agent.name}`, command: 'agor.startAgent', argument: { kind: 'agent', id: agent.id } }];
}

function trustLens(project: ReturnType<InForce['project']>, place: Place): Lens[] {
  if (!project || project.trusted) return [];
  return [{ place, title: `Trust project ${project.name}`, command: 'agor.trustProject', argument: { kind: 'project', id: project.id } }];
}

function placeOfObject({ text, root }: GroupText, path: JsonPath): Place {
  const node = root && findNodeAtLocation(root, [...path]);
  return placeOf(text, node?.offset ?? 0, 1);
}

type NamedField = { readonly name: string; readonly field: Field };

/** Those that the object does not have yet; the one that is being written counts as missing. */
function missingFields({ root }: GroupText, path: JsonPath, written: string | number | undefined): NamedField[] {
  const object = root && findNodeAtLocation(root, [...path]);
  const there = new Set((object?.children ?? []).map(({ children }): unknown => children?.[0]?.value));
  const isMissing = (name: string) => name === written || !there.has(name);
  const fields = Object.entries(fieldsAt(path) ?? {}).filter(([name, { without }]) => without === undefined && isMissing(name));
  return fields.map(([name, field]) => ({ name, field }));
}

type Spot = { readonly text: string; readonly offset: number; readonly place: Place };

/** With the beginning of its value, where none stands behind it yet. */
function fieldSuggestion({ name, field }: NamedField, { text, offset, place }: Spot): Suggestion {
  const hasValue = /^[^\n,{}]*:/.test(text.slice(offset));
  return { label: name, kind: 'field', says: fieldText(field), text: hasValue ? `"${name}"` : `"${name}": `, place };
}

function valuesAt(text: string, path: JsonPath): { readonly value: string; readonly says: string }[] {
  const name = path.at(-1);
  if (typeof name === 'number') return contactNames(text, path);
  const field = name === undefined ? undefined : fieldAt(path.slice(0, -1), name);
  return (field?.values ?? []).map((value) => ({ value: JSON.stringify(value), says: field?.says ?? '' }));
}

function contactNames(text: string, path: JsonPath): { readonly value: string; readonly says: string }[] {
  const [, index, , , list] = path;
  if (path.length !== 6 || list !== 'contacts') return [];
  const { root } = parseGroups(text);
  const ids = ['projects', 'agents'].flatMap((kind) => {
    const members = root && findNodeAtLocation(root, ['groups', Number(index), kind]);
    return (members?.children ?? []).flatMap((member): unknown => findNodeAtLocation(member, ['id'])?.value ?? []);
  });
  return ['person', ...ids].filter((id) => typeof id === 'string').map((id) => ({ value: JSON.stringify(id), says: '' }));
}

function fieldAt(path: JsonPath, name: string): Field | undefined {
  const fields = fieldsAt(path);
  return fields && Object.hasOwn(fields, name) ? fields[name] : undefined;
}

function fieldText({ says, isNeeded, values, without }: Field): string {
  const needed = isNeeded ? ' Needed.' : '';
  const choice = values ? ` One of ${values.map((value) => JSON.stringify(value)).join(', ')}.` : '';
  return `${says}${needed}${choice}${without === undefined ? '' : ` ${without}`}`;
}
