/** The adapter with the real Claude Code program, whose model is a stand-in on loopback. */
import assert from 'node:assert/strict';
import { access, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { after, before, it, type TestContext } from 'node:test';
import { type ClaudeAgent, type ClaudeAgentOptions, makeClaudeAgent, makeClaudeFolder } from '../support/claude-agent.ts';
import { claudeProgram } from '../support/claude-program.ts';
import { type ModelApi, startModelApi } from '../support/model-api.ts';
import { longText } from '../support/model-script.ts';

let program: string;
let api: ModelApi;
/** `long` answers wait for this before each part. */
let pace: (part: number) => Promise<void> = async () => {};

before(async () => {
  program = await claudeProgram();
  api = await startModelApi({ pace: (part) => pace(part) });
});

after(() => api.close());

function makeAgent(t: TestContext, options: Partial<ClaudeAgentOptions> = {}): Promise<ClaudeAgent> {
  return makeClaudeAgent(t, { command: [program], modelUrl: api.url, ...options });
}

async function openAgent(t: TestContext, options: Partial<ClaudeAgentOptions> = {}): Promise<ClaudeAgent> {
  const agent = await makeAgent(t, options);
  await agent.adapter.open({ providerSessionId: null, model: null });
  return agent;
}

const opened = { providerSessionId: null, model: null };

it('opens a session that tells its version, its model and what it can do', async (t) => {
  const { adapter, recorder } = await makeAgent(t);
  const session = await adapter.open({ providerSessionId: null, model: 'claude-haiku-4-5' });
  const event = await recorder.next('sessionOpened');
  assert.match(session.programVersion ?? '', /^\d+\.\d+\.\d+/);
  assert.equal(typeof session.programPid, 'number');
  assert.equal(session.capabilities.cost, true);
  assert.equal(event.model, 'claude-haiku-4-5');
  assert.equal(event.resumed, false);
});

it('streams a text in parts that make it once and whole', async (t) => {
  const { recorder, say } = await openAgent(t);
  const promptId = await say('long 300');
  const ended = await recorder.next('turnEnded');
  const started = recorder.all('turnStarted');
  assert.deepEqual(started, [{ type: 'turnStarted', turnId: ended.turnId, promptIds: [promptId] }]);
  assert.deepEqual(recorder.texts(), [longText(300)]);
  assert.ok(recorder.all('text').length > 10);
  assert.equal(recorder.all('blockEnded').length, 1);
  assert.equal(ended.reason, 'completed');
});

it('keeps thinking apart from text', async (t) => {
  const { recorder, say } = await openAgent(t);
  await say('think about the question');
  await recorder.next('turnEnded');
  assert.deepEqual(recorder.texts('thinking'), ['about the question']);
  assert.deepEqual(recorder.texts(), ['Thought about it.']);
});

it('writes a file once that is allowed, and shows what it would write before', async (t) => {
  const { adapter, recorder, projectDir, say } = await openAgent(t);
  const file = path.join(projectDir, 'notes.txt');
  await say(`write ${file} one two`);
  const asked = await recorder.next('permissionAsked');
  const diff = { type: 'diff', path: 'notes.txt', oldText: null, newText: 'one two' };
  assert.deepEqual(asked.request.content, [diff]);
  await assert.rejects(access(file));
  assert.equal(adapter.answer(asked.approvalId, 'allowOnce', null), true);
  const tool = await recorder.next('toolEnded');
  assert.equal(tool.status, 'ok');
  assert.equal(asked.toolItemId, tool.itemId);
  assert.equal((await recorder.next('turnEnded')).reason, 'completed');
  assert.equal(await readFile(file, 'utf8'), 'one two');
  assert.equal(adapter.answer(asked.approvalId, 'allowOnce', null), false);
});

it('does not run a command that is denied, and tells the agent why', async (t) => {
  const { adapter, recorder, projectDir, say } = await openAgent(t);
  await say('bash touch made.txt');
  const asked = await recorder.next('permissionAsked');
  assert.equal(asked.request.command, 'touch made.txt');
  assert.equal(asked.request.cwd, projectDir);
  adapter.answer(asked.approvalId, 'deny', 'Not in this folder.');
  assert.equal((await recorder.next('toolEnded')).status, 'denied');
  assert.equal((await recorder.next('turnEnded')).reason, 'completed');
  assert.deepEqual(recorder.texts(), ['The tool said: Not in this folder.']);
  await assert.rejects(access(path.join(projectDir, 'made.txt')));
});

it('asks only once for what is allowed for the session', async (t) => {
  const { adapter, recorder, projectDir, say } = await openAgent(t);
  await say('bash touch made.txt');
  const asked = await recorder.next('permissionAsked');
  assert.ok(asked.request.decisions.includes('allowSession'));
  adapter.answer(asked.approvalId, 'allowSession', null);
  await recorder.next('turnEnded');
  await rm(path.join(projectDir, 'made.txt'));
  await say('bash touch made.txt');
  await recorder.next('turnEnded');
  assert.equal(recorder.all('permissionAsked').length, 1);
  await access(path.join(projectDir, 'made.txt'));
});

it('is interrupted while it streams, and takes the next prompt', async (t) => {
  const { adapter, recorder, say } = await openAgent(t);
  pace = (part) => (part < 3 ? Promise.resolve() : new Promise(() => {}));
  await say('long 300');
  await recorder.next('text');
  await adapter.interrupt();
  assert.equal((await recorder.next('turnEnded')).reason, 'interrupted');
  pace = async () => {};
  await say('text still here');
  assert.equal((await recorder.next('turnEnded')).reason, 'completed');
  assert.equal(recorder.texts().at(-1), 'still here');
});

it('withdraws its question when it is interrupted', async (t) => {
  const { adapter, recorder, say } = await openAgent(t);
  await say('bash touch made.txt');
  const asked = await recorder.next('permissionAsked');
  await adapter.interrupt();
  assert.equal((await recorder.next('permissionWithdrawn')).approvalId, asked.approvalId);
  assert.equal((await recorder.next('toolEnded')).status, 'interrupted');
  assert.equal((await recorder.next('turnEnded')).reason, 'interrupted');
  assert.equal(adapter.answer(asked.approvalId, 'allowOnce', null), false);
});

it('tells the class of each error, and goes on after it', async (t) => {
  const { recorder, say } = await openAgent(t);
  const cases = [
    ['error 401', 'auth'],
    ['error 429', 'rate_limit'],
    ['error 500', 'overloaded'],
    ['error 529', 'overloaded'],
    ['cut', 'network'],
  ] as const;
  for (const [script, type] of cases) {
    await say(script);
    const ended = await recorder.next('turnEnded');
    assert.equal(ended.reason, 'failed', script);
    assert.equal(ended.failure?.type, type, script);
  }
  await say('text recovered');
  assert.equal((await recorder.next('turnEnded')).reason, 'completed');
});

it('says that it tries again', async (t) => {
  const { recorder, say } = await openAgent(t, { maxRetries: 1 });
  await say('error 529');
  const retry = await recorder.next('retry');
  assert.deepEqual([retry.attempt, retry.maxAttempts, retry.failure.type], [1, 1, 'overloaded']);
  assert.equal((await recorder.next('turnEnded')).failure?.type, 'overloaded');
});

it('says that the answer begins again when the connection broke in it', async (t) => {
  const { recorder, say } = await openAgent(t);
  await say('cut stream');
  assert.equal((await recorder.next('turnEnded')).reason, 'completed');
  assert.match(recorder.all('notice')[0]?.text ?? '', /begins again/);
  assert.equal(recorder.all('blockEnded').length, 2);
});

it('goes on with session, memory and cost after its program was killed', async (t) => {
  const folder = await makeClaudeFolder();
  const first = await makeAgent(t, { folder });
  const { programPid } = await first.adapter.open(opened);
  const { providerSessionId } = await first.recorder.next('sessionOpened');
  await first.say('text remember the apples');
  await first.recorder.next('turnEnded');
  const usage = first.recorder.all('usage').at(-1)?.usage ?? null;
  pace = (part) => (part < 3 ? Promise.resolve() : new Promise(() => {}));
  await first.say('long 300');
  await first.recorder.next('text');
  process.kill(programPid ?? 0, 'SIGKILL');
  assert.match(await first.exited, /SIGKILL/);
  assert.equal((await first.recorder.next('turnEnded')).reason, 'crashed');
  pace = async () => {};

  const second = await makeAgent(t, { folder });
  await second.adapter.open({ providerSessionId, model: null, usage });
  const again = await second.recorder.next('sessionOpened');
  assert.deepEqual([again.providerSessionId, again.resumed], [providerSessionId, true]);
  await second.say('text after');
  await second.recorder.next('turnEnded');
  assert.match(JSON.stringify(api.requests.at(-1)?.messages), /remember the apples/);
  const usageAfter = second.recorder.all('usage').at(-1)?.usage;
  assert.deepEqual([usage?.inputTokens, usageAfter?.inputTokens], [100, 200]);
  assert.ok((usageAfter?.costUsd ?? 0) > (usage?.costUsd ?? 0));
});

it('counts on from its own totals when it was stopped in order', async (t) => {
  const { adapter, recorder, say } = await openAgent(t);
  const { providerSessionId } = await recorder.next('sessionOpened');
  await say('text one');
  await recorder.next('turnEnded');
  await adapter.stop();
  await adapter.open({ providerSessionId, model: null });
  await say('text two');
  await recorder.next('turnEnded');
  assert.deepEqual(
    recorder.all('usage').map((event) => event.usage.inputTokens),
    [100, 200],
  );
});

it('reports totals of the session, not of a turn', async (t) => {
  const { recorder, say } = await openAgent(t);
  for (const text of ['text one', 'text two']) {
    await say(text);
    await recorder.next('turnEnded');
  }
  const [one, two] = recorder.all('usage').map((event) => event.usage);
  assert.deepEqual([one?.inputTokens, one?.outputTokens, one?.cacheReadTokens], [100, 20, 50]);
  assert.deepEqual([two?.inputTokens, two?.outputTokens, two?.cacheReadTokens], [200, 40, 100]);
  assert.equal(two?.contextTokens, 150);
  assert.ok((two?.contextWindowTokens ?? 0) >= 200_000);
  assert.ok(Math.abs((two?.costUsd ?? 0) - 2 * (one?.costUsd ?? 0)) < 1e-9);
});

it('begins a new session, and says so, when the program has lost the old one', async (t) => {
  const { adapter, recorder } = await makeAgent(t);
  await adapter.open({ providerSessionId: '01a1fbca-19c6-71fe-a1d1-65fc3fae5608', model: null });
  const session = await recorder.next('sessionOpened');
  assert.equal(session.resumed, false);
  assert.notEqual(session.providerSessionId, '01a1fbca-19c6-71fe-a1d1-65fc3fae5608');
  assert.match((await recorder.next('notice')).text, /no record of the earlier conversation/);
});

it('runs a subagent in the background as a tool call with calls of its own, and a turn without a prompt after it', async (t) => {
  const { adapter, recorder, say } = await openAgent(t);
  await say('tool Agent {"description":"Look","prompt":"bash touch made.txt","subagent_type":"general-purpose"}\ntext launched');
  const asked = await recorder.next('permissionAsked');
  adapter.answer(asked.approvalId, 'allowOnce', null);
  // The prompt's turn may end before the subagent asks; the turn which the subagent's end begins does so afterwards.
  while (recorder.all('turnEnded').length < 2) await recorder.next('turnEnded');
  const [parent, child] = recorder.all('toolStarted');
  assert.equal(parent?.name, 'Agent');
  assert.equal(child?.parentItemId, parent?.itemId);
  const ended = recorder.all('toolEnded').find(({ itemId }) => itemId === parent?.itemId);
  assert.equal(ended?.status, 'ok');
  assert.deepEqual(recorder.all('turnStarted')[1]?.promptIds, []);
});

it('ends a turn that runs when it is stopped, and does not call that a crash', async (t) => {
  const { adapter, recorder, say } = await openAgent(t);
  await say('hang');
  await adapter.stop();
  assert.equal((await recorder.next('turnEnded')).reason, 'interrupted');
  await assert.rejects(say('text too late'), /Start the agent again/);
});

it('names the program that is missing and how to install it', async (t) => {
  const { adapter } = await makeAgent(t, { command: ['no-such-claude'] });
  await assert.rejects(adapter.open(opened), {
    code: 'agentFailed',
    message: /no-such-claude.*npm install -g @anthropic-ai\/claude-code/s,
  });
});

it('repeats the last words of a program that ends at once', async (t) => {
  const { adapter } = await makeAgent(t, { command: [program, '--no-such-option'] });
  await assert.rejects(adapter.open(opened), { code: 'agentFailed', message: /exit code 1.*unknown option/s });
});

it('follows the program into the new session that it opens when its conversation is cleared', async (t) => {
  const { recorder, say } = await openAgent(t);
  const first = await recorder.next('sessionOpened');
  await say('/clear');
  const second = await recorder.next('sessionOpened');
  assert.notEqual(second.providerSessionId, first.providerSessionId);
  assert.equal(second.resumed, false);
});
