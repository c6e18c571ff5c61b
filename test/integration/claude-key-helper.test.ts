/** The real Claude Code with its key in a named secret: asked for by its helper, and in no environment or argument. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { newId } from '../../server/base/uuid.ts';
import { SecretFilter } from '../../server/leaks/secret-filter.ts';
import type { PromptId } from '../../server/protocol/ids.ts';
import { noHooks } from '../../server/sidecar/adapter.ts';
import { helperSecret, keyHelperCommand, keyHelperProgram } from '../../server/sidecar/adapters/claude/key-command.ts';
import { startProgram } from '../../server/sidecar/program.ts';
import { createAdapter } from '../../server/sidecar/providers.ts';
import { claudeProgram } from '../support/claude-program.ts';
import { EventRecorder } from '../support/event-recorder.ts';
import { Followed, LiveBackend } from '../support/live-backend.ts';
import { startModelApi } from '../support/model-api.ts';
import { foundInFiles } from '../support/secret-search.ts';
import { TestWindow } from '../support/test-window.ts';
import { newRunRecord } from '../support/worker-world.ts';

const distDir = fileURLToPath(new URL('../../server', import.meta.url));

const first = 'sk-canary-first-0001';
const second = 'sk-canary-second-0002';

type Options = { readonly accepts: (key: string) => boolean };

/** The adapter as the sidecar makes it, and the sidecar's end of the helper's question. */
async function makeAgent(t: TestContext, { accepts }: Options) {
  const folder = await mkdtemp(join(tmpdir(), 'agor-key-'));
  const [projectDir, agentDir, controlSocket] = [join(folder, 'project'), join(folder, 'agent'), join(folder, 'control.sock')];
  for (const dir of [projectDir, join(agentDir, 'tmp')]) await mkdir(dir, { recursive: true });
  const model = await startModelApi({ accepts });
  const recorder = new EventRecorder();
  const secrets = { ANTHROPIC_API_KEY: first };
  const asked: string[] = [];
  const environment = { ANTHROPIC_BASE_URL: model.url, CLAUDE_CODE_MAX_RETRIES: '2' };
  const place = { projectDir, agentDir, privateDir: folder, dataDir: folder, path: process.env.PATH ?? null };
  const record = newRunRecord({ ...place, provider: 'claude', credentials: 'secret', command: [await claudeProgram()], environment });
  const server = createServer(({ url = '', headers }, response) => {
    asked.push(`${headers.authorization} ${url}`);
    const value = helperSecret(record, secrets, url.slice('/secret/'.length));
    response.writeHead(value === null ? 404 : 200).end(value ?? '');
  });
  await new Promise<void>((resolve) => server.listen(controlSocket, resolve));
  const filter = new SecretFilter();
  filter.learn(Object.entries(secrets).map(([name, value]) => ({ name, value })));
  const wiring = {
    runToken: 'of-the-run',
    controlSocket,
    filter,
    hooks: noHooks,
    startProgram,
    emit: recorder.emit,
    onExit: () => {},
    log: () => {},
  };
  const adapter = createAdapter(record, secrets, wiring);
  t.after(async () => {
    await adapter.stop();
    await model.close();
    server.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  const opened = await adapter.open({ providerSessionId: null, model: null });
  const prompt = async (text: string) => {
    await adapter.prompt({ promptId: newId<PromptId>(), text });
    const ended = await recorder.next('turnEnded');
    assert.equal(ended.reason, 'completed', JSON.stringify(ended));
  };
  return { adapter, recorder, model, secrets, asked, prompt, pid: opened.programPid ?? 0 };
}

test('the first request has the key, and neither the program nor its tools have it in their environment', async (t) => {
  const agent = await makeAgent(t, { accepts: (key) => key === first });
  const command = 'env; tr "\\0" "\\n" < /proc/$PPID/environ; tr "\\0" " " < /proc/$PPID/cmdline';
  const turn = agent.prompt(`bash ${command}`);
  const { approvalId } = await agent.recorder.next('permissionAsked');
  agent.adapter.answer(approvalId, 'allowOnce', null);
  await turn;
  assert.deepEqual([...new Set(agent.model.keys)], [first]);
  assert.deepEqual(agent.asked, ['Bearer of-the-run /secret/ANTHROPIC_API_KEY']);
  const shown = JSON.stringify(agent.recorder.all('toolEnded'));
  assert.match(shown, /AGOR_RUN_TOKEN=of-the-run/, 'the command did print its environment');
  assert.doesNotMatch(shown, /canary|\[secret/, 'and there was nothing to be taken out of it');
  for (const file of ['environ', 'cmdline']) assert.doesNotMatch(readFileSync(`/proc/${agent.pid}/${file}`, 'utf8'), /canary/);
});

test('a key that the model refuses is asked for again, so a changed secret counts without a new start', async (t) => {
  let accepted = first;
  const agent = await makeAgent(t, { accepts: (key) => key === accepted });
  await agent.prompt('hello');
  accepted = second;
  agent.secrets.ANTHROPIC_API_KEY = second;
  await agent.prompt('hello again');
  assert.deepEqual(agent.model.keys.slice(-2), [first, second]);
  assert.equal(agent.asked.length, 2);
});

test('with a real sidecar and its fence, the key comes from a window, and the agent’s tools find it nowhere but by asking', async (t) => {
  const backend = await LiveBackend.create();
  t.after(() => backend.close());
  const model = await startModelApi({ accepts: (key) => key === first });
  t.after(() => model.close());
  const window = await TestWindow.open({ dataDir: backend.dataDir, distDir }, { anthropic: first });
  t.after(() => window.close());
  const connection = await backend.connect();
  await connection.call('project/add', { path: backend.project, trusted: true });
  const { id: agent } = await connection.call('agent/add', {
    ...{ project: 'project', name: 'builder', provider: 'claude', command: [await claudeProgram()] },
    environment: { ANTHROPIC_BASE_URL: model.url },
    secretUses: [{ variable: 'ANTHROPIC_API_KEY', secret: 'anthropic' }],
  });
  connection.on('approval/changed', ({ approval }) => {
    if (approval.state === 'open')
      void connection.call('approval/answer', { approval: approval.id, decision: 'allowOnce', hash: approval.hash });
  });
  const text =
    'bash env; cat /proc/*/environ /proc/*/cmdline 2>/dev/null | tr "\\0" "\\n"; grep -rl c[a]nary-first /tmp "$HOME" . 2>/dev/null; true';
  const { sessionId } = await connection.call('agent/prompt', { agent, text });
  const session = await Followed.session(connection, sessionId);
  await session.untilTurnEnds();
  assert.equal(session.ordered().at(-1)?.kind, 'turnEnd');
  assert.deepEqual([...new Set(model.keys)], [first]);
  // Only the token of the run, which is masked as well, was there to be found.
  const shown = JSON.stringify(session.ordered()).replace(/AGOR_RUN_TOKEN=\[run token\]/g, '');
  assert.match(shown, /CLAUDE_CONFIG_DIR=/, 'the command did print its environment');
  assert.doesNotMatch(shown, /canary|\[secret/);
  assert.deepEqual(foundInFiles(backend.root, first).found, []);

  // Whoever runs inside the agent can ask as the program does. What it says of it is masked; what its program writes into
  // the agent's own folder is not ours.
  const command = keyHelperCommand(keyHelperProgram(), { execPath: process.execPath, isElectron: false, isWindows: false });
  const before = session.ordered().length;
  await connection.call('agent/prompt', { agent, text: `bash ${command}; echo; ${command} | base64` });
  await session.until((items) => items.length > before && items.at(-1)?.kind === 'turnEnd');
  assert.match(JSON.stringify(session.ordered().slice(before)), /\[secret anthropic\]/);
  const elsewhere = foundInFiles(backend.root, first).found.filter((line) => !/^data\/agents\/[^/]+\/agent\//.test(line));
  assert.deepEqual(elsewhere, []);
});
