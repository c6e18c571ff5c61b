/**
 * What a person types, understood: words, "phrases", prefix*, -not, agent: project: type: since:. Nothing is an error:
 * what is not understood is taken as words, with a remark.
 */
import type { SearchGroup } from '../protocol/search.ts';

export type Query = {
  /** For the full-text index; null when there is nothing to look for. */
  readonly match: string | null;
  /** The same without what is left out, where one of it is enough: for marking it. */
  readonly either: string;
  /** As typed, in lower case, for ranking by how exact a hit is. */
  readonly words: readonly string[];
  readonly agents: readonly string[];
  readonly projects: readonly string[];
  /** Null: all. */
  readonly groups: readonly SearchGroup[] | null;
  /** Epoch milliseconds. */
  readonly since: number | null;
  readonly remarks: readonly string[];
};

/** What the names in a query are checked against. */
export type Known = { readonly isAgent: (name: string) => boolean; readonly isProject: (name: string) => boolean };

type Token = { readonly isNot: boolean; readonly field: string | null; readonly text: string; readonly isPrefix: boolean };
type Draft = {
  positive: string[];
  negative: string[];
  words: string[];
  agents: string[];
  projects: string[];
  groups: SearchGroup[];
  since: number | null;
  remarks: string[];
};

const maxTokens = 40;
const dayMs = 86_400_000;
const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: dayMs, w: 7 * dayMs };
const tokenShape = /(-?)(?:(agent|project|type|since):)?(?:"([^"]*)"?|([^\s"]+))(\*?)/giu;
/** Of other characters the index knows nothing. */
const hasLetters = /[\p{L}\p{N}\p{Co}]/u;
const unprintable = /\p{Cc}/gu;

const groupsByName: Readonly<Record<string, SearchGroup>> = {
  message: 'messages',
  messages: 'messages',
  task: 'tasks',
  tasks: 'tasks',
  communication: 'communications',
  communications: 'communications',
  mail: 'communications',
  deadletter: 'deadLetters',
  deadletters: 'deadLetters',
  'dead-letter': 'deadLetters',
  'dead-letters': 'deadLetters',
  audit: 'audit',
};

export function parseQuery(typed: string, known: Known, now: number): Query {
  const draft: Draft = { positive: [], negative: [], words: [], agents: [], projects: [], groups: [], since: null, remarks: [] };
  const tokens = tokensOf(typed);
  for (const token of tokens.slice(0, maxTokens)) take(token, draft, { known, now });
  if (tokens.length > maxTokens) draft.remarks.push(`Only the first ${maxTokens} words count.`);
  const { positive, negative, words, agents, projects, groups, since, remarks } = draft;
  if (positive.length === 0 && negative.length > 0) remarks.push('Words with a minus only leave hits out; name a word to look for too.');
  const wanted = positive.join(' AND ');
  const match = positive.length === 0 ? null : negative.length === 0 ? wanted : `(${wanted}) NOT (${negative.join(' OR ')})`;
  return { match, either: positive.join(' OR '), words, agents, projects, groups: groups.length > 0 ? groups : null, since, remarks };
}

function tokensOf(typed: string): Token[] {
  return [...typed.replace(unprintable, ' ').matchAll(tokenShape)].map(([, minus, field, phrase, word, star]) => {
    const text = phrase ?? word ?? '';
    const isPrefix = star === '*' || word?.endsWith('*') === true;
    return { isNot: minus === '-', field: field?.toLowerCase() ?? null, text, isPrefix };
  });
}

function take(token: Token, draft: Draft, context: { readonly known: Known; readonly now: number }): void {
  const { isNot, field, text } = token;
  if (field !== null && !isNot && takeField(field, text, draft, context)) return;
  const words = field === null ? text : `${field} ${text}`;
  if (field !== null) draft.remarks.push(whyWords(field, text, isNot));
  if (!hasLetters.test(words)) {
    if (text !== '') draft.remarks.push(`"${text}" has no letters or digits, and was left out.`);
    return;
  }
  (isNot ? draft.negative : draft.positive).push(`"${words.replaceAll('"', ' ')}"${token.isPrefix ? ' *' : ''}`);
  if (!isNot) draft.words.push(words.replace(/\*+$/, '').toLowerCase());
}

/** Whether the field was understood. */
function takeField(field: string, value: string, draft: Draft, { known, now }: { readonly known: Known; readonly now: number }): boolean {
  if (field === 'agent') return known.isAgent(value) && draft.agents.push(value) > 0;
  if (field === 'project') return known.isProject(value) && draft.projects.push(value) > 0;
  if (field === 'type') {
    const group = Object.hasOwn(groupsByName, value.toLowerCase()) ? groupsByName[value.toLowerCase()] : undefined;
    return group !== undefined && draft.groups.push(group) > 0;
  }
  const since = moment(value, now);
  if (since === undefined) return false;
  draft.since = Math.max(draft.since ?? since, since);
  return true;
}

function moment(value: string, now: number): number | undefined {
  const [, count, unit = ''] = /^(\d{1,5})([mhdw])$/i.exec(value) ?? [];
  if (count !== undefined) return now - Number(count) * (unitMs[unit.toLowerCase()] ?? dayMs);
  const at = /^\d{4}-\d\d-\d\d(T[\d:.]+Z?)?$/i.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

function whyWords(field: string, value: string, isNot: boolean): string {
  const taken = 'it was taken as words';
  if (isNot) return `"-${field}:" is not known, so ${taken}; only words and phrases can be left out.`;
  if (field === 'agent') return `No agent is called "${value}", so ${taken}.`;
  if (field === 'project') return `No project is called "${value}", so ${taken}.`;
  if (field === 'type') return `"type:${value}" is none of messages, tasks, communications, dead-letters and audit, so ${taken}.`;
  return `"since:${value}" is neither a span as 2d or 3h nor a date as 2026-11-01, so ${taken}.`;
}
