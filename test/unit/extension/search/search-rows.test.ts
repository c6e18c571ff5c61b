import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SearchState } from '../../../../extension/search/search-course.ts';
import { chosenRow, type SearchRow, searchRows } from '../../../../extension/search/search-rows.ts';
import { AgorError } from '../../../../server/protocol/errors.ts';
import type { SearchAnswer } from '../../../../server/protocol/search.ts';
import { plainTranslate } from '../../../support/plain-translate.ts';
import { sampleAnswer, sampleHit } from '../../../support/search-samples.ts';

const rowsOf = (state: SearchState) => searchRows(state, 3_600_000, plainTranslate);
const found = (answer: SearchAnswer, query = 'login') => rowsOf({ kind: 'found', query, answer });

test('hits stand in groups, each with who, when and what, and with a way to more of them', () => {
  const answer = sampleAnswer([sampleHit(1), sampleHit(2, 'tasks')]);
  const [first, ...others] = answer.groups;
  assert.ok(first);
  const rows = found({ ...answer, groups: [{ ...first, hasMore: true }, ...others] });
  assert.deepEqual(rows.map(textOf), [
    '-- Messages',
    '$(comment-discussion) builder in shop 1 | 1 hour ago | the login has failed',
    '$(ellipsis) More of Messages',
    '-- Tasks',
    '$(checklist) builder in shop 2 | 1 hour ago | the login has failed',
  ]);
});

test('a text that someone else wrote draws no icon and hides nothing', () => {
  const hit = sampleHit(1, 'audit', {
    title: '$(check) ok\u202e',
    snippet: [
      { text: '$', isMatch: false },
      { text: '(zap) x\n\ny', isMatch: false },
    ],
  });
  assert.equal(textOf(found(sampleAnswer([hit]))[1]), '$(history) \\$(check) ok<U+202E> | 1 hour ago | \\$(zap) x y');
});

test('what was not understood, and that there may be more, stands above the hits', () => {
  const rows = found(sampleAnswer([sampleHit(1)], { remarks: ['There is no agent "x".'], isComplete: false }));
  assert.deepEqual(rows.slice(0, 2).map(textOf), [
    '$(sync) The index is not complete yet: there may be more.',
    '$(info) There is no agent "x".',
  ]);
  assert.equal(chosenRow([], undefined, rows)?.kind, 'hit');
});

test('where nothing was found it is said, with what finds more', () => {
  assert.deepEqual(found(sampleAnswer([]), '$(x)').map(textOf), [
    '$(search-stop) Nothing was found for \\$(x) | Fewer words find more, and so does the beginning of a word with * behind it.',
  ]);
});

test('before anything is typed there are examples of everything that can be asked', () => {
  const queries = rowsOf({ kind: 'none' }).flatMap((row) => (row.kind === 'example' ? [row.query] : []));
  for (const sign of ['"', '*', '-', 'agent:', 'project:', 'type:', 'since:'])
    assert.ok(
      queries.some((query) => query.includes(sign)),
      sign,
    );
});

test('a failure says why and leads out: again, and where the backend is away, its restart', () => {
  const ways = (error: unknown) => rowsOf({ kind: 'failed', query: 'login', error }).flatMap((row) => (row.kind === 'way' ? [row.to] : []));
  assert.deepEqual(ways(new AgorError('unavailable', 'The backend is not there now.')), [
    'tryAgain',
    'agor.restartBackend',
    'agor.showLog',
  ]);
  assert.deepEqual(ways(new AgorError('storage', 'The index is damaged.')), ['tryAgain', 'agor.showLog']);
});

test('a hit that was chosen stays chosen when the order changes; who is still at the first one gets the first one', () => {
  const [a, b, c] = [sampleHit(1), sampleHit(2), sampleHit(3)];
  const before = found(sampleAnswer([a, b, c]));
  const after = found(sampleAnswer([c, b, a]));
  assert.equal(idOf(chosenRow(before, b.id, found(sampleAnswer([b, c, a])))), b.id);
  assert.equal(idOf(chosenRow(before, a.id, after)), c.id);
  assert.equal(idOf(chosenRow(before, undefined, after)), c.id);
  assert.equal(idOf(chosenRow(before, c.id, found(sampleAnswer([a, b])))), b.id);
});

function textOf(row: SearchRow | undefined): string {
  if (!row) return '';
  if (row.kind === 'separator') return `-- ${row.label}`;
  return [row.label, 'description' in row ? row.description : '', 'detail' in row ? row.detail : ''].filter(Boolean).join(' | ');
}

function idOf(row: SearchRow | undefined): string | undefined {
  return row?.kind === 'hit' ? row.hit.id : undefined;
}
