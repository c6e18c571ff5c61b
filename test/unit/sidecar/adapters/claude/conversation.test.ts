/** From recorded lines to events. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../../../../server/base/uuid.ts';
import type { AgentEvent } from '../../../../../server/protocol/agent-event.ts';
import type { PromptId } from '../../../../../server/protocol/ids.ts';
import { Conversation } from '../../../../../server/sidecar/adapters/claude/conversation.ts';
import { type CanUseTool, isCanUseTool, parseLine } from '../../../../../server/sidecar/adapters/claude/lines.ts';

const prompt = newId<PromptId>();

/** What a conversation makes of recorded lines, after a prompt. */
function replay(lines: readonly object[], conversation = prompted()): AgentEvent[] {
  return lines.flatMap((line) => {
    const parsed = parseLine(JSON.stringify(line));
    assert.equal(parsed.kind, 'line', JSON.stringify(line));
    if (parsed.kind !== 'line' || parsed.line.type === 'control_response') return [];
    if (parsed.line.type !== 'control_request') return conversation.said(parsed.line);
    assert.ok(isCanUseTool(parsed.line.request));
    return conversation.asked(parsed.line.request_id, parsed.line.request).events;
  });
}

function prompted(): Conversation {
  const conversation = new Conversation({ newId, around: { projectDir: '/srv/shop', readText: () => null }, knownUsage: null });
  conversation.prompted(prompt);
  return conversation;
}

const only = <Type extends AgentEvent['type']>(events: readonly AgentEvent[], type: Type) =>
  events.filter((event): event is Extract<AgentEvent, { type: Type }> => event.type === type);

const stream = (event: object, more = {}) => ({ type: 'stream_event', event, parent_tool_use_id: null, ...more });
const messageStart = (id: string) => stream({ type: 'message_start', message: { id, usage: {} } });
const textDelta = (text: string, index = 0) => stream({ type: 'content_block_delta', index, delta: { type: 'text_delta', text } });
const assistant = (id: string, content: object, more = {}) => ({
  type: 'assistant',
  message: { id, model: 'opus', content: [content], usage: { input_tokens: 10, cache_read_input_tokens: 5 } },
  parent_tool_use_id: null,
  ...more,
});
const bash = (id: string) => ({ type: 'tool_use', id, name: 'Bash', input: { command: 'ls' } });
const toolResult = (id: string, more = {}, block = {}) => ({
  type: 'user',
  message: { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: 'done', ...block }] },
  ...more,
});
const result = (more = {}) => ({ type: 'result', subtype: 'success', is_error: false, user_message_uuids: [prompt], ...more });

test('deltas and the whole that repeats them make one block', () => {
  const events = replay([messageStart('m1'), textDelta('Hel'), textDelta('lo'), assistant('m1', { type: 'text', text: 'Hello' })]);
  assert.deepEqual(
    events.map((event) => (event.type === 'text' ? [event.offset, event.text] : event.type)),
    [[0, 'Hel'], [3, 'lo'], 'blockEnded'],
  );
  assert.equal(new Set(only(events, 'text').map((event) => event.itemId)).size, 1);
});

test('what the deltas missed is added from the whole', () => {
  const events = replay([messageStart('m1'), textDelta('Hel'), assistant('m1', { type: 'text', text: 'Hello' })]);
  assert.deepEqual(
    only(events, 'text').map((event) => [event.offset, event.text]),
    [
      [0, 'Hel'],
      [3, 'lo'],
    ],
  );
});

test('a text that was not streamed comes whole', () => {
  const events = replay([assistant('m1', { type: 'text', text: 'Hello' })]);
  assert.deepEqual(
    events.map((event) => event.type),
    ['text', 'blockEnded'],
  );
});

test('thinking and text of one message are two blocks', () => {
  const thinking = stream({ type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'hm' } });
  const signature = stream({ type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 'x' } });
  const whole = [
    assistant('m1', { type: 'thinking', thinking: 'hm' }),
    textDelta('Tea', 1),
    assistant('m1', { type: 'text', text: 'Tea' }),
  ];
  const events = replay([messageStart('m1'), thinking, signature, ...whole]);
  assert.deepEqual(
    events.map((event) => event.type),
    ['thinking', 'blockEnded', 'text', 'blockEnded'],
  );
});

test('an answer that broke off is ended, and the person is told that it begins again', () => {
  const stop = stream({ type: 'message_stop' }, { abandoned_blocks: { from_block_index: 0 } });
  const events = replay([messageStart('m1'), textDelta('Hel'), stop, assistant('m2', { type: 'text', text: 'Hello' })]);
  assert.deepEqual(
    events.map((event) => event.type),
    ['text', 'blockEnded', 'notice', 'text', 'blockEnded'],
  );
});

test('a tool is announced while its input streams, then shown with it, then ended', () => {
  const start = stream({ type: 'content_block_start', index: 0, content_block: { type: 'tool_use', id: 't1', name: 'Bash', input: {} } });
  const events = replay([messageStart('m1'), start, assistant('m1', bash('t1')), toolResult('t1')]);
  assert.deepEqual(
    events.map((event) => event.type),
    ['toolStarted', 'toolProgressed', 'toolEnded'],
  );
  assert.equal(only(events, 'toolProgressed')[0]?.title, 'ls');
  assert.deepEqual(only(events, 'toolEnded')[0]?.content, [{ type: 'text', text: 'done' }]);
});

const outcomes: [string, object, object, string][] = [
  ['a result', {}, {}, 'ok'],
  ['an error', {}, { is_error: true }, 'failed'],
  ['a person’s no', { tool_result_meta: [{ id: 't1', permission_decision: { decision: 'reject' } }] }, { is_error: true }, 'denied'],
  ['a rule’s no', { tool_result_meta: [{ id: 't1', non_execution_kind: 'hook-blocked' }] }, { is_error: true }, 'denied'],
];
for (const [what, more, block, status] of outcomes) {
  test(`${what} ends a tool as ${status}`, () => {
    const events = replay([assistant('m1', bash('t1')), toolResult('t1', more, block)]);
    assert.equal(only(events, 'toolEnded')[0]?.status, status);
  });
}

test('an edit keeps its diff, and a written file shows what it held', () => {
  const write = { type: 'tool_use', id: 't1', name: 'Write', input: { file_path: '/srv/shop/a', content: 'new' } };
  const events = replay([assistant('m1', write), toolResult('t1', { tool_use_result: { type: 'update', originalFile: 'old' } })]);
  assert.deepEqual(only(events, 'toolEnded')[0]?.content, [{ type: 'diff', path: 'a', oldText: 'old', newText: 'new' }]);
});

test('a question belongs to its tool call, and is withdrawn when the program takes it back', () => {
  const request = { subtype: 'can_use_tool', tool_name: 'Bash', input: { command: 'ls' }, tool_use_id: 't1' };
  const question = { type: 'control_request', request_id: 'r1', request };
  const events = replay([assistant('m1', bash('t1')), question, { type: 'control_cancel_request', request_id: 'r1' }]);
  const [started] = only(events, 'toolStarted');
  const [asked] = only(events, 'permissionAsked');
  assert.equal(asked?.toolItemId, started?.itemId);
  assert.equal(only(events, 'permissionWithdrawn')[0]?.approvalId, asked?.approvalId);
});

test('a failed call says the program’s words as a notice and ends the turn as failed', () => {
  const words = { type: 'text', text: 'API Error: 529 …' };
  const said = assistant('m1', words, { error: 'server_error', is_api_error_message: true });
  const events = replay([said, result({ is_error: true, api_error_status: 529, result: 'API Error: 529 …', modelUsage: {} })]);
  assert.equal(only(events, 'text').length, 0);
  assert.equal(only(events, 'notice')[0]?.level, 'error');
  assert.equal(only(events, 'turnEnded')[0]?.failure?.type, 'overloaded');
});

test('a subagent in the background is one tool call with calls of its own, which outlives the turn', () => {
  const agent = { type: 'tool_use', id: 'a1', name: 'Agent', input: { description: 'Look' } };
  const own = { parent_tool_use_id: 'a1' };
  const conversation = prompted();
  const first = replay(
    [
      assistant('m1', agent),
      { type: 'system', subtype: 'task_started', tool_use_id: 'a1', is_backgrounded: true },
      toolResult('a1'),
      assistant('m2', { type: 'text', text: 'its own words' }, own),
      assistant('m3', bash('t1'), own),
      result(),
    ],
    conversation,
  );
  const [parent, child] = only(first, 'toolStarted');
  assert.equal(child?.parentItemId, parent?.itemId);
  assert.equal(only(first, 'text').length, 0);
  assert.equal(only(first, 'toolEnded').length, 0);
  const done = { type: 'system', subtype: 'task_notification', tool_use_id: 'a1', status: 'completed', summary: 'Found tea.' };
  const later = replay(
    [
      toolResult('t1', own),
      done,
      { type: 'system', subtype: 'init' },
      result({ user_message_uuids: undefined, origin: { kind: 'task-notification' } }),
    ],
    conversation,
  );
  assert.deepEqual(
    later.map((event) => event.type),
    ['toolEnded', 'toolEnded', 'turnStarted', 'turnEnded'],
  );
  assert.deepEqual(only(later, 'toolEnded')[1]?.content, [{ type: 'text', text: 'Found tea.' }]);
  assert.deepEqual(only(later, 'turnStarted')[0]?.promptIds, []);
});

test('a retry and a summarized context are told', () => {
  const events = replay([
    { type: 'system', subtype: 'api_retry', attempt: 1, max_retries: 2, retry_delay_ms: 500, error_status: 529, error: 'overloaded' },
    { type: 'system', subtype: 'compact_boundary', compact_metadata: { trigger: 'auto', pre_tokens: 900, post_tokens: 90 } },
  ]);
  assert.deepEqual(
    events.map((event) => event.type),
    ['retry', 'notice'],
  );
});

test('a program that goes away leaves nothing open but the text that it was cut in', () => {
  const conversation = prompted();
  const request = { subtype: 'can_use_tool', tool_name: 'Bash', input: { command: 'ls' }, tool_use_id: 't1' };
  replay(
    [messageStart('m1'), textDelta('Hel'), assistant('m0', bash('t1')), { type: 'control_request', request_id: 'r1', request }],
    conversation,
  );
  const events = conversation.programEnded('crashed');
  assert.deepEqual(
    events.map((event) => event.type),
    ['permissionWithdrawn', 'toolEnded', 'turnEnded'],
  );
  assert.equal(only(events, 'toolEnded')[0]?.status, 'interrupted');
  assert.equal(only(events, 'turnEnded')[0]?.reason, 'crashed');
  assert.deepEqual(conversation.programEnded('crashed'), []);
});

test('a turn whose result was lost ends when the program says that it is done with the prompt', () => {
  const events = replay([{ type: 'command_lifecycle', command_uuid: prompt, state: 'completed' }]);
  assert.deepEqual(
    events.map((event) => event.type),
    ['turnEnded'],
  );
});

test('lines that program and session say to themselves are not told', () => {
  const synthetic = { type: 'user', message: { role: 'user', content: 'Stop hook feedback' }, isSynthetic: true };
  assert.deepEqual(
    replay([{ type: 'system', subtype: 'init' }, synthetic, { type: 'command_lifecycle', command_uuid: prompt, state: 'queued' }]),
    [],
  );
});

test('a question that is too large to be shown whole is denied, and the person reads why', () => {
  const asked = {
    subtype: 'can_use_tool' as const,
    tool_name: 'Write',
    input: { file_path: '/srv/shop/a', content: 'x'.repeat(1_100_000) },
  };
  // The absent fields are optional.
  const { events, denial } = prompted().asked('r1', asked as CanUseTool);
  assert.equal(denial?.response.behavior, 'deny');
  assert.deepEqual(
    events.map((event) => event.type),
    ['notice'],
  );
  assert.match(events[0]?.type === 'notice' ? events[0].text : '', /"Write a".*too large to be shown whole/);
});

test('a large question that can be shown is shown whole', () => {
  const content = 'x'.repeat(900_000);
  const asked = { subtype: 'can_use_tool' as const, tool_name: 'Write', input: { file_path: '/srv/shop/a', content } };
  // The absent fields are optional.
  const { events, denial } = prompted().asked('r1', asked as CanUseTool);
  assert.equal(denial, null);
  const [event] = events;
  assert.deepEqual(event?.type === 'permissionAsked' && event.request.content, [
    { type: 'diff', path: 'a', oldText: null, newText: content },
  ]);
});
