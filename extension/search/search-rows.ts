/** What the search shows, row by row, as plain values. */
import { AgorError } from '../../server/protocol/errors.ts';
import type { SearchAnswer, SearchGroup, SearchHit } from '../../server/protocol/search.ts';
import type { CommandId } from '../command-ids.ts';
import type { Translate } from '../text/translate.ts';
import { pickText } from '../text/visible-text.ts';
import { timeAgo } from '../text/wording.ts';
import type { SearchState } from './search-course.ts';
import { snippetText } from './snippet-text.ts';

/** `example` is put where one types; `more` shows all of a group; `way` leads out of a failure; a `note` only tells. */
export type SearchRow =
  | { readonly kind: 'separator'; readonly label: string }
  | { readonly kind: 'hit'; readonly hit: SearchHit; readonly label: string; readonly description: string; readonly detail: string }
  | { readonly kind: 'example'; readonly query: string; readonly label: string; readonly description: string }
  | { readonly kind: 'note'; readonly label: string; readonly detail: string }
  | { readonly kind: 'more'; readonly group: SearchGroup; readonly label: string }
  | { readonly kind: 'way'; readonly to: 'tryAgain' | CommandId; readonly label: string };

const icons: Record<SearchGroup, string> = {
  messages: 'comment-discussion',
  tasks: 'checklist',
  communications: 'mail',
  deadLetters: 'circle-slash',
  audit: 'history',
};

export function searchRows(state: SearchState, nowMs: number, t: Translate): SearchRow[] {
  if (state.kind === 'none') return examples(t);
  if (state.kind === 'waiting') return [];
  if (state.kind === 'failed') return failure(state.error, t);
  return [...notes(state.answer, t), ...hits(state, nowMs, t)];
}

export function groupName(group: SearchGroup, t: Translate): string {
  const names: Record<SearchGroup, string> = {
    messages: t('Messages'),
    tasks: t('Tasks'),
    communications: t('Communications'),
    deadLetters: t('Not Delivered'),
    audit: t('Audit Log'),
  };
  return names[group];
}

/**
 * The row that is chosen after others came in place of `before`. What a person chose stays chosen; who still is at the
 * first hit wants the first one.
 */
export function chosenRow(before: readonly SearchRow[], chosenId: string | undefined, after: readonly SearchRow[]): SearchRow | undefined {
  const first = after.find(({ kind }) => kind === 'hit') ?? after.find(({ kind }) => kind !== 'separator');
  const hitsBefore = before.filter((row) => row.kind === 'hit');
  const placeBefore = hitsBefore.findIndex(({ hit }) => hit.id === chosenId);
  if (placeBefore <= 0) return first;
  const hitsAfter = after.filter((row) => row.kind === 'hit');
  return hitsAfter.find(({ hit }) => hit.id === chosenId) ?? hitsAfter[Math.min(placeBefore, hitsAfter.length - 1)] ?? first;
}

function examples(t: Translate): SearchRow[] {
  const texts: readonly (readonly [string, string])[] = [
    ['login failed', t('both words')],
    ['"login failed"', t('the words in this order')],
    ['log*', t('words that begin like this')],
    ['login -test', t('without a word')],
    ['agent:builder login', t('of one agent')],
    ['project:shop login', t('in one project')],
    ['type:tasks login', t('of one kind: messages, tasks, communications, deadLetters, audit')],
    ['since:7d login', t('not older than seven days')],
  ];
  const rows = texts.map(([query, description]) => ({ kind: 'example', query, label: `$(search) ${query}`, description }) as const);
  return [{ kind: 'separator', label: t('How to ask') }, ...rows];
}

function failure(error: unknown, t: Translate): SearchRow[] {
  const sentence = error instanceof Error ? error.message : String(error);
  const isAway = error instanceof AgorError && (error.code === 'unavailable' || error.code === 'unauthorized');
  return [
    { kind: 'note', label: `$(error) ${t('The search did not answer.')}`, detail: pickText(sentence) },
    { kind: 'way', to: 'tryAgain', label: `$(refresh) ${t('Try Again')}` },
    ...(isAway ? [{ kind: 'way', to: 'agor.restartBackend', label: `$(debug-restart) ${t('Restart Backend')}` } as const] : []),
    { kind: 'way', to: 'agor.showLog', label: `$(output) ${t('Show Log')}` },
  ];
}

function notes({ remarks, isComplete }: SearchAnswer, t: Translate): SearchRow[] {
  const incomplete = { kind: 'note', label: `$(sync) ${t('The index is not complete yet: there may be more.')}`, detail: '' } as const;
  const told = remarks.map((remark) => ({ kind: 'note', label: `$(info) ${pickText(remark)}`, detail: '' }) as const);
  return [...(isComplete ? [] : [incomplete]), ...told];
}

function hits({ answer, query }: Extract<SearchState, { kind: 'found' }>, nowMs: number, t: Translate): SearchRow[] {
  const found = answer.groups.filter((group) => group.hits.length > 0);
  if (found.length === 0) {
    const label = `$(search-stop) ${t('Nothing was found for {0}', pickText(query))}`;
    return [{ kind: 'note', label, detail: t('Fewer words find more, and so does the beginning of a word with * behind it.') }];
  }
  return found.flatMap(({ group, hits: ofGroup, hasMore }): SearchRow[] => [
    { kind: 'separator', label: groupName(group, t) },
    ...ofGroup.map((hit) => hitRow(hit, query, nowMs, t)),
    ...(hasMore ? [{ kind: 'more', group, label: `$(ellipsis) ${t('More of {0}', groupName(group, t))}` } as const] : []),
  ]);
}

function hitRow(hit: SearchHit, query: string, nowMs: number, t: Translate): SearchRow {
  return {
    ...{ kind: 'hit', hit },
    label: `$(${icons[hit.group]}) ${pickText(hit.title)}`,
    description: timeAgo(hit.at, nowMs, t),
    detail: snippetText(hit.snippet, query),
  };
}
