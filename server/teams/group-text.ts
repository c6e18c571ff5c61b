/** The text of `groups.json` as a tree that knows its places, and what is wrong with its form. */
import { createScanner, findNodeAtLocation, type Node as JsonNode, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import * as z from 'zod/mini';
import type { GroupProblem } from '../protocol/team.ts';
import { agentFields, type Fields, fileFields, groupFields, projectFields } from './group-fields.ts';
import { GroupFile } from './group-schema.ts';
import { placeOf } from './text-place.ts';

export type JsonPath = readonly (string | number)[];

export type GroupText = {
  readonly text: string;
  /** Undefined for a text that holds nothing. */
  readonly root: JsonNode | undefined;
  /** Null when something is wrong with its form. */
  readonly file: GroupFile | null;
  readonly problems: readonly GroupProblem[];
};

/** More than anybody reads. */
export const mostProblems = 100;
/** A file of ours has seven levels; the parser would need a call for each of thousands. */
const mostDepth = 50;

/** Comments and commas behind the last entry are fine. */
export function parseGroups(text: string): GroupText {
  const tooDeep = offsetBelow(text, mostDepth);
  if (tooDeep !== undefined) return { text, root: undefined, file: null, problems: [depthProblem(text, tooDeep)] };
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const syntax = errors
    .slice(0, mostProblems)
    .map(({ error, offset, length }) => syntaxProblem(text, printParseErrorCode(error), { offset, length }));
  if (text.trim() === '') return { text, root, file: null, problems: [emptyProblem] };
  if (!root || syntax.length > 0) return { text, root, file: null, problems: syntax };
  const parsed = z.safeParse(GroupFile, plainValue(root));
  const form = parsed.success ? [] : parsed.error.issues.slice(0, mostProblems).map((issue) => formProblem(text, root, issue));
  return { text, root, file: parsed.success ? parsed.data : null, problems: [...form, ...fieldProblems(text, root)] };
}

/** At the value at `path`; where there is none, at what would hold it. */
export function problemAt(
  { text, root }: Pick<GroupText, 'text' | 'root'>,
  path: JsonPath,
  message: string,
  severity: GroupProblem['severity'] = 'error',
): GroupProblem {
  const node = root && nearestNode(root, path);
  return { severity, message, ...placeOf(text, node?.offset ?? 0, node ? shownLength(node) : 0) };
}

/** The fields that an object at that place has. */
export function fieldsAt(path: JsonPath): Fields | undefined {
  const [groups, , list] = path;
  if (path.length === 0) return fileFields;
  if (groups !== 'groups') return undefined;
  if (path.length === 2) return groupFields;
  if (path.length !== 4) return undefined;
  return list === 'projects' ? projectFields : list === 'agents' ? agentFields : undefined;
}

/** Of the tree, without prototypes that a text could reach. */
function plainValue(node: JsonNode): unknown {
  if (node.type === 'array') return (node.children ?? []).map(plainValue);
  if (node.type !== 'object') return node.value;
  return Object.fromEntries((node.children ?? []).map(({ children: [key, value] = [] }) => [key?.value, value && plainValue(value)]));
}

const emptyProblem: GroupProblem = {
  severity: 'error',
  message: 'The file is empty. { "version": 1, "groups": [] } is the least it can hold.',
  ...{ line: 0, column: 0, endLine: 0, endColumn: 0 },
};

/** Of the first bracket that opens a level too many; what stands in a string or a comment is none. */
function offsetBelow(text: string, most: number): number | undefined {
  const scanner = createScanner(text, true);
  let depth = 0;
  for (scanner.scan(); scanner.getTokenLength() > 0; scanner.scan()) {
    const first = text[scanner.getTokenOffset()];
    if (first === '{' || first === '[') depth += 1;
    if (first === '}' || first === ']') depth -= 1;
    if (depth > most) return scanner.getTokenOffset();
  }
  return undefined;
}

function depthProblem(text: string, offset: number): GroupProblem {
  return { severity: 'error', message: 'Here it is nested deeper than anything this file holds.', ...placeOf(text, offset, 1) };
}

function syntaxProblem(text: string, code: string, at: { readonly offset: number; readonly length: number }): GroupProblem {
  const words = code.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return { severity: 'error', message: `This is no JSON: ${words}.`, ...placeOf(text, at.offset, at.length) };
}

type Issue = { readonly path: readonly PropertyKey[]; readonly message: string };

function formProblem(text: string, root: JsonNode, { path: keys, message }: Issue): GroupProblem {
  // JSON has no other keys.
  const path = keys.filter((key) => typeof key !== 'symbol');
  const isMissing = findNodeAtLocation(root, [...path]) === undefined;
  const name = path.findLast((key) => typeof key === 'string');
  const said = name === undefined ? message : `${isMissing ? `"${name}" is missing` : `"${name}"`}: ${message}`;
  return problemAt({ text, root }, path, `${said}.`);
}

/** Fields that nobody knows, stand twice or have no effect. */
function fieldProblems(text: string, root: JsonNode): GroupProblem[] {
  const problems: GroupProblem[] = [];
  const look = (node: JsonNode, path: JsonPath) => {
    const fields = fieldsAt(path);
    const seen = new Set<string>();
    for (const [index, child] of (node.children ?? []).entries()) {
      if (problems.length >= mostProblems) return;
      if (node.type === 'array') look(child, [...path, index]);
      const [key, value] = child.children ?? [];
      if (node.type !== 'object' || !key || !fields) continue;
      problems.push(...keyProblems(text, key, { fields, seen }));
      seen.add(key.value);
      if (value) look(value, [...path, key.value]);
    }
  };
  look(root, []);
  return problems;
}

function keyProblems(text: string, key: JsonNode, { fields, seen }: { fields: Fields; seen: ReadonlySet<string> }): GroupProblem[] {
  const name: string = key.value;
  const problem = (severity: GroupProblem['severity'], message: string) => [
    { severity, message, ...placeOf(text, key.offset, key.length) },
  ];
  if (seen.has(name)) return problem('error', `"${name}" stands here twice. Keep one of them.`);
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (!field) return problem('warning', `"${name}" is not known and has no effect. Known: ${Object.keys(fields).join(', ')}.`);
  return field.without === undefined ? [] : problem('info', `"${name}" has no effect. ${field.without}`);
}

function nearestNode(root: JsonNode, path: JsonPath): JsonNode {
  for (let length = path.length; length > 0; length -= 1) {
    const node = findNodeAtLocation(root, path.slice(0, length));
    if (node) return node;
  }
  return root;
}

/** A list or an object is marked by its first character, not over all its lines. */
function shownLength(node: JsonNode): number {
  return node.type === 'object' || node.type === 'array' ? 1 : node.length;
}
