import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import { type PromptPart, PromptStream } from '../../../server/cli/prompt-stream.ts';
import type { ApprovalId, ItemId, PromptId, TurnId } from '../../../server/protocol/ids.ts';
import type { Item, SessionChange } from '../../../server/protocol/session.ts';

type Of<K extends Item['kind']> = Extract<Item, { kind: K }>;

const promptId = newId<PromptId>();
const turnId = newId<TurnId>();
const otherTurnId = newId<TurnId>();
const ids = { prompt: newId<ItemId>(), text: newId<ItemId>(), text2: newId<ItemId>(), tool: newId<ItemId>() };

const prompt: Of<'prompt'> = { kind: 'prompt', id: ids.prompt, turnId, ordinal: 1, at: 0, promptId, text: 'hi', state: 'sent' };
const end: Of<'turnEnd'> = {
  kind: 'turnEnd',
  id: newId<ItemId>(),
  turnId,
  ordinal: 9,
  at: 0,
  reason: 'completed',
  failure: null,
  durationMs: 10,
  usage: null,
};
const question: Of<'permission'> = {
  kind: 'permission',
  id: newId<ItemId>(),
  turnId,
  ordinal: 4,
  at: 0,
  approvalId: newId<ApprovalId>(),
  toolItemId: null,
  request: {
    title: 'Edit',
    toolName: 'Edit',
    toolKind: 'edit',
    command: null,
    cwd: null,
    resolved: null,
    content: [],
    reason: null,
    decisions: ['deny'],
  },
  hash: 'h',
  state: 'open',
  answeredBy: null,
  answeredAt: null,
};

function text(value: string, more: Partial<Item> = {}): Item {
  const item = { kind: 'text', id: ids.text, turnId, ordinal: 2, at: 0, text: value, complete: false, interrupted: false } as const;
  // Only fields of a text item are given.
  return { ...item, ...more } as Item;
}

function tool(status: Of<'tool'>['status'], title = 'Read a.txt'): Item {
  const fixed = { parentItemId: null, name: 'Read', toolKind: 'read', input: {}, omittedChars: 0, endedAt: null } as const;
  return { kind: 'tool', id: ids.tool, turnId, ordinal: 3, at: 0, title, status, content: [], ...fixed };
}

const put = (item: Item): SessionChange => ({ op: 'put', item });
const append = (offset: number, added: string): SessionChange => ({ op: 'append', itemId: ids.text, offset, text: added });

/** Feeds a snapshot and then one notification for each list of changes. */
function play(items: Item[], ...notifications: SessionChange[][]): PromptPart[] {
  const stream = new PromptStream(promptId);
  const parts = stream.snapshot({ feed: 'f', seq: 5, items });
  return [...parts, ...notifications.flatMap((changes, index) => stream.changed({ feed: 'f', seq: 6 + index, changes }))];
}

function answerOf(parts: readonly PromptPart[]): string {
  return parts.map((part) => (part.type === 'answer' ? part.text : '')).join('');
}

const kinds = (parts: readonly PromptPart[]) => parts.map(({ type }) => type);

describe('the answer of a prompt that is waited for', () => {
  const answers: [name: string, parts: PromptPart[], expected: string][] = [
    ['streams as it is appended', play([prompt], [put(text(''))], [append(0, 'Hel')], [append(3, 'lo')], [put(end)]), 'Hello\n'],
    ['begins with what the snapshot has', play([prompt, text('Hel')], [append(3, 'lo')], [put(end)]), 'Hello\n'],
    ['has a part that comes twice once', play([prompt, text('Hel')], [append(0, 'Hello')], [append(2, 'llo')], [put(end)]), 'Hello\n'],
    [
      'is not repeated by the complete block',
      play([prompt, text('Hello')], [put(text('Hello', { complete: true }))], [put(end)]),
      'Hello\n',
    ],
    [
      'has an empty line between two blocks',
      play([prompt, text('One', { complete: true })], [put(text('Two', { id: ids.text2, ordinal: 4 }))], [put(end)]),
      'One\n\nTwo\n',
    ],
    ['ends with one line end', play([prompt, text('Hello\n')], [put(end)]), 'Hello\n'],
    ['is empty for a turn that said nothing', play([prompt], [put(end)]), ''],
    [
      'has nothing of other turns',
      play([text('other', { turnId: otherTurnId }), prompt, text('mine', { id: ids.text2 })], [put(end)]),
      'mine\n',
    ],
    [
      'has nothing of the turn in which the prompt was queued',
      play([{ ...prompt, turnId: otherTurnId, state: 'queued' }, text('other', { turnId: otherTurnId })], [put(prompt)], [put(end)]),
      '',
    ],
    ['has nothing of thinking', play([prompt, text('hm', { kind: 'thinking' })], [put(end)]), ''],
    ['carries no escape sequences, even in two halves', play([prompt, text('a\u001b[3')], [append(4, '1mb')], [put(end)]), 'ab\n'],
    ['carries whole surrogate pairs', play([prompt, text('a\ud83d')], [append(2, '\ude00')], [put(end)]), 'a😀\n'],
    [
      'has what came before the turn was known to be ours',
      play([{ ...prompt, turnId: null, state: 'queued' }, text('early')], [put(prompt)], [put(end)]),
      'early\n',
    ],
  ];
  for (const [name, parts, expected] of answers) it(name, () => assert.equal(answerOf(parts), expected));

  it('comes once though the snapshot is taken again', () => {
    const stream = new PromptStream(promptId);
    const first = stream.snapshot({ feed: 'f', seq: 5, items: [prompt, text('Hel'), tool('running')] });
    const second = stream.snapshot({ feed: 'g', seq: 1, items: [prompt, text('Hello'), tool('running'), end] });
    assert.equal(answerOf([...first, ...second]), 'Hello\n');
    assert.deepEqual(kinds(second), ['answer', 'answer', 'ended']);
  });

  it('comes once though a new backend knows less of it than was shown', () => {
    const stream = new PromptStream(promptId);
    const first = stream.snapshot({ feed: 'f', seq: 5, items: [prompt, text('Hello wor')] });
    const second = stream.snapshot({ feed: 'g', seq: 0, items: [prompt, text('Hello')] });
    const third = stream.changed({ feed: 'g', seq: 1, changes: [append(5, ' world'), put(end)] });
    assert.equal(answerOf([...first, ...second, ...third]), 'Hello world\n');
  });
});

describe('what comes with the answer', () => {
  it('a tool call is told once, and again when it goes wrong', () => {
    const parts = play([prompt, tool('running')], [put(tool('running', 'Read a.txt, line 1'))], [put(tool('failed'))]);
    assert.deepEqual(parts, [
      { type: 'note', text: '* Read a.txt' },
      { type: 'note', text: '* Read a.txt: failed' },
    ]);
  });

  it('a tool call that goes well is told once', () => {
    assert.deepEqual(kinds(play([prompt, tool('running')], [put(tool('ok'))])), ['note']);
  });

  it('a question is asked once, and then told as answered', () => {
    const parts = play([prompt, question], [put(question)], [put({ ...question, state: 'denied' })]);
    assert.deepEqual(kinds(parts), ['asked', 'answered']);
  });

  it('the end comes once and says how', () => {
    const failure = { type: 'overloaded', message: 'Try later.', retryable: true } as const;
    const [ended, ...more] = play([prompt], [put({ ...end, reason: 'failed', failure })], [put(end)]);
    assert.deepEqual(more, []);
    assert.ok(ended?.type === 'ended' && ended.reason === 'failed' && /Try later/.test(ended.text));
  });

  it('a prompt that was taken back has ended', () => {
    const [ended] = play([{ ...prompt, turnId: null, state: 'dropped' }]);
    assert.ok(ended?.type === 'ended' && ended.reason === 'dropped');
  });
});

describe('a new snapshot is asked for', () => {
  const cases: [name: string, feed: string, seq: number, expected: string[]][] = [
    ['when a change is missing', 'f', 7, ['gap']],
    ['when the feed is another one', 'g', 6, ['gap']],
    ['but not for what the snapshot already had', 'f', 5, []],
  ];
  for (const [name, feed, seq, expected] of cases) {
    it(name, () => {
      const stream = new PromptStream(promptId);
      stream.snapshot({ feed: 'f', seq: 5, items: [prompt] });
      assert.deepEqual(kinds(stream.changed({ feed, seq, changes: [put(end)] })), expected);
    });
  }

  it('when text begins behind what is there', () => {
    assert.deepEqual(kinds(play([prompt, text('Hel')], [append(5, 'x')])), ['answer', 'gap']);
  });
});
