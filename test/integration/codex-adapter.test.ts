/** The adapter with the real Codex program, whose model is a stand-in on loopback. */
import assert from 'node:assert/strict';
import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, it, type TestContext } from 'node:test';
import { type CodexAgent, type CodexAgentOptions, makeCodexAgent, makeCodexFolder } from '../support/codex-agent.ts';
import { codexProgram } from '../support/codex-program.ts';
import { longText } from '../support/model-script.ts';
import { type ResponsesApi, startResponsesApi } from '../support/responses-api.ts';

let program: string;
let api: ResponsesApi;
/** `long` answers wait for this before each part. */
let pace: (part: number) => Promise<void> = async () => {};
let errorBody: object = {};

before(async () => {
  program = await codexProgram();
  api = await startResponsesApi({ pace: (part) => pace(part), errorBody: () => errorBody });
});

after(() => api.close());

function makeAgent(t: TestContext, options: Partial<CodexAgentOptions> = {}): Promise<CodexAgent> {
  return makeCodexAgent(t, { command: [program], modelUrl: api.url, ...options });
}

const opened = { providerSessionId: null, model: null };

async function openAgent(t: TestContext, options: Partial<CodexAgentOptions> = {}): Promise<CodexAgent> {
  const agent = await makeAgent(t, options);
  await agent.adapter.open(opened);
  return agent;
}

it('opens a session that tells its version, its model and what it can do', async (t) => {
  const { adapter, recorder } = await makeAgent(t);
  const session = await adapter.open({ providerSessionId: null, model: 'gpt-6-luna' });
  const event = await recorder.next('sessionOpened');
  assert.match(session.programVersion ?? '', /^\d+\.\d+\.\d+/);
  assert.equal(typeof session.programPid, 'number');
  assert.deepEqual([session.capabilities.tokens, session.capabilities.cost, session.capabilities.hooks], [true, false, false]);
  assert.deepEqual([event.model, event.resumed], ['gpt-6-luna', false]);
});

it('streams a text in parts that make it once and whole', async (t) => {
  const { recorder, say } = await openAgent(t);
  const promptId = await say('long 300');
  const ended = await recorder.next('turnEnded');
  assert.deepEqual(recorder.all('turnStarted'), [{ type: 'turnStarted', turnId: ended.turnId, promptIds: [promptId] }]);
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
  await say('write notes.txt one two');
  const asked = await recorder.next('permissionAsked');
  assert.deepEqual(asked.request.content, [{ type: 'diff', path: 'notes.txt', oldText: null, newText: 'one two\n' }]);
  await assert.rejects(access(path.join(projectDir, 'notes.txt')));
  assert.equal(adapter.answer(asked.approvalId, 'allowOnce', null), true);
  const tool = await recorder.next('toolEnded');
  assert.equal(tool.status, 'ok');
  assert.equal(asked.toolItemId, tool.itemId);
  assert.equal((await recorder.next('turnEnded')).reason, 'completed');
  assert.equal(await readFile(path.join(projectDir, 'notes.txt'), 'utf8'), 'one two\n');
  assert.equal(adapter.answer(asked.approvalId, 'allowOnce', null), false);
});

it('shows both sides of an edit, and denied it changes nothing', async (t) => {
  const { adapter, recorder, projectDir, say } = await openAgent(t);
  await writeFile(path.join(projectDir, 'a.txt'), 'old\n');
  await say('edit a.txt old new');
  const asked = await recorder.next('permissionAsked');
  assert.deepEqual(asked.request.content, [{ type: 'diff', path: 'a.txt', oldText: 'old', newText: 'new' }]);
  adapter.answer(asked.approvalId, 'deny', null);
  assert.equal((await recorder.next('toolEnded')).status, 'denied');
  assert.equal((await recorder.next('turnEnded')).reason, 'completed');
  assert.equal(await readFile(path.join(projectDir, 'a.txt'), 'utf8'), 'old\n');
});

it('does not run a command that is denied', async (t) => {
  const { adapter, recorder, projectDir, say } = await openAgent(t);
  await say('bash touch made.txt');
  const asked = await recorder.next('permissionAsked');
  assert.match(asked.request.command ?? '', /touch made\.txt/);
  assert.equal(asked.request.cwd, projectDir);
  assert.deepEqual(asked.request.content, []);
  adapter.answer(asked.approvalId, 'deny', null);
  assert.equal((await recorder.next('toolEnded')).status, 'denied');
  assert.equal((await recorder.next('turnEnded')).reason, 'completed');
  await assert.rejects(access(path.join(projectDir, 'made.txt')));
});

it('runs a command that is allowed, without its key, and shows what it printed', async (t) => {
  const { adapter, recorder, say } = await openAgent(t);
  await say('bash echo "key=$OPENAI_API_KEY"; exit 3');
  const asked = await recorder.next('permissionAsked');
  adapter.answer(asked.approvalId, 'allowOnce', null);
  const tool = await recorder.next('toolEnded');
  assert.deepEqual(
    [tool.status, tool.content],
    [
      'failed',
      [
        { type: 'text', text: 'key=\n' },
        { type: 'text', text: 'Exit code 3' },
      ],
    ],
  );
  await recorder.next('turnEnded');
  assert.equal(api.keys.at(-1), 'Bearer not-a-key');
});

it('asks only once for what is allowed for the session', async (t) => {
  const { adapter, recorder, projectDir, say } = await openAgent(t);
  await say('bash touch made.txt');
  const asked = await recorder.next('permissionAsked');
  adapter.answer(asked.approvalId, 'allowSession', null);
  await recorder.next('turnEnded');
  await rm(path.join(projectDir, 'made.txt'));
  await say('bash touch made.txt');
  await recorder.next('turnEnded');
  assert.equal(recorder.all('permissionAsked').length, 1);
  await access(path.join(projectDir, 'made.txt'));
});

it('asks also where the project says that nobody is to be asked, and runs none of its servers', async (t) => {
  const folder = await makeCodexFolder();
  const ran = path.join(folder, 'ran');
  const own = path.join(folder, 'project', '.codex');
  await mkdir(path.join(own, 'rules'), { recursive: true });
  await writeFile(path.join(own, 'config.toml'), `approval_policy = "never"\n[mcp_servers.other]\ncommand = "touch"\nargs = ["${ran}"]\n`);
  await writeFile(path.join(own, 'rules', 'default.rules'), 'prefix_rule(pattern=["touch"], decision="allow")\n');
  const { recorder, homeDir, say } = await openAgent(t, { folder });
  await say('bash touch made.txt');
  assert.match((await recorder.next('permissionAsked')).request.command ?? '', /touch/);
  await assert.rejects(access(ran));
  assert.equal(await readFile(path.join(homeDir, 'config.toml'), 'utf8'), '[features]\nshell_snapshot = false\n');
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

it('is interrupted right after its prompt', async (t) => {
  const { adapter, recorder, say } = await openAgent(t);
  await say('hang');
  await adapter.interrupt();
  assert.equal((await recorder.next('turnEnded')).reason, 'interrupted');
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

it('takes a prompt into its running turn, and names it in a turn of its own', async (t) => {
  const { adapter, recorder, say } = await openAgent(t);
  const first = await say('bash touch made.txt');
  const asked = await recorder.next('permissionAsked');
  const second = await say('text and this as well');
  adapter.answer(asked.approvalId, 'allowOnce', null);
  await recorder.next('turnEnded');
  await recorder.next('turnEnded');
  assert.deepEqual(
    recorder.all('turnStarted').map(({ promptIds }) => promptIds),
    [[first], [second]],
  );
  assert.deepEqual(recorder.texts(), ['and this as well']);
});

it('tells the class of each error, and goes on after it', async (t) => {
  const { recorder, say } = await openAgent(t);
  const cases = [
    ['error 401', {}, 'auth'],
    ['error 429', { code: 'rate_limit_exceeded' }, 'rate_limit'],
    ['error 429', { type: 'usage_limit_reached', resets_in_seconds: 3600 }, 'quota'],
    ['error 400', {}, 'unknown'],
  ] as const;
  for (const [script, body, type] of cases) {
    errorBody = body;
    await say(script);
    const ended = await recorder.next('turnEnded');
    assert.equal(ended.reason, 'failed', script);
    assert.equal(ended.failure?.type, type, script);
  }
  await say('text recovered');
  assert.equal((await recorder.next('turnEnded')).reason, 'completed');
});

it('ends a turn at the limit of its context, which trying again would not help', async (t) => {
  const { recorder, say } = await openAgent(t);
  errorBody = { code: 'context_length_exceeded' };
  await say('error 400');
  const ended = await recorder.next('turnEnded');
  assert.deepEqual([ended.reason, ended.failure?.retryable], ['limit', false]);
  assert.match(ended.failure?.message ?? '', /context window/);
});

it('goes on with session, memory and tokens after its program was killed', async (t) => {
  const folder = await makeCodexFolder();
  const first = await makeAgent(t, { folder });
  const { programPid } = await first.adapter.open(opened);
  const { providerSessionId } = await first.recorder.next('sessionOpened');
  await first.say('text remember the apples');
  await first.recorder.next('turnEnded');
  assert.equal(await first.adapter.remembers?.('remember the apples'), true);
  assert.equal(await first.adapter.remembers?.('remember the pears'), false);
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
  assert.match(JSON.stringify(api.requests.at(-1)?.input), /remember the apples/);
  const after = second.recorder.all('usage').at(-1)?.usage;
  assert.deepEqual([usage?.inputTokens, after?.inputTokens], [50, 100]);
});

it('reports totals of the session, by the model that used them, with the cached part apart', async (t) => {
  const { recorder, say } = await openAgent(t);
  for (const text of ['text one', 'text two']) {
    await say(text);
    await recorder.next('turnEnded');
  }
  const usage = recorder.all('usage').at(-1)?.usage;
  assert.deepEqual([usage?.inputTokens, usage?.outputTokens, usage?.cacheReadTokens, usage?.costUsd], [100, 40, 100, null]);
  assert.equal(usage?.contextTokens, 100);
  assert.ok((usage?.contextWindowTokens ?? 0) > 100_000);
  const [{ model } = { model: null }] = recorder.all('sessionOpened');
  const counts = { inputTokens: 100, outputTokens: 40, cacheReadTokens: 100, cacheWriteTokens: 0 };
  assert.deepEqual(usage?.byModel, [{ model, ...counts }]);
});

it('begins a new session, and says so, when the program has lost the old one', async (t) => {
  const { adapter, recorder } = await makeAgent(t);
  await adapter.open({ providerSessionId: '01a1fbca-19c6-71fe-a1d1-65fc3fae5608', model: null });
  const session = await recorder.next('sessionOpened');
  assert.equal(session.resumed, false);
  assert.notEqual(session.providerSessionId, '01a1fbca-19c6-71fe-a1d1-65fc3fae5608');
  assert.match((await recorder.next('notice')).text, /no record of the earlier conversation/);
});

it('ends a turn that runs when it is stopped, and does not call that a crash', async (t) => {
  const { adapter, recorder, say } = await openAgent(t);
  await say('hang');
  await adapter.stop();
  assert.equal((await recorder.next('turnEnded')).reason, 'interrupted');
  await assert.rejects(say('text too late'), /Start the agent again/);
});

it('says that nobody is logged in', async (t) => {
  const { adapter } = await makeAgent(t, { hasKey: false });
  await assert.rejects(adapter.open(opened), { code: 'needsCredentials', message: /codex login/ });
});

it('names the program that is missing and how to install it', async (t) => {
  const { adapter } = await makeAgent(t, { command: ['no-such-codex'] });
  await assert.rejects(adapter.open(opened), { code: 'agentFailed', message: /no-such-codex.*npm install -g @openai\/codex/s });
});

it('repeats the last words of a program that ends at once', async (t) => {
  const { adapter } = await makeAgent(t, { command: [program, '--no-such-option'] });
  await assert.rejects(adapter.open(opened), { code: 'agentFailed', message: /exit code 2.*no-such-option/s });
});
