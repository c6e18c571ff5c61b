import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ToolContent } from '../../../../../server/protocol/agent-event.ts';
import { chatTexts } from '../../../../../server/protocol/chat-texts.ts';
import { permissionRow } from '../../../../../webviews/chat/items/permission.ts';
import type { Question, RowContext } from '../../../../../webviews/chat/items/row-context.ts';
import { askToRun, id, numbered } from '../../../../support/chat-harness/sample-data.ts';

const lines = Array.from({ length: 300 }, (_, index) => `line ${index}`).join('\n');

test('an open question shows the whole of a change, however long, and answered it is folded up to its beginning', () => {
  const change: ToolContent = { type: 'diff', path: 'a.ts', oldText: null, newText: lines };
  assert.match(shownOf(question('open', change)), /line 299/);
  const answered = shownOf(question('denied', change));
  assert.match(answered, /line 199/);
  assert.doesNotMatch(answered, /line 299/);
});

test('what is hidden in the path of a change is shown and counted', () => {
  const shown = shownOf(question('open', { type: 'diff', path: 'src/\u202ets.a', oldText: null, newText: '' }));
  assert.match(shown, /src\/.*U\+202E.*ts\.a/s);
  assert.ok(shown.includes(chatTexts.permissionHiddenOne));
});

test('a question says when a part of it was cut before it came', () => {
  const cut: ToolContent = { type: 'text', text: 'begin\n… 12 more characters were left out.' };
  assert.ok(shownOf(question('open', cut)).includes(chatTexts.permissionClipped));
  assert.ok(!shownOf(question('open', { type: 'text', text: 'all of it' })).includes(chatTexts.permissionClipped));
});

function question(state: Question['state'], content: ToolContent): Question {
  const request = { ...askToRun, command: null, content: [content] };
  const rest = { toolItemId: null, hash: 'hash', answeredBy: null, answeredAt: null };
  const [item] = numbered([{ kind: 'permission', approvalId: id('a440', 1), request, state, ...rest }]);
  assert.ok(item?.kind === 'permission');
  return item;
}

/** All that the templates of the row say, in order. The row itself is open, nothing in it was opened. */
function shownOf(item: Question, isUnfenced = false): string {
  // Templates only ask what is open; a click would ask for the rest.
  const context = {
    isOpen: (part: string) => part === item.id,
    questionState: () => 'ready',
    approvalOf: () => undefined,
    isUnfenced: () => isUnfenced,
  } as unknown as RowContext;
  return textOf(permissionRow(item, context));
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join('');
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  if (typeof value !== 'object' || value === null || !('values' in value) || !('strings' in value)) return '';
  const { strings, values } = value;
  if (!Array.isArray(strings) || !Array.isArray(values)) return '';
  return strings.map((text, index) => text + textOf(values[index])).join('');
}

test('an open question of an agent without a sandbox says that the answer binds nobody', () => {
  const item = question('open', { type: 'text', text: 'all of it' });
  assert.match(shownOf(item, true), /not sandboxed/);
  assert.doesNotMatch(shownOf(item, false), /not sandboxed/);
});
