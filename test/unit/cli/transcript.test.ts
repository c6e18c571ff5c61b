import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import { plain } from '../../../server/cli/style.ts';
import { itemLines, usageText } from '../../../server/cli/transcript.ts';
import type { ItemId, PromptId } from '../../../server/protocol/ids.ts';
import type { Item } from '../../../server/protocol/session.ts';

const common = { id: newId<ItemId>(), turnId: null, ordinal: 1, at: 0 };
const tool = {
  ...common,
  kind: 'tool',
  parentItemId: null,
  name: 'Bash',
  title: '',
  toolKind: 'execute',
  input: {},
  status: 'ok',
  omittedChars: 0,
  endedAt: 1,
} as const;
const failure = { type: 'auth', message: 'Log in first.', retryable: false } as const;
const noUsage = { inputTokens: null, outputTokens: null, cacheReadTokens: null, cacheWriteTokens: null };

describe('an item of a session as text', () => {
  const cases: [name: string, item: Item, expected: string[]][] = [
    [
      'a prompt is quoted, and says when it waits',
      { ...common, kind: 'prompt', promptId: newId<PromptId>(), text: 'one\ntwo', state: 'queued' },
      ['', '> one', '> two', '(waits for its turn)'],
    ],
    [
      'a text that was cut says so, and carries no escape sequences',
      { ...common, kind: 'text', text: '\u001b[31mred', complete: true, interrupted: true },
      ['', 'red', '(cut off here)'],
    ],
    ['a tool without a title goes by its name', { ...tool, content: [{ type: 'text', text: 'out' }] }, ['  Bash [ok]', '    out']],
    [
      'a plan shows how far it is',
      {
        ...common,
        kind: 'plan',
        entries: [
          { text: 'a', status: 'done' },
          { text: 'b', status: 'running' },
        ],
      },
      ['  [x] a', '  [>] b'],
    ],
    ['a notice is one line', { ...common, kind: 'notice', level: 'warning', text: 'a\nb' }, ['warning: a b']],
    [
      'the end of a turn says why',
      { ...common, kind: 'turnEnd', reason: 'failed', failure, durationMs: 1500, usage: null },
      ['-- failed after 1.5 s: Log in first.'],
    ],
  ];
  for (const [name, item, expected] of cases) it(name, () => assert.deepEqual(itemLines(item, plain), expected));

  it('long output is shortened, and says by how much', () => {
    const text = Array.from({ length: 20 }, (_, line) => `line ${line}`).join('\n');
    const lines = itemLines({ ...tool, content: [{ type: 'text', text }], omittedChars: 7 }, plain);
    assert.deepEqual(lines.slice(-2), ['    … 8 more lines, see --json', '    … 7 characters were not kept']);
  });
});

describe('use and cost', () => {
  it('show what is known and nothing else', () => {
    const context = { contextTokens: 1_458, contextWindowTokens: 200_000 };
    assert.equal(usageText({ ...noUsage, ...context, costUsd: null }), '1% of context');
    assert.equal(
      usageText({ ...noUsage, ...context, inputTokens: 10, outputTokens: 5, costUsd: 0.0123 }),
      '15 tokens, 1% of context, $0.0123',
    );
    assert.equal(usageText({ ...noUsage, contextTokens: null, contextWindowTokens: null, costUsd: null }), '');
  });
});
