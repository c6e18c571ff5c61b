/** What our side of Claude Code's hooks answers, and what it makes of what the program says of them. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, test } from 'node:test';
import { newId } from '../../../../../server/base/uuid.ts';
import type { AgentEvent } from '../../../../../server/protocol/agent-event.ts';
import { createClaudeAdapter } from '../../../../../server/sidecar/adapters/claude/claude-adapter.ts';
import { hookCommands } from '../../../../../server/sidecar/adapters/claude/hook-commands.ts';
import { Hooks } from '../../../../../server/sidecar/adapters/claude/hooks.ts';
import { type Line, parseLine } from '../../../../../server/sidecar/adapters/claude/lines.ts';
import { type SpokenProgram, spokenProgram } from '../../../../support/spoken-program.ts';
import { WatchedHooks } from '../../../../support/watched-hooks.ts';

let watched: WatchedHooks;
let hooks: Hooks;
let commands: string[];

beforeEach(() => {
  watched = new WatchedHooks();
  commands = [];
  hooks = new Hooks({ hooks: watched, commandsFor: () => commands });
});

function line(fields: Record<string, unknown>): Line {
  const parsed = parseLine(JSON.stringify(fields));
  assert.equal(parsed.kind, 'line');
  return parsed.line;
}

function calls(callback_id: string, input: Record<string, unknown> = {}, requestId = 'r1') {
  return hooks.called(requestId, { subtype: 'hook_callback', callback_id, input });
}

const feedback = (text: string) =>
  line({ type: 'user', isSynthetic: true, message: { content: [{ type: 'text', text: `Stop hook feedback:\n${text}` }] } });
const begins = (parent: string | null) =>
  line({ type: 'stream_event', event: { type: 'message_start', message: { id: 'm' } }, parent_tool_use_id: parent });
const ended = line({ type: 'result', subtype: 'success' });
const responded = (fields: Record<string, unknown>) =>
  line({ type: 'system', subtype: 'hook_response', hook_event: 'Stop', outcome: 'error', ...fields });

test('every hook but a blocked end of turn is answered with nothing', () => {
  watched.onStop = () => ({ block: 'Answer bob.' });
  assert.deepEqual(calls('Stop'), { decision: 'block', reason: 'Answer bob.' });
  assert.deepEqual(calls('Stop', { stop_hook_active: true }), {});
  for (const name of ['PermissionRequest', 'SessionEnd', 'StopFailure', 'no such hook']) assert.deepEqual(calls(name), {}, name);
  assert.deepEqual(watched.names(), ['Stop', 'Stop', 'PermissionRequest', 'SessionEnd', 'StopFailure']);
});

for (const [name, shown] of [
  ['the program’s own words for it', () => feedback('Answer bob.')],
  ['the next answer of the model', () => begins(null)],
] as const) {
  test(`a block counts as taken up by ${name}, once`, () => {
    watched.onStop = () => ({ block: 'Answer bob.' });
    calls('Stop');
    hooks.heard(feedback('the person’s own hook'));
    hooks.heard(begins('toolu_of_a_subagent'));
    assert.equal(watched.blocksTaken, 0);
    hooks.heard(shown());
    hooks.heard(begins(null));
    assert.equal(watched.blocksTaken, 1);
  });
}

for (const [name, shown] of [
  ['the program no longer waited for', () => line({ type: 'control_cancel_request', request_id: 'r1' })],
  ['came when the turn had ended', () => ended],
] as const) {
  test(`a block that ${name} does not count as taken up`, () => {
    watched.onStop = () => ({ block: 'Answer bob.' });
    calls('Stop');
    hooks.heard(shown());
    hooks.heard(begins(null));
    assert.equal(watched.blocksTaken, 0);
  });
}

test('whatever fails on our side is told, and the program gets its answer', () => {
  const failing = new Hooks({
    hooks: {
      stop: () => {
        throw new Error('no memory');
      },
      observed: () => {
        throw new Error('no eyes');
      },
      failed: watched.failed,
    },
    commandsFor: () => [],
  });
  assert.deepEqual(failing.called('r1', { subtype: 'hook_callback', callback_id: 'Stop', input: {} }), {});
  assert.deepEqual(
    watched.failures.map(({ detail }) => detail),
    ['the callback failed: no memory', 'the callback failed: no eyes'],
  );
});

for (const [fields, of, detail] of [
  [{ exit_code: 3, stderr: 'bad\n' }, ['lint.sh'], 'exit 3: lint.sh: bad'],
  [{ exit_code: 1 }, ['lint.sh', 'test.sh'], 'exit 1: one of lint.sh | test.sh'],
  [{ exit_code: 1, outcome: 'cancelled' }, ['sleep 60'], 'out of time, or stopped: sleep 60'],
  [{ exit_code: 500 }, ['http://localhost/hook'], 'exit 500: http://localhost/hook'],
  [{}, [], 'exit without a code'],
] as const) {
  test(`a hook of the person's that failed is told as "${detail}"`, () => {
    commands = [...of];
    hooks.heard(responded(fields));
    assert.deepEqual(watched.failures, [{ hook: 'Stop', detail }]);
  });
}

test('a hook of the person’s that went well, or refused as it may, is no failure', () => {
  hooks.heard(responded({ outcome: 'success', exit_code: 0 }));
  hooks.heard(responded({ exit_code: 2, stderr: 'not yet' }));
  assert.deepEqual(watched.failures, []);
});

test('the commands of an event come from the settings, and none from what cannot be read', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'agor-hooks-'));
  t.after(() => rmSync(folder, { recursive: true }));
  assert.deepEqual(hookCommands(folder, 'Stop'), []);
  const settings = {
    hooks: { Stop: [{ hooks: [{ command: 'a' }, { url: 'http://b' }] }, { matcher: 'x', hooks: [{ command: 'c'.repeat(500) }] }], Bad: 7 },
  };
  writeFileSync(join(folder, 'settings.json'), JSON.stringify(settings));
  assert.deepEqual(hookCommands(folder, 'Stop'), ['a', 'http://b', 'c'.repeat(200)]);
  assert.deepEqual(hookCommands(folder, 'Bad'), []);
  assert.deepEqual(hookCommands(folder, 'toString'), []);
  writeFileSync(join(folder, 'settings.json'), '{"hooks":');
  assert.deepEqual(hookCommands(folder, 'Stop'), []);
});

/** A program that is asked nothing but to begin, and an adapter over it. */
async function openSpoken() {
  const events: AgentEvent[] = [];
  const { started, startProgram } = spokenProgram((heard, program) => {
    const { request_id, request } = JSON.parse(heard);
    if (request?.subtype === 'initialize')
      say(program, { type: 'control_response', response: { subtype: 'success', request_id, response: {} } });
  });
  const places = { projectDir: tmpdir(), agentDir: tmpdir(), command: ['claude'], environment: {} };
  const adapter = createClaudeAdapter({
    ...places,
    startProgram,
    tools: null,
    hooks: watched,
    emit: (event) => void events.push(event),
    onExit: () => {},
    log: () => {},
  });
  await adapter.open({ providerSessionId: null, model: null });
  const [program] = started;
  assert.ok(program);
  return { adapter, program, types: () => events.map(({ type }) => type) };
}

function say(program: SpokenProgram, fields: Record<string, unknown>): void {
  program.says(JSON.stringify(fields));
}

test('a turn ends with its result and not with the hook, which may come before the last words', async () => {
  const { adapter, program, types } = await openSpoken();
  await adapter.prompt({ promptId: newId(), text: 'hello' });
  say(program, { type: 'control_request', request_id: 'r1', request: { subtype: 'hook_callback', callback_id: 'Stop', input: {} } });
  assert.deepEqual(JSON.parse(program.heard.at(-1) ?? ''), {
    type: 'control_response',
    response: { subtype: 'success', request_id: 'r1', response: {} },
  });
  assert.equal(types().includes('turnEnded'), false);
  say(program, { type: 'assistant', message: { id: 'm1', content: [{ type: 'text', text: 'the last words' }] } });
  say(program, { type: 'result', subtype: 'success', is_error: false });
  assert.deepEqual(types().slice(-3), ['text', 'blockEnded', 'turnEnded']);
});

test('a call of a hook in a shape that nobody knows is answered all the same', async () => {
  const { program } = await openSpoken();
  say(program, { type: 'control_request', request_id: 'r9', request: { subtype: 'hook_callback', callback_id: 7 } });
  const { response } = JSON.parse(program.heard.at(-1) ?? '');
  assert.deepEqual([response.request_id, response.subtype], ['r9', 'error']);
});
