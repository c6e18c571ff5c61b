/** From what Codex was recorded to say to events. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../../../../server/base/uuid.ts';
import type { AgentEvent } from '../../../../../server/protocol/agent-event.ts';
import type { PromptId } from '../../../../../server/protocol/ids.ts';
import { Conversation } from '../../../../../server/sidecar/adapters/codex/conversation.ts';
import { messageOf, notificationOf } from '../../../../../server/sidecar/adapters/codex/messages.ts';

const prompt = newId<PromptId>();
const ofThread = { threadId: 't1', turnId: 'u1' };

function prompted(): Conversation {
  const conversation = new Conversation({ newId, projectDir: '/srv/shop', knownUsage: null });
  conversation.prompted(prompt);
  conversation.usesModel('gpt-6.1-sol');
  return conversation;
}

function replay(conversation: Conversation, ...said: readonly (readonly [method: string, params: object])[]): AgentEvent[] {
  return said.flatMap(([method, params]) => {
    const notification = notificationOf(method, { ...ofThread, ...params });
    return notification ? conversation.said(notification) : [];
  });
}

const only = <Type extends AgentEvent['type']>(events: readonly AgentEvent[], type: Type) =>
  events.filter((event): event is Extract<AgentEvent, { type: Type }> => event.type === type);

const begun = ['turn/started', { turn: { id: 'u1', status: 'inProgress' } }] as const;
const completed = (status = 'completed', error: object | null = null) => ['turn/completed', { turn: { id: 'u1', status, error } }] as const;
const delta = (id: string, text: string) => ['item/agentMessage/delta', { itemId: id, delta: text }] as const;
const item = (method: 'started' | 'completed', fields: object) => [`item/${method}`, { item: fields }] as const;
const command = (more: object = {}) => ({
  ...{ type: 'commandExecution', id: 'call_1', command: "/bin/bash -lc 'touch a.txt'", cwd: '/srv/shop', status: 'inProgress' },
  ...{ commandActions: [{ type: 'unknown', command: 'touch a.txt' }], aggregatedOutput: null, exitCode: null },
  ...more,
});
const change = (changes: object[], more: object = {}) => ({ type: 'fileChange', id: 'call_2', changes, status: 'inProgress', ...more });
const added = (diff: string) => ({ path: '/srv/shop/new.txt', kind: { type: 'add' }, diff });
const askCommand = {
  ...ofThread,
  kind: 'command',
  itemId: 'call_1',
  startedAtMs: 1,
  environmentId: 'local',
  command: "/bin/bash -lc 'touch a.txt'",
  cwd: '/srv/shop',
};

test('deltas and the whole that repeats them make one block', () => {
  const events = replay(
    prompted(),
    begun,
    delta('m1', 'Hel'),
    delta('m1', 'lo'),
    item('completed', { type: 'agentMessage', id: 'm1', text: 'Hello!' }),
  );
  assert.deepEqual(
    events.map((event) => (event.type === 'text' ? [event.offset, event.text] : event.type)),
    [[0, 'Hel'], [3, 'lo'], [5, '!'], 'blockEnded'],
  );
});

test('the parts of a thought are told one after the other, and not a second time in other words', () => {
  const part = (summaryIndex: number, text: string) =>
    ['item/reasoning/summaryTextDelta', { itemId: 'r1', delta: text, summaryIndex }] as const;
  const raw = ['item/reasoning/textDelta', { itemId: 'r1', delta: 'the same, raw', contentIndex: 0 }] as const;
  const whole = item('completed', { type: 'reasoning', id: 'r1', summary: ['One.', 'Two.'], content: ['the same, raw'] });
  const events = replay(prompted(), part(0, 'One.'), raw, part(1, 'Two.'), whole);
  assert.equal(
    only(events, 'thinking')
      .map(({ text }) => text)
      .join(''),
    'One.\n\nTwo.',
  );
  assert.equal(only(events, 'blockEnded').length, 1);
});

test('a command shows what it is, what it printed and how it ended', () => {
  const output = ['item/commandExecution/outputDelta', { itemId: 'call_1', delta: 'one\n' }] as const;
  const end = command({ status: 'completed', exitCode: 2, aggregatedOutput: 'one\n' });
  const [started, printed, ended] = replay(prompted(), item('started', command()), output, item('completed', end));
  assert.deepEqual(started?.type === 'toolStarted' && [started.name, started.title, started.kind], ['shell', 'touch a.txt', 'execute']);
  assert.deepEqual(printed?.type === 'toolProgressed' && printed.content, [{ type: 'text', text: 'one\n' }]);
  assert.deepEqual(ended?.type === 'toolEnded' && [ended.status, ended.content?.length], ['failed', 2]);
});

test('a question about a command shows it whole, with its folder and whatever else comes with it', () => {
  const conversation = prompted();
  replay(conversation, item('started', command()));
  const asked = conversation.asked(0, 'item/commandExecution/requestApproval', {
    ...askCommand,
    networkApprovalContext: { host: 'example.org' },
    laterField: 1,
  });
  const [event] = asked?.events ?? [];
  assert.ok(event?.type === 'permissionAsked' && event.toolItemId !== null);
  const { command: shown, cwd, content, decisions } = event.request;
  assert.deepEqual([shown, cwd, decisions], ["/bin/bash -lc 'touch a.txt'", '/srv/shop', ['allowOnce', 'allowSession', 'deny']]);
  assert.deepEqual(content, [
    { type: 'text', text: JSON.stringify({ networkApprovalContext: { host: 'example.org' }, laterField: 1 }, null, 2) },
  ]);
  assert.deepEqual(conversation.answered(event.approvalId, 'deny'), { id: 0, result: { decision: 'decline' } });
  assert.equal(conversation.answered(event.approvalId, 'allowOnce'), null);
});

test('a question about files shows every change, and is asked anew when they change under it', () => {
  const conversation = prompted();
  replay(conversation, item('started', change([added('hello\n')])));
  const asked = conversation.asked(1, 'item/fileChange/requestApproval', { ...ofThread, itemId: 'call_2', reason: null, grantRoot: null });
  const [first] = asked?.events ?? [];
  assert.ok(first?.type === 'permissionAsked');
  assert.deepEqual(first.request.content, [{ type: 'diff', path: 'new.txt', oldText: null, newText: 'hello\n' }]);
  const events = replay(conversation, ['item/fileChange/patchUpdated', { itemId: 'call_2', changes: [added('evil\n')] }]);
  assert.equal(only(events, 'permissionWithdrawn')[0]?.approvalId, first.approvalId);
  const [again] = only(events, 'permissionAsked');
  assert.deepEqual(again?.request.content, [{ type: 'diff', path: 'new.txt', oldText: null, newText: 'evil\n' }]);
  assert.equal(conversation.answered(first.approvalId, 'allowOnce'), null);
  assert.ok(again && conversation.answered(again.approvalId, 'allowOnce'));
});

test('a question about files that nobody was shown is denied, and the person is told', () => {
  const asked = prompted().asked(1, 'item/fileChange/requestApproval', { ...ofThread, itemId: 'unknown' });
  assert.deepEqual(asked?.answer, { id: 1, result: { decision: 'decline' } });
  assert.equal(asked?.events[0]?.type, 'notice');
});

test('a tool of a server is asked about with what it is called with', () => {
  const conversation = prompted();
  const meta = { codex_approval_kind: 'mcp_tool_call', persist: ['session', 'always'], tool_name: 'echo', tool_params: { a: 1 } };
  const common = { ...ofThread, serverName: 'other', mode: 'form', message: 'Allow it?' };
  const schema = (properties: object) => ({ requestedSchema: { type: 'object', properties } });
  const [event] = conversation.asked(2, 'mcpServer/elicitation/request', { ...common, ...schema({}), _meta: meta })?.events ?? [];
  assert.ok(event?.type === 'permissionAsked');
  assert.equal(event.request.title, 'Use echo of other');
  assert.match(JSON.stringify(event.request.content), /tool_params/);
  assert.deepEqual(conversation.answered(event.approvalId, 'allowOnce'), { id: 2, result: { action: 'accept', content: {}, _meta: null } });
});

const formOf = (properties: object) => ({ requestedSchema: { type: 'object', properties }, _meta: null });
const ofServer = { ...ofThread, serverName: 'other', mode: 'form', message: 'Who\u202e are you?' };

test('a form is shown with all that it says, and an answer without values is none', () => {
  const conversation = prompted();
  const ask = (id: number) => {
    const asked = { ...ofServer, ...formOf({ name: { type: 'string', pattern: '^a' } }) };
    const [event] = conversation.asked(id, 'mcpServer/elicitation/request', asked)?.events ?? [];
    assert.ok(event?.type === 'permissionAsked');
    return event;
  };
  const { request, approvalId } = ask(3);
  assert.deepEqual(
    [request.title, request.reason, request.form?.fields[0]?.name],
    ['Fill in a form of other', 'Who\u202e are you?', 'name'],
  );
  assert.match(JSON.stringify(request.content), /pattern/);
  const accepted = { action: 'accept', content: { name: 'ada' }, _meta: null };
  assert.deepEqual(conversation.answered(approvalId, 'allowOnce', { name: 'ada' }), { id: 3, result: accepted });
  const result = { action: 'cancel', content: null, _meta: null };
  assert.deepEqual(conversation.answered(ask(4).approvalId, 'allowOnce'), { id: 4, result }, 'of a backend that knows of no forms');
});

test('a form of a kind that is not known is declined, and shown as that', () => {
  const asked = prompted().asked(3, 'mcpServer/elicitation/request', { ...ofServer, ...formOf({ name: { type: 'object' } }) });
  assert.deepEqual(asked?.answer, { id: 3, result: { action: 'decline', content: null, _meta: null } });
  const [notice] = asked?.events ?? [];
  assert.ok(notice?.type === 'notice' && /not known here. It was declined[\s\S]*"type": "object"/.test(notice.text));
});

test('nothing secret is asked of a person, whose answers are kept', () => {
  const question = { id: 'key', header: 'Key', question: 'Which key?', isOther: false, isSecret: true, options: null };
  const asked = prompted().asked(5, 'item/tool/requestUserInput', { ...ofThread, itemId: 'i', questions: [question] });
  assert.deepEqual(asked?.answer, { id: 5, result: { answers: {} } });
  assert.equal(asked?.events[0]?.type, 'notice');
});

test('a question of a kind that nobody knows is not answered for the person', () => {
  assert.equal(prompted().asked(4, 'item/laterKind/requestApproval', {}), null);
});

test('a question is withdrawn when the program has settled it, and when its turn ends', () => {
  const conversation = prompted();
  replay(conversation, begun, item('started', command()));
  conversation.asked(0, 'item/commandExecution/requestApproval', askCommand);
  assert.equal(only(replay(conversation, ['serverRequest/resolved', { requestId: 0 }]), 'permissionWithdrawn').length, 1);
  conversation.asked(1, 'item/commandExecution/requestApproval', askCommand);
  const types = replay(conversation, completed('interrupted')).map(({ type }) => type);
  assert.deepEqual(types, ['permissionWithdrawn', 'toolEnded', 'turnEnded']);
});

test('a steering prompt gets a turn of its own, which ends as the one that took it in', () => {
  const conversation = prompted();
  const second = newId<PromptId>();
  replay(conversation, begun);
  assert.deepEqual(conversation.prompted(second), []);
  const events = replay(conversation, completed());
  assert.deepEqual(
    events.map(({ type }) => type),
    ['turnEnded', 'turnStarted', 'turnEnded'],
  );
  assert.deepEqual(only(events, 'turnStarted')[0]?.promptIds, [second]);
});

test('text that is open when the program goes is not called whole', () => {
  const conversation = prompted();
  replay(conversation, begun, delta('m1', 'Half a'));
  const types = conversation.programEnded('crashed').map(({ type }) => type);
  assert.deepEqual(types, ['turnEnded']);
});

test('tokens are counted by model, the cached ones apart, and never shrink', () => {
  const conversation = prompted();
  const tokens = (inputTokens: number, cachedInputTokens: number, outputTokens: number) => ({
    inputTokens,
    cachedInputTokens,
    outputTokens,
  });
  const told = (total: object) =>
    ['thread/tokenUsage/updated', { tokenUsage: { total, last: tokens(100, 50, 20), modelContextWindow: 258_400 } }] as const;
  replay(conversation, told(tokens(100, 50, 20)), ['model/rerouted', { fromModel: 'gpt-6.1-sol', toModel: 'gpt-6-luna' }]);
  const [event] = only(replay(conversation, told(tokens(250, 100, 30))), 'usage');
  assert.deepEqual(event?.usage.byModel, [
    { model: 'gpt-6.1-sol', inputTokens: 50, outputTokens: 20, cacheReadTokens: 50, cacheWriteTokens: 0 },
    { model: 'gpt-6-luna', inputTokens: 100, outputTokens: 10, cacheReadTokens: 50, cacheWriteTokens: 0 },
  ]);
  const [after] = only(replay(conversation, told(tokens(100, 50, 20))), 'usage');
  assert.deepEqual([after?.usage.inputTokens, after?.usage.costUsd], [150, null]);
});

test('what a later version adds is no end of the turn: unknown notifications, items and fields', () => {
  const conversation = prompted();
  const events = replay(
    conversation,
    begun,
    ['thread/somethingNew', { a: 1 }],
    item('completed', { type: 'newKind', id: 'x1', status: 'completed', shape: { deep: [1] } }),
    item('completed', command({ exitCode: 'zero', status: 'completed', later: true })),
    ['item/agentMessage/delta', { itemId: 7, delta: 'of another shape' }],
    completed(),
  );
  assert.deepEqual(
    only(events, 'toolStarted').map(({ name }) => name),
    ['newKind', 'shell'],
  );
  assert.equal(only(events, 'turnEnded')[0]?.reason, 'completed');
});

test('a plan, a warning and a summarized conversation are told', () => {
  const plan = [
    'turn/plan/updated',
    {
      plan: [
        { step: 'Look', status: 'completed' },
        { step: 'Do', status: 'inProgress' },
      ],
    },
  ] as const;
  const events = replay(
    prompted(),
    plan,
    ['warning', { message: 'Mind the gap.' }],
    item('completed', { type: 'contextCompaction', id: 'c1' }),
  );
  assert.deepEqual(events[0], {
    type: 'plan',
    entries: [
      { text: 'Look', status: 'done' },
      { text: 'Do', status: 'running' },
    ],
  });
  assert.deepEqual(
    only(events, 'notice').map(({ level }) => level),
    ['warning', 'info'],
  );
});

test('a warning about its configuration is told, unless it is about what we have done ourselves', () => {
  const said = [
    'config.toml: unknown key',
    'Project-local config, hooks, and exec policies are disabled.',
    "Codex's Linux sandbox uses bubblewrap.",
  ];
  const events = replay(prompted(), ...said.map((summary) => ['configWarning', { summary }] as const));
  assert.deepEqual(
    only(events, 'notice').map(({ text }) => text),
    ['config.toml: unknown key'],
  );
});

test('messages are told apart without a version field, and what is none is none', () => {
  assert.equal(messageOf({ id: 0, method: 'a', params: {} })?.kind, 'call');
  assert.equal(messageOf({ method: 'a' })?.kind, 'notification');
  assert.equal(messageOf({ id: 1, result: null })?.kind, 'reply');
  assert.equal(messageOf({ id: 1, error: { message: 'no' } })?.kind, 'refusal');
  for (const none of [null, 3, 'a', [], {}, { id: {}, method: 'a' }, { method: 3 }]) assert.equal(messageOf(none), null);
});
