/** How questions are shown and answered. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../../../../server/base/uuid.ts';
import type { CanUseTool } from '../../../../../server/sidecar/adapters/claude/lines.ts';
import { Permissions, permissionRequestOf, sessionSuggestions } from '../../../../../server/sidecar/adapters/claude/permissions.ts';

const around = { projectDir: '/srv/shop', readText: () => null };

const rule = { type: 'addRules', rules: [{ toolName: 'Bash', ruleContent: 'touch z *' }], behavior: 'allow', destination: 'localSettings' };
const directory = { type: 'addDirectories', directories: ['/srv/shop'], destination: 'session' };
const edits = { type: 'setMode', mode: 'acceptEdits', destination: 'session' };

function ask(fields: Record<string, unknown>): CanUseTool {
  const base = { subtype: 'can_use_tool', tool_name: 'Bash', input: { command: 'touch z' } };
  return { ...base, ...fields } as CanUseTool; // Recorded shapes; the absent fields are optional.
}

function answerFor(asked: CanUseTool, ...answer: ['allowOnce' | 'allowSession' | 'deny', string | null]) {
  const permissions = new Permissions({ newId });
  const event = permissions.asked('r1', asked, { toolItemId: null, request: permissionRequestOf(asked, around) });
  assert.ok(event.type === 'permissionAsked');
  return permissions.answered(event.approvalId, ...answer);
}

test('a command is shown with the folder it runs in, and what the agent says of it as such', () => {
  const request = permissionRequestOf(ask({ description: 'Makes z', permission_suggestions: [rule, directory, edits] }), around);
  assert.equal(request.command, 'touch z');
  assert.equal(request.cwd, '/srv/shop');
  assert.deepEqual(request.decisions, ['allowOnce', 'allowSession', 'deny']);
  assert.equal(request.reason, "The agent's own description: Makes z\nAllowed for this session, it covers: Bash(touch z *).");
});

test('an answer for the session is not offered where nothing can be granted', () => {
  const dangerous = { type: 'setMode', mode: 'bypassPermissions', destination: 'session' };
  const denial = { ...rule, behavior: 'deny' };
  for (const permission_suggestions of [undefined, [], [dangerous], [denial]]) {
    assert.deepEqual(permissionRequestOf(ask({ permission_suggestions }), around).decisions, ['allowOnce', 'deny']);
  }
});

test('a rule is narrower than a mode, and is taken alone', () => {
  assert.deepEqual(sessionSuggestions(ask({ permission_suggestions: [edits, rule] })), [rule]);
  assert.deepEqual(sessionSuggestions(ask({ permission_suggestions: [edits] })), [edits]);
});

test('an edit says what allowing it for the session means', () => {
  const asked = ask({ tool_name: 'Write', input: { file_path: '/srv/shop/a', content: 'x' }, permission_suggestions: [edits] });
  const request = permissionRequestOf(asked, around);
  assert.equal(request.title, 'Write a');
  assert.match(request.reason ?? '', /every edit of a file in the project/);
});

test('a tool that we know nothing of is shown by its whole input', () => {
  const request = permissionRequestOf(ask({ tool_name: 'mcp__bank__pay', input: { euros: 5 } }), around);
  assert.deepEqual(request.content, [{ type: 'text', text: '{\n  "euros": 5\n}' }]);
});

test('allowed once, the same input runs', () => {
  assert.deepEqual(answerFor(ask({}), 'allowOnce', null)?.response, { behavior: 'allow', updatedInput: { command: 'touch z' } });
});

test('allowed for the session, nothing is written to a settings file', () => {
  const response = answerFor(ask({ permission_suggestions: [rule] }), 'allowSession', null)?.response;
  assert.deepEqual(response?.updatedPermissions, [{ ...rule, destination: 'session' }]);
});

test('a denial carries the person’s words, or says whose it is', () => {
  assert.equal(answerFor(ask({}), 'deny', 'Not now')?.response.message, 'Not now');
  assert.equal(answerFor(ask({}), 'deny', null)?.response.message, 'The person did not allow this.');
});

test('each question is answered or withdrawn once', () => {
  const permissions = new Permissions({ newId });
  const shown = { toolItemId: null, request: permissionRequestOf(ask({}), around) };
  const event = permissions.asked('r1', ask({}), shown);
  assert.ok(event.type === 'permissionAsked');
  assert.equal(permissions.answered(event.approvalId, 'allowOnce', null)?.requestId, 'r1');
  assert.equal(permissions.answered(event.approvalId, 'allowOnce', null), null);
  assert.deepEqual(permissions.withdrawn('r1', 'gone'), []);
});

const beside: [string, string, Record<string, unknown>, Record<string, unknown> | null][] = [
  ['an edit', 'Edit', { file_path: '/srv/shop/a', old_string: 'a', new_string: 'b' }, null],
  ['an edit everywhere', 'Edit', { file_path: '/srv/shop/a', old_string: 'a', new_string: 'b', replace_all: true }, { replace_all: true }],
  [
    'a cell of a notebook',
    'NotebookEdit',
    { notebook_path: '/srv/shop/n', new_source: 'b', cell_id: 'c7', edit_mode: 'insert' },
    { cell_id: 'c7', edit_mode: 'insert' },
  ],
  ['edits', 'MultiEdit', { file_path: 'a', edits: [{ old_string: 'a', new_string: 'b' }] }, null],
  [
    'edits everywhere',
    'MultiEdit',
    { file_path: 'a', edits: [{ old_string: 'a', new_string: 'b', replace_all: true }] },
    { edits: [{ old_string: 'a', new_string: 'b', replace_all: true }] },
  ],
  ['a command', 'Bash', { command: 'x', description: 'Does it' }, null],
  [
    'a command out of its sandbox',
    'Bash',
    { command: 'x', dangerouslyDisableSandbox: true, run_in_background: true, timeout: 5 },
    { dangerouslyDisableSandbox: true, run_in_background: true, timeout: 5 },
  ],
  ['a second description', 'Bash', { command: 'x', description: 'Another' }, { description: 'Another' }],
];
for (const [what, tool_name, input, rest] of beside) {
  test(`${what}: what nothing else shows of its input is added`, () => {
    const { content } = permissionRequestOf(ask({ tool_name, input, description: 'Does it' }), around);
    const last = content.at(-1);
    assert.deepEqual(last?.type === 'text' ? JSON.parse(last.text) : null, rest);
  });
}
