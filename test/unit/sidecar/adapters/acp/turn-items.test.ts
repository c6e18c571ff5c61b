import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AgentEvent } from '../../../../../server/protocol/agent-event.ts';
import type { ItemId } from '../../../../../server/protocol/ids.ts';
import { AcpUpdate } from '../../../../../server/sidecar/adapters/acp/acp-update.ts';
import { applyUpdate, endItems, markDenied, newItems, type TurnItems } from '../../../../../server/sidecar/adapters/acp/turn-items.ts';

/** Applies wire updates in order; item ids are i1, i2 … in the order in which they are made. */
function play(updates: readonly object[], change: (items: TurnItems, index: number) => TurnItems = (items) => items) {
  let count = 0;
  // Ids of a test are short names, not UUIDs.
  const newItemId = () => `i${++count}` as ItemId;
  let items = newItems();
  const events: AgentEvent[] = [];
  updates.forEach((update, index) => {
    const step = applyUpdate(change(items, index), AcpUpdate.parse(update), newItemId);
    items = step.items;
    events.push(...step.events);
  });
  return { events, end: endItems(items) };
}

const denied = (items: TurnItems) => {
  markDenied(items, 't');
  return items;
};
const text = (said: string, more = {}) => ({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: said }, ...more });
const thought = (said: string) => ({ sessionUpdate: 'agent_thought_chunk', content: { type: 'text', text: said } });
const tool = (more = {}) => ({ sessionUpdate: 'tool_call', toolCallId: 't', title: 'Look', kind: 'read', status: 'pending', ...more });
const toolUpdate = (more = {}) => ({ sessionUpdate: 'tool_call_update', toolCallId: 't', ...more });
const content = (said: string) => [{ type: 'content', content: { type: 'text', text: said } }];
const itemTypes = (events: readonly AgentEvent[]) => events.map((event) => event.type);

describe('text of an ACP agent', () => {
  it('is one block as long as it is of one kind, and counts its offsets in UTF-16 units', () => {
    assert.deepEqual(play([text('a😀'), text('b')]).events, [
      { type: 'text', itemId: 'i1', offset: 0, text: 'a😀' },
      { type: 'text', itemId: 'i1', offset: 3, text: 'b' },
    ]);
  });

  it('begins a new block after a thought, after a tool call and with another message id', () => {
    assert.deepEqual(play([thought('hm'), text('a')]).events, [
      { type: 'thinking', itemId: 'i1', offset: 0, text: 'hm' },
      { type: 'blockEnded', itemId: 'i1' },
      { type: 'text', itemId: 'i2', offset: 0, text: 'a' },
    ]);
    assert.deepEqual(itemTypes(play([text('a'), tool(), text('b')]).events), ['text', 'blockEnded', 'toolStarted', 'text']);
    assert.deepEqual(itemTypes(play([text('a', { messageId: '1' }), text('b', { messageId: '2' })]).events), [
      'text',
      'blockEnded',
      'text',
    ]);
  });

  it('goes on after a plan and skips empty parts', () => {
    const plan = { sessionUpdate: 'plan', entries: [{ content: 'x', priority: 'low', status: 'in_progress' }] };
    assert.deepEqual(play([text('a'), plan, text(''), text('b')]).events.slice(1), [
      { type: 'plan', entries: [{ text: 'x', status: 'running' }] },
      { type: 'text', itemId: 'i1', offset: 1, text: 'b' },
    ]);
  });

  it('names what is no text', () => {
    const parts = [
      { type: 'image', data: 'AAAA', mimeType: 'image/png' },
      { type: 'resource_link', uri: 'file:///a', name: 'a' },
      { type: 'resource', resource: { uri: 'file:///b', text: 'inside' } },
    ];
    const said = play(parts.map((part) => ({ sessionUpdate: 'agent_message_chunk', content: part }))).events;
    assert.deepEqual(
      said.map((event) => (event.type === 'text' ? event.text : '')),
      ['[image image/png]', '[a](file:///a)', 'inside'],
    );
  });
});

describe('a tool call of an ACP agent', () => {
  it('goes from its start over its progress to its end', () => {
    const updates = [
      tool({ rawInput: { path: '/a' } }),
      toolUpdate({ status: 'in_progress', title: 'Look closer' }),
      toolUpdate({ status: 'completed', content: content('found') }),
    ];
    assert.deepEqual(play(updates).events, [
      {
        type: 'toolStarted',
        itemId: 'i1',
        parentItemId: null,
        name: 'read',
        title: 'Look',
        kind: 'read',
        input: { path: '/a' },
        content: [],
      },
      { type: 'toolProgressed', itemId: 'i1', title: 'Look closer', status: 'running' },
      { type: 'toolEnded', itemId: 'i1', status: 'ok', content: [{ type: 'text', text: 'found' }] },
    ]);
  });

  it('may be over as soon as it is told, and shows its raw output when it has no content', () => {
    const { events, end } = play([tool({ status: 'completed', rawOutput: { found: 1 } })]);
    assert.deepEqual(events[1], { type: 'toolEnded', itemId: 'i1', status: 'ok', content: [{ type: 'text', text: '{\n  "found": 1\n}' }] });
    assert.deepEqual(end, []);
  });

  it('has its own name where the agent gives one, and the places it works on where it gives no input', () => {
    const [started] = play([tool({ name: 'grep', kind: 'switch_mode', locations: [{ path: '/a', line: 3 }] })]).events;
    assert.ok(started?.type === 'toolStarted');
    assert.deepEqual([started.name, started.kind, started.input], ['grep', 'other', { locations: [{ path: '/a', line: 3 }] }]);
  });

  it('shows a diff, of a new file too', () => {
    const diff = { type: 'diff', path: '/a', newText: 'new' };
    const [started] = play([
      tool({ kind: 'edit', content: [diff, { ...diff, oldText: 'old' }, { type: 'terminal', terminalId: 'x' }] }),
    ]).events;
    assert.ok(started?.type === 'toolStarted');
    assert.deepEqual(started.content, [
      { type: 'diff', path: '/a', oldText: null, newText: 'new' },
      { type: 'diff', path: '/a', oldText: 'old', newText: 'new' },
    ]);
  });

  it('is known from its first update when its start was never told', () => {
    const { events } = play([toolUpdate({ status: 'in_progress' })]);
    assert.deepEqual(itemTypes(events), ['toolStarted', 'toolProgressed']);
  });
});

describe('the end of a tool call', () => {
  it('is the last that is said of it', () => {
    assert.equal(play([tool({ status: 'failed' }), toolUpdate({ title: 'late' }), toolUpdate({ status: 'completed' })]).events.length, 2);
  });

  it('that fails is failed, denied by a person, or interrupted by a stop', () => {
    const statusAfter = (change: (items: TurnItems) => TurnItems) => {
      const { events } = play([tool(), toolUpdate({ status: 'failed' })], (items, index) => (index === 1 ? change(items) : items));
      const last = events.at(-1);
      return last?.type === 'toolEnded' ? last.status : undefined;
    };
    assert.equal(
      statusAfter((items) => items),
      'failed',
    );
    assert.equal(statusAfter(denied), 'denied');
    assert.equal(
      statusAfter((items) => ({ ...items, stopping: true })),
      'interrupted',
    );
  });

  it('keeps within the bound of what is kept of an output, and says what was left out', () => {
    const last = play([tool({ status: 'completed', content: content('x'.repeat(300_000)) })]).events.at(-1);
    assert.ok(last?.type === 'toolEnded' && last.content?.[0]?.type === 'text');
    assert.match(last.content[0].text, /x\n… 37856 more characters were left out\.$/);
  });
});

describe('the end of a turn', () => {
  it('closes the text and marks open tools as interrupted, or as denied', () => {
    assert.deepEqual(play([text('a')]).end, [{ type: 'blockEnded', itemId: 'i1' }]);
    assert.deepEqual(play([tool(), text('a')]).end, [
      { type: 'blockEnded', itemId: 'i2' },
      { type: 'toolEnded', itemId: 'i1', status: 'interrupted' },
    ]);
    const ended = play([tool(), text('a')], (items, index) => (index === 1 ? denied(items) : items)).end;
    assert.deepEqual(ended.at(-1), { type: 'toolEnded', itemId: 'i1', status: 'denied' });
  });
});

describe('an update that is not as it should be', () => {
  it('is refused when its kind is unknown, and loses only the field that is wrong', () => {
    assert.ok(!AcpUpdate.safeParse({ sessionUpdate: 'from_the_future' }).success);
    assert.ok(!AcpUpdate.safeParse(null).success);
    const [started] = play([
      { sessionUpdate: 'tool_call', toolCallId: 't', title: 7, kind: 'magic', status: 4, content: 'none', locations: 3 },
    ]).events;
    assert.ok(started?.type === 'toolStarted');
    assert.deepEqual([started.title, started.kind, started.content], ['magic', 'other', []]);
  });
});
