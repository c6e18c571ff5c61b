/** The real Codex with its agent's own tools: they reach the agent's door, ask nobody, and speak in its name only. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, it, type TestContext } from 'node:test';
import { AgorError } from '../../server/protocol/errors.ts';
import type { ToolServer } from '../../server/sidecar/adapter.ts';
import { type CodexAgent, makeCodexAgent } from '../support/codex-agent.ts';
import { codexProgram } from '../support/codex-program.ts';
import { ControlWorld } from '../support/control-world.ts';
import { ownTools } from '../support/own-tools.ts';
import { type ResponsesApi, startResponsesApi } from '../support/responses-api.ts';
import { sampleMessage } from '../support/teamwork-samples.ts';

let program: string;
let api: ResponsesApi;
let world: ControlWorld;
let calls: unknown[];

before(async () => {
  program = await codexProgram();
  api = await startResponsesApi();
});
after(() => api.close());

beforeEach(async () => {
  calls = [];
  world = await new ControlWorld().open();
  world.answerCall = async (method, params) => {
    calls.push({ method, params });
    return { message: sampleMessage, note: null };
  };
});
afterEach(() => world.remove());

async function openAgent(t: TestContext, tools: ToolServer = ownTools): Promise<CodexAgent> {
  const { agentSocket, runToken } = world.control;
  const environment = { AGOR_CONTROL_SOCKET: agentSocket, AGOR_RUN_TOKEN: runToken };
  const agent = await makeCodexAgent(t, { command: [program], modelUrl: api.url, tools, environment });
  await agent.adapter.open({ providerSessionId: null, model: null });
  return agent;
}

it('a tool’s call reaches the door with what the model gave, nobody is asked, and the model reads the answer', async (t) => {
  const { recorder, say } = await openAgent(t);
  await say('tool mcp__agor__send_message {"to":"ann","text":"hello"}');
  assert.equal((await recorder.next('turnEnded')).reason, 'completed');
  assert.deepEqual(calls, [{ method: 'message/send', params: { to: 'ann', text: 'hello' } }]);
  assert.equal(recorder.all('permissionAsked').length, 0);
  assert.match(recorder.texts()[0] ?? '', /Sent as 000000a1\. ann: queued \(ann is away until its next prompt\)\./);
  const [tool] = recorder.all('toolStarted');
  assert.deepEqual([tool?.name, tool?.title, tool?.input], ['mcp__agor__send_message', 'agor: send_message', { to: 'ann', text: 'hello' }]);
});

it('a refusal is read by the model as the sentence that it is', async (t) => {
  world.answerCall = () => Promise.reject(new AgorError('notFound', 'There is no agent "anne". Known: ann, bob.'));
  const { recorder, say } = await openAgent(t);
  await say('tool mcp__agor__send_message {"to":"anne","text":"hello"}');
  assert.equal((await recorder.next('toolEnded')).status, 'failed');
  await recorder.next('turnEnded');
  assert.match(recorder.texts()[0] ?? '', /There is no agent \\?"anne\\?"\. Known: ann, bob\./);
});

it('tools that do not start are told of, and the agent works on', async (t) => {
  const { recorder, say } = await openAgent(t, { ...ownTools, args: ['-e', 'process.exit(1)'] });
  for (const text of ['text one', 'text two']) {
    await say(text);
    assert.equal((await recorder.next('turnEnded')).reason, 'completed');
  }
  const told = recorder.all('notice').map(({ text }) => text);
  assert.deepEqual(told, ['The agent’s own tools for mail and tasks did not start; it still has the commands btmsg and bttask.']);
});
