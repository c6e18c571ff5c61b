/** A secret that gets another value while the real programs run with it: in and between turns, refused, cut off, without a keyring. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Connection } from '../../server/cli/connection.ts';
import type { Agent } from '../../server/protocol/agent.ts';
import type { Rotation } from '../../server/protocol/secret.ts';
import { claudeProgram } from '../support/claude-program.ts';
import { codexProgram } from '../support/codex-program.ts';
import { Followed, LiveBackend, until } from '../support/live-backend.ts';
import { startModelApi } from '../support/model-api.ts';
import { startResponsesApi } from '../support/responses-api.ts';
import { foundInFiles } from '../support/secret-search.ts';
import { TestWindow } from '../support/test-window.ts';

const distDir = fileURLToPath(new URL('../../server', import.meta.url));
const first = 'sk-canary-first-0001';
const second = 'sk-canary-second-0002';

/** The service takes one key at a time, as one does when the old key is revoked. */
type World = {
  readonly backend: LiveBackend;
  readonly window: TestWindow;
  readonly kept: Record<string, string>;
  readonly agent: Agent;
  readonly keys: readonly string[];
  readonly service: { accepted: string; onRequest: () => void };
  connection: Connection;
};

async function makeWorld(t: TestContext, provider: 'claude' | 'codex'): Promise<World> {
  const backend = await LiveBackend.create();
  t.after(() => backend.close());
  const service = { accepted: first, onRequest: () => {} };
  const accepts = (key: string) => {
    service.onRequest();
    return key === service.accepted;
  };
  const api = provider === 'claude' ? await startModelApi({ accepts }) : await startResponsesApi({ accepts });
  t.after(() => api.close());
  const kept: Record<string, string> = { model: first };
  const window = await openWindow(t, backend, kept);
  await window.call('secret/record', { name: 'model', deleted: false });
  const connection = await backend.connect();
  allowAll(connection);
  await connection.call('project/add', { path: backend.project, trusted: true });
  const isClaude = provider === 'claude';
  const agent = await connection.call('agent/add', {
    ...{ project: 'project', name: 'builder', provider, command: [isClaude ? await claudeProgram() : await codexProgram()] },
    environment: isClaude ? { ANTHROPIC_BASE_URL: api.url, CLAUDE_CODE_MAX_RETRIES: '2' } : { OPENAI_BASE_URL: api.url },
    secretUses: [{ variable: isClaude ? 'ANTHROPIC_API_KEY' : 'OPENAI_API_KEY', secret: 'model' }],
  });
  return { backend, window, kept, agent, service, connection, keys: api.keys };
}

async function openWindow(t: TestContext, { dataDir }: LiveBackend, kept: Record<string, string>): Promise<TestWindow> {
  const window = await TestWindow.open({ dataDir, distDir }, kept);
  t.after(() => window.close());
  return window;
}

function allowAll(connection: Connection): void {
  connection.on('approval/changed', ({ approval }) => {
    if (approval.state === 'open')
      void connection.call('approval/answer', { approval: approval.id, decision: 'allowOnce', hash: approval.hash });
  });
}

/** Resolves when its turn has ended, with how. */
async function prompted({ connection, agent }: World, text: string): Promise<{ reason: string; failure: string | undefined }> {
  const { sessionId, promptId } = await connection.call('agent/prompt', { agent: agent.id, text });
  const session = await Followed.session(connection, sessionId);
  const endOf = () => {
    const items = session.ordered();
    const prompt = items.find((item) => item.kind === 'prompt' && item.promptId === promptId);
    const end = items.find((item) => item.kind === 'turnEnd' && prompt && item.ordinal > prompt.ordinal && prompt.kind === 'prompt');
    return prompt?.kind === 'prompt' && prompt.state === 'sent' && end?.kind === 'turnEnd' ? end : undefined;
  };
  await session.until(() => endOf() !== undefined);
  const end = endOf();
  return { reason: end?.reason ?? '', failure: end?.failure?.type };
}

async function viewOf({ connection, agent }: World): Promise<Agent> {
  const found = (await connection.call('agent/list', {})).agents.find(({ id }) => id === agent.id);
  assert.ok(found);
  return found;
}

async function runningAs(world: World) {
  const { runtime } = await viewOf(world);
  return { sidecar: runtime?.sidecarPid, program: runtime?.programPid };
}

/** The newest first: step, and who was told what. */
async function audited({ connection }: World): Promise<Record<string, unknown>[]> {
  const { records } = await connection.call('audit/list', { events: ['credential_rotated'], limit: 20 });
  return records.toSorted((a, b) => b.seq - a.seq).map(({ detail }) => detail);
}

function takesOf({ agents }: Rotation): string[] {
  return agents.map(({ agent, takes }) => `${agent} ${takes}`);
}

/** Neither value is in anything of ours, whatever happened; the agent's own folder is its program's. */
function assertNowhere({ backend }: World): void {
  const ours = [first, second].flatMap((value) => foundInFiles(backend.root, value).found);
  assert.deepEqual(
    ours.filter((line) => !/^data\/agents\/[^/]+\/agent\//.test(line)),
    [],
  );
}

test('Claude Code has the new key in the middle of its turn, when the old one is revoked there, and nothing is stopped', async (t) => {
  const world = await makeWorld(t, 'claude');
  assert.equal((await prompted(world, 'text hello')).reason, 'completed');
  const before = await runningAs(world);
  const { keys, service, connection } = world;
  let rotation: Promise<Rotation> | undefined;
  let askedAt = 0;
  let usedAt = 0;
  service.onRequest = () => {
    if (keys.at(-1) === second) usedAt ||= performance.now();
    // Between the tool and the answer to it.
    if (rotation || keys.length < 2) return;
    askedAt = performance.now();
    rotation = connection.call('secret/rotate', { name: 'model', value: second });
    void rotation.then(() => (service.accepted = second));
  };
  assert.deepEqual(await prompted(world, 'bash sleep 2; echo done'), { reason: 'completed', failure: undefined });
  assert.ok(rotation);
  assert.deepEqual(takesOf(await rotation), ['builder now']);
  assert.deepEqual([keys[0], keys.at(-1)], [first, second]);
  assert.deepEqual(await runningAs(world), before, 'neither the sidecar nor the program was started again');
  assert.deepEqual(world.kept, { model: second });
  const [done, begun] = await audited(world);
  assert.deepEqual(begun, { name: 'model', step: 'begun' });
  assert.deepEqual(done, { name: 'model', step: 'done', keptBy: 'window', told: ['builder'], waiting: [], notRunning: [] });
  const { notices } = await connection.call('notice/list', {});
  assert.match(
    notices.map(({ title, text }) => `${title}: ${text}`).join('\n'),
    /The secret model was rotated: They have the new value: builder/,
  );
  assertNowhere(world);
  t.diagnostic(`from the rotation to the first request with the new key: ${Math.round(usedAt - askedAt)} ms, of which the tool ran 2,000`);
});

test('a key that was refused makes Claude Code wait with its prompts, and a rotation brings it on', async (t) => {
  const world = await makeWorld(t, 'claude');
  assert.equal((await prompted(world, 'text hello')).reason, 'completed');
  world.service.accepted = second;
  assert.deepEqual(await prompted(world, 'text with a key that is revoked'), { reason: 'failed', failure: 'auth' });
  await until(async () => (await viewOf(world)).state === 'waitingForCredentials');
  assert.match((await viewOf(world)).stateDetail, /refused: rotate the secret "model"/);
  const waiting = prompted(world, 'text waits');
  await until(async () => (await viewOf(world)).queuedPrompts === 1);
  const refusedKeys = world.keys.length;
  await world.connection.call('secret/rotate', { name: 'model', value: second });
  assert.deepEqual(await waiting, { reason: 'completed', failure: undefined });
  assert.equal(world.keys.slice(refusedKeys).at(-1), second);
  assertNowhere(world);
});

test('Codex goes on with the old key, says so, and takes the new one when it is started again between two turns', async (t) => {
  const world = await makeWorld(t, 'codex');
  const { connection, keys, service } = world;
  assert.equal((await prompted(world, 'text hello')).reason, 'completed');
  const before = await runningAs(world);
  const turn = prompted(world, 'bash sleep 2; echo done');
  await until(async () => (await viewOf(world)).state === 'running');
  const rotation = await connection.call('secret/rotate', { name: 'model', value: second });
  assert.deepEqual(takesOf(rotation), ['builder nextStart']);
  assert.deepEqual((await audited(world))[0], {
    ...{ name: 'model', step: 'done', keptBy: 'window', told: [], waiting: ['builder'], notRunning: [] },
  });
  const restart = await connection.call('secret/restart', { name: 'model' });
  assert.deepEqual(takesOf({ ...rotation, ...restart }), ['builder nextStart'], 'never in the middle of a turn');
  assert.deepEqual(await turn, { reason: 'completed', failure: undefined });
  assert.deepEqual([...new Set(keys)], [`Bearer ${first}`]);
  await until(async () => (await runningAs(world)).program !== before.program && (await viewOf(world)).state === 'idle');
  service.accepted = second;
  assert.equal((await prompted(world, 'text again')).reason, 'completed');
  assert.equal(keys.at(-1), `Bearer ${second}`);
  assert.equal((await runningAs(world)).sidecar, before.sidecar, 'the sidecar was not');
  assertNowhere(world);
});

test('Codex with a key that was refused is started again by the rotation itself', async (t) => {
  const world = await makeWorld(t, 'codex');
  assert.equal((await prompted(world, 'text hello')).reason, 'completed');
  world.service.accepted = second;
  assert.equal((await prompted(world, 'text with a key that is revoked')).failure, 'auth');
  await until(async () => (await viewOf(world)).state === 'waitingForCredentials');
  const waiting = prompted(world, 'text waits');
  const rotation = await world.connection.call('secret/rotate', { name: 'model', value: second });
  assert.deepEqual(takesOf(rotation), ['builder now']);
  assert.equal((await waiting).reason, 'completed');
  assert.equal(world.keys.at(-1), `Bearer ${second}`);
  assertNowhere(world);
});

test('with a keyring that is locked nothing changes, in one sentence, and it can be tried again', async (t) => {
  const world = await makeWorld(t, 'claude');
  const { connection, window, service } = world;
  assert.equal((await prompted(world, 'text hello')).reason, 'completed');
  window.lockedBecause = 'The keyring is locked.';
  await assert.rejects(connection.call('secret/rotate', { name: 'model', value: second }), {
    code: 'unavailable',
    message: 'The keyring is locked. Nothing was changed: the old value stays in use. Rotate it again then.',
  });
  assert.deepEqual((await audited(world))[0], { name: 'model', step: 'notDone', why: 'The keyring is locked.' });
  assert.equal((await prompted(world, 'text with the old one')).reason, 'completed');
  window.lockedBecause = undefined;
  await connection.call('secret/rotate', { name: 'model', value: second });
  service.accepted = second;
  assert.equal((await prompted(world, 'text with the new one')).reason, 'completed');
  assertNowhere(world);
});

for (const [when, expected] of [
  ['beforeStore', first],
  ['afterStore', second],
] as const) {
  test(`a backend that is killed ${when === 'beforeStore' ? 'before' : 'after'} the new value is kept leaves the agent with ${when === 'beforeStore' ? 'the old' : 'the new'} one`, async (t) => {
    const world = await makeWorld(t, 'claude');
    const { backend, window, kept } = world;
    assert.equal((await prompted(world, 'text hello')).reason, 'completed');
    window[when] = () => {
      process.kill(backend.owner().pid, 'SIGKILL');
      // A window of which the keyring is asked no more: it goes with its backend.
      if (when === 'beforeStore') throw new Error('gone');
    };
    await assert.rejects(world.connection.call('secret/rotate', { name: 'model', value: second }));
    await world.connection.closed;
    world.connection = await backend.connect();
    assert.deepEqual((await audited(world))[0], { name: 'model', step: 'begun' });
    await openWindow(t, backend, kept);
    await until(async () => (await audited(world))[0]?.step === 'done');
    assert.equal((await audited(world))[0]?.wasCutOff, true);
    world.service.accepted = expected;
    assert.equal((await prompted(world, 'text still works')).reason, 'completed');
    assert.equal(world.keys.at(-1), expected);
    assertNowhere(world);
  });
}

test('a sidecar that is killed in the middle of a rotation comes back with the new value', async (t) => {
  const world = await makeWorld(t, 'claude');
  const { backend, window, connection, agent } = world;
  assert.equal((await prompted(world, 'text hello')).reason, 'completed');
  window.afterStore = () => process.kill(backend.run(agent.id)?.sidecar?.pid ?? 0, 'SIGKILL');
  await connection.call('secret/rotate', { name: 'model', value: second });
  const [done] = await audited(world);
  assert.deepEqual([done?.told, done?.waiting, done?.step], [[], [], 'done']);
  assert.deepEqual(done?.notRunning, ['builder']);
  world.service.accepted = second;
  await connection.call('agent/start', { agent: agent.id });
  assert.equal((await prompted(world, 'text again')).reason, 'completed');
  assertNowhere(world);
});
