/** What well-behaved programs print, one message of each kind, in the two protocols that we read. */

const update = (body: object) => ({ jsonrpc: '2.0', method: 'session/update', params: { sessionId: 's1', update: body } });
const text = (said: string) => ({ type: 'text', text: said });

export const acpLines: readonly object[] = [
  update({ sessionUpdate: 'agent_message_chunk', content: text('I will look.') }),
  update({ sessionUpdate: 'agent_thought_chunk', content: text('Where is it?') }),
  update({ sessionUpdate: 'user_message_chunk', content: text('Look!') }),
  update({
    sessionUpdate: 'tool_call',
    toolCallId: 't1',
    title: 'Read a file',
    kind: 'read',
    status: 'pending',
    locations: [{ path: '/srv/shop/main.js', line: 3 }],
    rawInput: { path: 'main.js' },
  }),
  update({
    sessionUpdate: 'tool_call_update',
    toolCallId: 't1',
    status: 'completed',
    content: [
      { type: 'content', content: text('done') },
      { type: 'diff', path: '/srv/shop/main.js', oldText: 'a', newText: 'b' },
      { type: 'terminal', terminalId: 'x' },
    ],
    rawOutput: { code: 0 },
  }),
  update({ sessionUpdate: 'plan', entries: [{ content: 'Think', priority: 'high', status: 'in_progress' }] }),
  update({ sessionUpdate: 'available_commands_update', availableCommands: [{ name: 'plan', description: 'Make a plan' }] }),
  update({ sessionUpdate: 'current_mode_update', currentModeId: 'code' }),
  update({ sessionUpdate: 'usage_update', used: 10, size: 200_000, cost: { amount: 0.1, currency: 'USD' } }),
  {
    jsonrpc: '2.0',
    id: 'ask-1',
    method: 'session/request_permission',
    params: {
      sessionId: 's1',
      toolCall: { toolCallId: 't1', title: 'npm test', kind: 'execute', rawInput: { command: 'npm test' } },
      options: [
        { optionId: 'yes', name: 'Allow', kind: 'allow_once' },
        { optionId: 'no', name: 'Deny', kind: 'reject_once' },
      ],
    },
  },
  { jsonrpc: '2.0', id: 'read-1', method: 'fs/read_text_file', params: { sessionId: 's1', path: '/etc/hostname' } },
  { jsonrpc: '2.0', id: 'term-1', method: 'terminal/create', params: { sessionId: 's1', command: 'true' } },
  { jsonrpc: '2.0', id: 99, error: { code: -32603, message: 'an answer to nothing', data: { details: 'none' } } },
];

const stream = (event: object) => ({ type: 'stream_event', event, parent_tool_use_id: null, session_id: 's1', uuid: 'u1' });
const assistant = (content: object) => ({
  type: 'assistant',
  message: { id: 'm1', model: 'opus', role: 'assistant', content: [content], usage: { input_tokens: 10, cache_read_input_tokens: 5 } },
  parent_tool_use_id: null,
});

export const claudeLines: readonly object[] = [
  { type: 'system', subtype: 'init', session_id: 's1', tools: ['Bash'], model: 'opus', cwd: '/srv/shop' },
  stream({ type: 'message_start', message: { id: 'm1', usage: {} } }),
  stream({ type: 'content_block_start', index: 0, content_block: { type: 'tool_use', id: 't1', name: 'Bash', input: {} } }),
  stream({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'I will look.' } }),
  stream({ type: 'content_block_delta', index: 1, delta: { type: 'thinking_delta', thinking: 'Where is it?' } }),
  stream({ type: 'message_stop' }),
  assistant({ type: 'text', text: 'I will look.' }),
  assistant({ type: 'tool_use', id: 't1', name: 'Edit', input: { file_path: '/srv/shop/main.js', old_string: 'a', new_string: 'b' } }),
  {
    type: 'user',
    message: { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: 'done', is_error: false }] },
    tool_use_result: { originalFile: 'a', filePath: '/srv/shop/main.js' },
    tool_result_meta: [{ id: 't1', permission_decision: { decision: 'allow' } }],
  },
  { type: 'system', subtype: 'api_retry', attempt: 1, max_retries: 3, retry_delay_ms: 5, error_status: 529, error: 'overloaded_error' },
  { type: 'system', subtype: 'compact_boundary', compact_metadata: { trigger: 'auto', pre_tokens: 10, post_tokens: 5 } },
  { type: 'system', subtype: 'task_started', tool_use_id: 't1', is_backgrounded: true },
  {
    type: 'control_request',
    request_id: 'ask-1',
    request: {
      subtype: 'can_use_tool',
      tool_name: 'Bash',
      input: { command: 'npm test' },
      tool_use_id: 't1',
      permission_suggestions: [{ type: 'addRules', behavior: 'allow', rules: [{ toolName: 'Bash', ruleContent: 'npm test' }] }],
    },
  },
  { type: 'control_cancel_request', request_id: 'ask-1' },
  { type: 'control_response', response: { subtype: 'success', request_id: 'none', response: {} } },
  { type: 'result', subtype: 'error_during_execution', is_error: true, errors: ['no'], user_message_uuids: [], origin: { kind: 'task' } },
];
