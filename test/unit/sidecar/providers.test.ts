import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { type TestContext, test } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import { SecretFilter } from '../../../server/leaks/secret-filter.ts';
import type { AgentEvent } from '../../../server/protocol/agent-event.ts';
import type { AgentId, PromptId, RunId } from '../../../server/protocol/ids.ts';
import type { RunRecord } from '../../../server/protocol/run-record.ts';
import { noHooks } from '../../../server/sidecar/adapter.ts';
import { type ProgramOptions, type ProgramStarter, startProgram } from '../../../server/sidecar/program.ts';
import { createAdapter } from '../../../server/sidecar/providers.ts';

// The login of whoever runs the tests is nothing that they should see.
process.env.HOME = '/nobody';

test('every provider’s program is told of which run it is, whatever was set for the agent', async (t) => {
  const projectDir = mkdtempSync(`${tmpdir()}/agor-providers-`);
  t.after(() => rmSync(projectDir, { recursive: true }));
  for (const provider of ['claude', 'acp', 'demo'] as const) {
    const seen: string[] = [];
    const startProgram: ProgramStarter = ({ environment }) => {
      seen.push(environment.AGOR_RUN_TOKEN ?? 'none', environment.AGOR_DATA_DIR ?? 'none');
      return Promise.reject(new Error('enough was seen'));
    };
    const record = { ...recordIn(projectDir), provider, environment: { AGOR_RUN_TOKEN: 'set', AGOR_DATA_DIR: '/d' } };
    const wiring = wiringOf(startProgram, { runToken: 'of this run' });
    const adapter = createAdapter(record, { AGOR_RUN_TOKEN: '', AGOR_DATA_DIR: '/d' }, wiring);
    await assert.rejects(adapter.open({ providerSessionId: null, model: null }));
    assert.deepEqual(seen, ['of this run', 'none'], provider);
  }
});

test('a trial start leaves the folders of the agent alone: its program may be using them', async (t) => {
  const folder = mkdtempSync(`${tmpdir()}/agor-providers-`);
  t.after(() => rmSync(folder, { recursive: true }));
  const stopped: ProgramStarter = () => Promise.reject(new Error('enough was seen'));
  const sandbox: RunRecord['sandbox'] = { mode: 'preferred', network: 'open', ports: [], readWritePaths: [], readOnlyPaths: [] };
  const record: RunRecord = { ...recordIn(folder), provider: 'claude', sandbox };
  const open = (wiring: { isTrial?: boolean }) =>
    createAdapter(record, {}, { ...wiringOf(stopped), ...wiring }).open({ providerSessionId: null, model: null });
  await assert.rejects(open({ isTrial: true }));
  assert.deepEqual(readdirSync(folder), []);
  await assert.rejects(open({}));
  assert.deepEqual(readdirSync(folder), process.platform === 'linux' ? ['claude'] : []);
});

const secret = 'sk-canary-0001';
const withKey = { ANTHROPIC_API_KEY: secret, GITHUB_TOKEN: 'ghp-canary-02' };

/** What the program is started with. */
async function startOf(t: TestContext, fields: Partial<RunRecord>): Promise<ProgramOptions> {
  const projectDir = mkdtempSync(`${tmpdir()}/agor-providers-`);
  t.after(() => rmSync(projectDir, { recursive: true }));
  const seen: ProgramOptions[] = [];
  const startProgram: ProgramStarter = (options) => {
    seen.push(options);
    return Promise.reject(new Error('enough was seen'));
  };
  const adapter = createAdapter({ ...recordIn(projectDir), ...fields }, withKey, wiringOf(startProgram));
  await assert.rejects(adapter.open({ providerSessionId: null, model: null }));
  assert.ok(seen[0]);
  return seen[0];
}

test('Claude Code gets a named secret by its key helper: in neither its environment nor its arguments', async (t) => {
  const { command, environment } = await startOf(t, { provider: 'claude', credentials: 'secret' });
  assert.equal('ANTHROPIC_API_KEY' in environment, false);
  assert.equal(JSON.stringify([command, environment]).includes(secret), false);
  assert.match(command.at(-1) ?? '', /apiKeyHelper.*key-helper.*ANTHROPIC_API_KEY/);
  assert.equal(environment.GITHUB_TOKEN, 'ghp-canary-02', 'what its tools need is in their environment');
  assert.equal(environment.AGOR_CONTROL_SOCKET, '/control.sock');
});

test('a key of the environment, and any other program’s, stay where those programs look for them', async (t) => {
  for (const fields of [
    { provider: 'claude', credentials: 'environment' },
    { provider: 'acp', credentials: 'secret' },
  ] as const) {
    const { command, environment } = await startOf(t, fields);
    assert.equal(environment.ANTHROPIC_API_KEY, secret);
    assert.equal(command.includes('--settings'), false);
  }
});

test('what a program says and how it ended hold no secret, even one that came in parts', async () => {
  const events: AgentEvent[] = [];
  const exits: string[] = [];
  const filter = new SecretFilter();
  filter.learn([{ name: 'key', value: secret }]);
  const script = [
    `const say = (line) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...line }) + '\\n');`,
    `require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {`,
    `  const { id, method } = JSON.parse(line);`,
    `  if (method === 'initialize') say({ id, result: { protocolVersion: 1, agentCapabilities: {}, authMethods: [] } });`,
    `  if (method === 'session/new') say({ id, result: { sessionId: 's' } });`,
    `  if (method !== 'session/prompt') return;`,
    `  for (const text of ['the key is sk-can', 'ary-00', '01, so']) say({ method: 'session/update', params: { sessionId: 's', update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } } } });`,
    `  console.error(process.env.ANTHROPIC_API_KEY);`,
    `  setTimeout(() => process.exit(3), 50);`,
    `});`,
  ].join('\n');
  const exited = Promise.withResolvers<void>();
  const onExit = (detail: string) => {
    exits.push(detail);
    exited.resolve();
  };
  const wiring = { ...wiringOf(startProgram), filter, onExit, emit: (event: AgentEvent) => void events.push(event) };
  const record = { ...recordIn(tmpdir()), command: [process.execPath, '-e', script] };
  const adapter = createAdapter(record, withKey, wiring);
  await adapter.open({ providerSessionId: null, model: null });
  await adapter.prompt({ promptId: newId<PromptId>(), text: 'go' });
  await exited.promise;
  const said = events.flatMap((event) => (event.type === 'text' ? [event.text] : [])).join('');
  assert.equal(said, 'the key is [secret key], so');
  assert.equal(JSON.stringify([events, exits]).includes('canary'), false);
  assert.match(exits[0] ?? '', /\[secret key\]/);
});

function wiringOf(startProgram: ProgramStarter, fields: { readonly runToken?: string } = {}) {
  const place = { runToken: 'token', controlSocket: '/control.sock', ...fields };
  return { ...place, filter: new SecretFilter(), startProgram, hooks: noHooks, emit: () => {}, onExit: () => {}, log: () => {} };
}

function recordIn(folder: string): RunRecord {
  return {
    runId: newId<RunId>(),
    agentId: newId<AgentId>(),
    token: 'of the sidecar',
    dataDir: folder,
    projectDir: folder,
    agentDir: folder,
    privateDir: folder,
    provider: 'acp',
    command: ['program'],
    environment: {},
    path: null,
    credentials: 'login',
    orphanGraceMs: 1,
    logLevel: 'info',
    wireVersion: 1,
    createdAt: 0,
    sidecar: null,
    program: null,
  };
}
