/** 10,000 damaged lines for each protocol, through the splitter, the adapter, and everything that looks at an event. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { newId } from '../../../../server/base/uuid.ts';
import { SecretFilter } from '../../../../server/leaks/secret-filter.ts';
import { AgentEvent } from '../../../../server/protocol/agent-event.ts';
import type { PromptId } from '../../../../server/protocol/ids.ts';
import { type AdapterContext, type AdapterFactory, noHooks } from '../../../../server/sidecar/adapter.ts';
import { createAcpAdapter } from '../../../../server/sidecar/adapters/acp/acp-adapter.ts';
import { createClaudeAdapter } from '../../../../server/sidecar/adapters/claude/claude-adapter.ts';
import { boundedEvent } from '../../../../server/sidecar/bounded-event.ts';
import { mutated, seededRandom } from '../../../support/mutations.ts';
import { type SpokenProgram, spokenProgram } from '../../../support/spoken-program.ts';

const frames = 10_000;
const folder = mkdtempSync(path.join(os.tmpdir(), 'agor-damaged-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const filter = new SecretFilter();

class Fuzzed {
  readonly types = new Map<AgentEvent['type'], number>();
  readonly #program: ReturnType<typeof spokenProgram>;
  readonly #adapter: ReturnType<AdapterFactory>;
  lastText = '';

  constructor(create: AdapterFactory, onHeard: (line: string, program: SpokenProgram) => void) {
    this.#program = spokenProgram(onHeard);
    const context: AdapterContext = {
      projectDir: folder,
      agentDir: folder,
      command: ['agent'],
      environment: {},
      startProgram: this.#program.startProgram,
      emit: (event) => this.#emitted(event),
      onExit: () => assert.fail('the program was lost'),
      log: () => {},
      tools: null,
      hooks: noHooks,
    };
    this.#adapter = create(context);
  }

  async open(): Promise<void> {
    await this.#adapter.open({ providerSessionId: null, model: null });
  }

  async prompt(): Promise<void> {
    await this.#adapter.prompt({ promptId: newId<PromptId>(), text: 'go' });
  }

  says(line: string | Buffer): void {
    this.#program.started.at(-1)?.says(line);
  }

  stop(): Promise<void> {
    return this.#adapter.stop();
  }

  /** As the sidecar does with each: the secrets are looked for, its shape and size are checked, and it is written down. */
  #emitted(event: AgentEvent): void {
    const told = boundedEvent(AgentEvent.parse(filter.value(event, 'event')));
    JSON.stringify(told);
    this.types.set(told.type, (this.types.get(told.type) ?? 0) + 1);
    if (told.type === 'text') this.lastText = told.text;
  }
}

function damage(fuzzed: Fuzzed, lines: readonly string[], seed: number): void {
  const random = seededRandom(seed);
  for (let count = 0; count < frames; count++) {
    fuzzed.says(mutated(lines[Math.floor(random() * lines.length)] ?? '', random));
  }
}

const json = (message: object) => JSON.stringify(message);

describe('damaged lines', () => {
  it('of an ACP program cost nothing but themselves', async () => {
    const rpc = (message: object) => json({ jsonrpc: '2.0', ...message });
    const update = (body: object) => rpc({ method: 'session/update', params: { sessionId: 's1', update: body } });
    const text = (words: string) => update({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: words } });
    const tool = { toolCallId: 't1', title: 'Look', kind: 'read', status: 'pending', rawInput: { path: 'a' } };
    const options = [{ optionId: 'y', name: 'Yes', kind: 'allow_once' }];
    const lines = [
      text('hello é\u{1F600}'),
      update({ sessionUpdate: 'agent_thought_chunk', content: { type: 'text', text: 'hm' } }),
      update({ sessionUpdate: 'tool_call', ...tool }),
      update({
        sessionUpdate: 'tool_call_update',
        toolCallId: 't1',
        status: 'completed',
        content: [{ type: 'diff', path: 'a', oldText: null, newText: 'b' }],
      }),
      update({ sessionUpdate: 'plan', entries: [{ content: 'one', priority: 'high', status: 'pending' }] }),
      update({ sessionUpdate: 'usage_update', used: 7, size: 100, cost: { amount: 0.1, currency: 'USD' } }),
      rpc({ id: 7, method: 'session/request_permission', params: { sessionId: 's1', toolCall: tool, options } }),
      rpc({ id: 99, result: { stopReason: 'end_turn' } }),
      rpc({ method: '$/cancel_request', params: { requestId: 7 } }),
    ];
    const answers: Record<string, object> = {
      initialize: { protocolVersion: 1, agentCapabilities: {} },
      'session/new': { sessionId: 's1' },
    };
    const fuzzed = new Fuzzed(createAcpAdapter, (line, program) => {
      const { id, method } = JSON.parse(line);
      if (answers[method]) program.says(rpc({ id, result: answers[method] }));
    });
    await fuzzed.open();
    await fuzzed.prompt();
    damage(fuzzed, lines, 1);
    fuzzed.says(text('still there'));
    assert.equal(fuzzed.lastText, 'still there');
    await new Promise(setImmediate);
    assertHeard(fuzzed);
    await fuzzed.stop();
  });

  it('of Claude Code cost nothing but themselves', async () => {
    const stream = (event: object) => json({ type: 'stream_event', event, parent_tool_use_id: null });
    const delta = (words: string) => stream({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: words } });
    const message = (id: string, content: object) =>
      json({ type: 'assistant', message: { id, model: 'm', content: [content] }, parent_tool_use_id: null });
    const bash = { type: 'tool_use', id: 't1', name: 'Bash', input: { command: 'ls' } };
    const lines = [
      stream({ type: 'message_start', message: { id: 'm1' } }),
      delta('hello é\u{1F600}'),
      stream({ type: 'content_block_start', index: 1, content_block: bash }),
      message('m1', { type: 'text', text: 'hello' }),
      message('m1', bash),
      json({ type: 'user', message: { content: [{ type: 'tool_result', tool_use_id: 't1', content: 'a\nb' }] }, tool_use_result: {} }),
      json({
        type: 'control_request',
        request_id: 'r1',
        request: { subtype: 'can_use_tool', tool_name: 'Bash', input: { command: 'ls' } },
      }),
      json({ type: 'control_cancel_request', request_id: 'r1' }),
      json({ type: 'control_request', request_id: 'r2', request: { subtype: 'hook_callback', callback_id: 'Stop', input: {} } }),
      json({ type: 'system', subtype: 'hook_response', hook_event: 'Stop', outcome: 'error', exit_code: 1, stderr: 'no' }),
      json({ type: 'system', subtype: 'api_retry', attempt: 1, max_retries: 9, retry_delay_ms: 500, error_status: 529 }),
      json({ type: 'system', subtype: 'task_progress', tool_use_id: 't1', description: 'x' }),
      json({ type: 'result', subtype: 'success', is_error: false, total_cost_usd: 0.1, modelUsage: { m: { inputTokens: 5 } } }),
    ];
    const fuzzed = new Fuzzed(createClaudeAdapter, (line, program) => {
      const { request_id: requestId, request } = JSON.parse(line);
      if (request?.subtype !== 'initialize') return;
      program.says(json({ type: 'control_response', response: { subtype: 'success', request_id: requestId, response: {} } }));
    });
    await fuzzed.open();
    await fuzzed.prompt();
    damage(fuzzed, lines, 2);
    await fuzzed.prompt();
    fuzzed.says(stream({ type: 'message_start', message: { id: 'last' } }));
    fuzzed.says(delta('still there'));
    assert.equal(fuzzed.lastText, 'still there');
    assertHeard(fuzzed);
    await fuzzed.stop();
  });
});

function assertHeard({ types }: Fuzzed): void {
  const told = types.get('protocolError') ?? 0;
  assert.ok(told > frames / 4, `${told} lines were told of`);
  assert.ok((types.get('text') ?? 0) > 100, 'what was not damaged too much was heard');
  assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false);
}
