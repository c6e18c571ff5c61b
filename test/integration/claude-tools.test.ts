/** The real Claude Code with its agent's own tools: they reach the agent's door, ask nobody, and speak in its name only. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, it, type TestContext } from 'node:test';
import { AgorError } from '../../server/protocol/errors.ts';
import { type ClaudeAgent, makeClaudeAgent } from '../support/claude-agent.ts';
import { claudeProgram } from '../support/claude-program.ts';
import { ControlWorld } from '../support/control-world.ts';
import { type ModelApi, startModelApi } from '../support/model-api.ts';
import { ownTools } from '../support/own-tools.ts';
import { sampleMessage } from '../support/teamwork-samples.ts';

let program: string;
let api: ModelApi;
let world: ControlWorld;
let calls: unknown[];

before(async () => {
  program = await claudeProgram();
  api = await startModelApi();
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

async function openAgent(t: TestContext): Promise<ClaudeAgent> {
  const { agentSocket, runToken } = world.control;
  const environment = { AGOR_CONTROL_SOCKET: agentSocket, AGOR_RUN_TOKEN: runToken };
  const agent = await makeClaudeAgent(t, { command: [program], modelUrl: api.url, tools: ownTools, environment });
  await agent.adapter.open({ providerSessionId: null, model: null });
  return agent;
}

it('a tool’s call reaches the door with what the model gave, nobody is asked, and the model reads the answer', async (t) => {
  const { recorder, say } = await openAgent(t);
  await say('tool mcp__agor__send_message {"to":"ann","text":"hello"}');
  assert.equal((await recorder.next('turnEnded')).reason, 'completed');
  assert.deepEqual(calls, [{ method: 'message/send', params: { to: 'ann', text: 'hello' } }]);
  assert.equal(recorder.all('permissionAsked').length, 0);
  assert.deepEqual(recorder.texts(), ['The tool said: Sent as 000000a1. ann: queued (ann is away until its next prompt).']);
});

it('a refusal is read by the model as the sentence that it is', async (t) => {
  world.answerCall = () => Promise.reject(new AgorError('notFound', 'There is no agent "anne". Known: ann, bob.'));
  const { recorder, say } = await openAgent(t);
  await say('tool mcp__agor__send_message {"to":"anne","text":"hello"}');
  const ended = await recorder.next('toolEnded');
  assert.equal(ended.status, 'failed');
  await recorder.next('turnEnded');
  assert.match(recorder.texts()[0] ?? '', /There is no agent "anne"\. Known: ann, bob\./);
});

it('tools that do not start are told of once, and the agent works on', async (t) => {
  const tools = { ...ownTools, args: ['-e', 'process.exit(1)'] };
  const agent = await makeClaudeAgent(t, { command: [program], modelUrl: api.url, tools });
  await agent.adapter.open({ providerSessionId: null, model: null });
  for (const text of ['text one', 'text two', 'text three']) {
    await agent.say(text);
    assert.equal((await agent.recorder.next('turnEnded')).reason, 'completed');
  }
  const told = agent.recorder.all('notice').map(({ text }) => text);
  assert.deepEqual(told, ['The agent’s own tools for mail and tasks did not start; it still has the commands btmsg and bttask.']);
});
