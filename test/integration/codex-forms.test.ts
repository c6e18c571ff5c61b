/** Forms that servers of tools and Codex itself ask for, with the real Codex program, whose model is a stand-in on loopback. */
import assert from 'node:assert/strict';
import { after, before, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { FormValues } from '../../server/protocol/form.ts';
import { type CodexAgent, makeCodexAgent } from '../support/codex-agent.ts';
import { codexProgram } from '../support/codex-program.ts';
import { type ResponsesApi, startResponsesApi } from '../support/responses-api.ts';

const server = fileURLToPath(new URL('../fixtures/programs/asks-form.mjs', import.meta.url));
const schema = {
  type: 'object',
  properties: {
    stage: { type: 'string', title: 'Stage', enum: ['test', 'live'] },
    copies: { type: 'integer', minimum: 1, maximum: 5 },
    quiet: { type: 'boolean' },
  },
  required: ['stage'],
};

let program: string;
let api: ResponsesApi;

before(async () => {
  program = await codexProgram();
  api = await startResponsesApi();
});

after(() => api.close());

async function openAgent(t: TestContext, options: readonly string[] = []): Promise<CodexAgent> {
  const tools = { command: process.execPath, args: [server], env: {}, passed: [] };
  const agent = await makeCodexAgent(t, { command: [program, ...options], modelUrl: api.url, tools });
  await agent.adapter.open({ providerSessionId: null, model: null });
  return agent;
}

/** Outside its planning mode it asks only where a person has switched that on. */
const asksItself = ['-c', 'features.default_mode_request_user_input=true'];
const options = [
  { label: 'test', description: 'Nobody sees it.' },
  { label: 'live', description: 'All see it.' },
];
const questions = [{ id: 'stage', header: 'Stage', question: 'Where to?', options }];

const ask = (asked: object) => `tool mcp__agor__ask ${JSON.stringify(asked)}`;

it('shows the fields of a form, and gives the values to the server that asked', async (t) => {
  const { adapter, recorder, say } = await openAgent(t);
  await say(ask({ schema }));
  const { approvalId, request } = await recorder.next('permissionAsked');
  assert.deepEqual(
    [request.title, request.reason, request.decisions],
    ['Fill in a form of agor', 'Where to?', ['allowOnce', 'deny', 'cancel']],
  );
  assert.deepEqual(
    request.form?.fields.map(({ name, type, required }) => [name, type, required]),
    // Codex sorts them.
    [
      ['copies', 'number', false],
      ['quiet', 'yesNo', false],
      ['stage', 'choice', true],
    ],
  );
  const values: FormValues = { stage: 'live', copies: 2, quiet: false };
  assert.equal(adapter.answer(approvalId, 'allowOnce', null, values), true);
  assert.equal((await recorder.next('turnEnded')).reason, 'completed');
  assert.deepEqual(answered(recorder.texts()), { action: 'accept', content: values });
});

for (const [decision, action] of [
  ['deny', 'decline'],
  ['cancel', 'cancel'],
] as const) {
  it(`tells the server of "${action}", and the turn goes on`, async (t) => {
    const { adapter, recorder, say } = await openAgent(t);
    await say(ask({ schema }));
    const { approvalId } = await recorder.next('permissionAsked');
    assert.equal(adapter.answer(approvalId, decision, null), true);
    assert.equal((await recorder.next('turnEnded')).reason, 'completed');
    assert.equal(answered(recorder.texts()).action, action);
  });
}

it('withdraws a form when the turn is stopped', async (t) => {
  const { adapter, recorder, say } = await openAgent(t);
  await say(ask({ schema }));
  const { approvalId } = await recorder.next('permissionAsked');
  await adapter.interrupt();
  assert.equal((await recorder.next('permissionWithdrawn')).approvalId, approvalId);
  assert.equal(adapter.answer(approvalId, 'allowOnce', null, { stage: 'live' }), false);
});

it('shows what Codex itself asks, and gives it the answers', async (t) => {
  const { adapter, recorder, say } = await openAgent(t, asksItself);
  await say(`tool request_user_input ${JSON.stringify({ questions })}`);
  const { approvalId, request } = await recorder.next('permissionAsked');
  assert.deepEqual([request.title, request.decisions], ['Answer Codex', ['allowOnce', 'deny']]);
  const [field] = request.form?.fields ?? [];
  assert.deepEqual([field?.name, field?.label, field?.help, field?.type], ['stage', 'Stage', 'Where to?', 'choice']);
  assert.equal(adapter.answer(approvalId, 'allowOnce', null, { stage: 'live' }), true);
  assert.equal((await recorder.next('turnEnded')).reason, 'completed');
  assert.deepEqual(answered(recorder.texts()), { answers: { stage: { answers: ['live'] } } });
});

it('tells Codex that what it asked is not answered', async (t) => {
  const { adapter, recorder, say } = await openAgent(t, asksItself);
  await say(`tool request_user_input ${JSON.stringify({ questions })}`);
  const { approvalId } = await recorder.next('permissionAsked');
  assert.equal(adapter.answer(approvalId, 'deny', null), true);
  assert.equal((await recorder.next('turnEnded')).reason, 'completed');
  assert.deepEqual(answered(recorder.texts()), { answers: {} });
});

function answered(texts: readonly string[]): { readonly action?: string; readonly content?: unknown } {
  const told = texts.join('');
  return JSON.parse(told.slice(told.indexOf('{'), told.lastIndexOf('}') + 1));
}
