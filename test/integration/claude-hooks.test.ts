/** The real Claude Code's hooks, called over its own input and output, and what the agent has of them. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, it, type TestContext } from 'node:test';
import { newId } from '../../server/base/uuid.ts';
import { hookNames } from '../../server/sidecar/adapter.ts';
import { type ClaudeAgent, type ClaudeAgentOptions, makeClaudeAgent } from '../support/claude-agent.ts';
import { claudeProgram } from '../support/claude-program.ts';
import { type ModelApi, startModelApi } from '../support/model-api.ts';
import { WatchedHooks } from '../support/watched-hooks.ts';

let program: string;
let api: ModelApi;

before(async () => {
  program = await claudeProgram();
  api = await startModelApi();
});

after(() => api.close());

async function openAgent(t: TestContext, hooks: WatchedHooks, options: Partial<ClaudeAgentOptions> = {}): Promise<ClaudeAgent> {
  const agent = await makeClaudeAgent(t, { command: [program], modelUrl: api.url, hooks, ...options });
  const opened = await agent.adapter.open({ providerSessionId: null, model: null });
  assert.equal(opened.capabilities.hooks, true);
  return agent;
}

it('tells of all ten, by callback or by what is known without one', async (t) => {
  const hooks = new WatchedHooks();
  const { adapter, recorder, say, projectDir } = await openAgent(t, hooks);
  await say(`write ${path.join(projectDir, 'a.txt')} one`);
  adapter.answer((await recorder.next('permissionAsked')).approvalId, 'allowOnce', null);
  await recorder.next('turnEnded');
  await say('error 400');
  await recorder.next('turnEnded');
  await say('tool Agent {"description":"d","prompt":"text from below","subagent_type":"general-purpose"}');
  await recorder.next('turnEnded');
  // The one that the subagent's return begins.
  await recorder.next('turnEnded');
  await say('/compact');
  await recorder.next('turnEnded');
  await adapter.stop();
  assert.deepEqual(new Set(hooks.names()), new Set(hookNames));
  assert.equal(hooks.names()[0], 'SessionStart');
  assert.equal(hooks.names().at(-1), 'SessionEnd');
  assert.deepEqual(
    hooks.inputs('SessionStart').map(({ source }) => source),
    ['startup', 'compact'],
  );
  assert.equal(hooks.inputs('UserPromptSubmit')[1]?.prompt, 'error 400');
  assert.deepEqual(hooks.failures, []);
});

it('counts only the subagents that were announced', async (t) => {
  const hooks = new WatchedHooks();
  const { recorder, say } = await openAgent(t, hooks);
  await say('tool Agent {"description":"d","prompt":"text from below","subagent_type":"general-purpose"}');
  await recorder.next('turnEnded');
  await recorder.next('turnEnded');
  await say('/compact');
  await recorder.next('turnEnded');
  const ids = (hook: 'SubagentStart' | 'SubagentStop') => hooks.inputs(hook).map(({ agent_id }) => agent_id);
  assert.equal(ids('SubagentStart').length, 1);
  assert.deepEqual(ids('SubagentStop'), ids('SubagentStart'));
});

it('holds a turn up once, with a reason that the model sees, and says when the program took it up', async (t) => {
  const hooks = new WatchedHooks();
  hooks.onStop = () => ({ block: 'You owe a reply to 4f21c0aa from bob.' });
  const { adapter, recorder, say } = await openAgent(t, hooks);
  await say('text all done');
  const ended = await recorder.next('turnEnded');
  assert.equal(ended.reason, 'completed');
  assert.equal(recorder.all('turnEnded').length, 1);
  assert.deepEqual(hooks.stops, [false, true]);
  assert.equal(hooks.blocksTaken, 1);
  assert.deepEqual(
    hooks.seen.filter(({ hook }) => hook === 'Stop').map(({ answer }) => answer?.block ?? null),
    ['You owe a reply to 4f21c0aa from bob.', null],
  );
  const sawReason = api.requests.filter(({ messages }) => JSON.stringify(messages).includes('You owe a reply to 4f21c0aa from bob.'));
  assert.equal(sawReason.length, 1);
  assert.deepEqual(await Promise.all(['4f21c0aa from bob', '4f21c0ab from bob'].map((text) => adapter.remembers?.(text))), [true, false]);
});

it('ends the turn when our own side of it fails, and tells that', async (t) => {
  const hooks = new WatchedHooks();
  hooks.onStop = () => {
    throw new Error('no memory of it');
  };
  const { recorder, say } = await openAgent(t, hooks);
  await say('text all done');
  assert.equal((await recorder.next('turnEnded')).reason, 'completed');
  assert.deepEqual(hooks.failures, [{ hook: 'Stop', detail: 'the callback failed: no memory of it' }]);
  assert.equal(hooks.inputs('Stop').length, 1);
});

it('names the person’s own hook that failed, with its command and its words, and the turn ends all the same', async (t) => {
  const hooks = new WatchedHooks();
  const run = (command: string) => [{ hooks: [{ type: 'command', command }] }];
  const settings = { hooks: { Stop: run('echo no such thing >&2; exit 3'), UserPromptSubmit: run('exit 4') } };
  const { recorder, say } = await openAgent(t, hooks, { settings });
  await say('hello');
  assert.equal((await recorder.next('turnEnded')).reason, 'completed');
  assert.deepEqual(hooks.failures, [
    { hook: 'UserPromptSubmit', detail: 'exit 4: exit 4' },
    { hook: 'Stop', detail: 'exit 3: echo no such thing >&2; exit 3: no such thing' },
  ]);
  assert.deepEqual(recorder.all('notice'), []);
});

it('takes a refusal of the person’s own hook for what it is', async (t) => {
  const hooks = new WatchedHooks();
  const command = 'test -e held && exit 0; touch held; echo look again >&2; exit 2';
  const { recorder, say } = await openAgent(t, hooks, { settings: { hooks: { Stop: [{ hooks: [{ type: 'command', command }] }] } } });
  await say('hello');
  await recorder.next('turnEnded');
  assert.deepEqual(hooks.failures, []);
  assert.deepEqual(hooks.stops, [false, true]);
  assert.equal(hooks.blocksTaken, 0);
});

it('puts what a prompt is about before the person’s own words, and remembers both', async (t) => {
  const hooks = new WatchedHooks();
  const { adapter, recorder, say } = await openAgent(t, hooks);
  const before = api.requests.length;
  await adapter.prompt({ promptId: newId(), text: 'text of the person', context: 'Beside it: message 0197c1d8-aaaa.' });
  await recorder.next('turnEnded');
  assert.deepEqual(recorder.texts(), ['of the person']);
  assert.ok(JSON.stringify(api.requests.slice(before)).includes('Beside it: message 0197c1d8-aaaa.'));
  assert.equal(await adapter.remembers?.('message 0197c1d8-aaaa'), true);
  assert.equal(await adapter.remembers?.('message 0197c1d8-bbbb'), false);
  await say('text more');
  await recorder.next('turnEnded');
  assert.equal(await adapter.remembers?.('message 0197c1d8-aaaa'), true);
});
