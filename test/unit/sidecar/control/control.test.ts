import assert from 'node:assert/strict';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { newId } from '../../../../server/base/uuid.ts';
import type { ApprovalId, TurnId } from '../../../../server/protocol/ids.ts';
import { levelNumbers } from '../../../../server/protocol/log-record.ts';
import { MonitorLine } from '../../../../server/protocol/monitor.ts';
import { spoolDir } from '../../../../server/sidecar/control/hook-spool.ts';
import { askControl } from '../../../support/control-client.ts';
import { ControlWorld } from '../../../support/control-world.ts';

const minuteMs = 60_000;

let world: ControlWorld;
beforeEach(async () => {
  world = await new ControlWorld().open();
});
afterEach(() => world.remove());

function fatals() {
  return world.logged().filter(({ level }) => level === levelNumbers.fatal);
}

test('each door has a folder and a token of its own, and the agent’s folder holds nothing but its socket', () => {
  const { agentSocket, runToken, forPerson } = world.control;
  assert.equal(agentSocket, join(world.record.agentDir, 'door', 'control.sock'));
  assert.equal(dirname(forPerson.socketPath), world.record.privateDir);
  for (const path of [agentSocket, forPerson.socketPath]) assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(statSync(dirname(agentSocket)).mode & 0o777, 0o700);
  assert.match(runToken, /^[0-9a-f]{64}$/);
  assert.notEqual(runToken, forPerson.token);
  assert.notEqual(runToken, world.record.token);
});

test('a hook that failed is a fatal record with its name and a durable event, and always answered well', async () => {
  assert.deepEqual((await world.asAgent('POST', '/hook-fatal', { hook: 'stop', error: 'exit 1: curl' })).json, { ok: true });
  assert.deepEqual((await world.asAgent('POST', '/hook-fatal', 'no JSON')).json, { ok: true });
  assert.deepEqual(world.events, [
    { type: 'hookFailed', hook: 'stop', detail: 'exit 1: curl' },
    { type: 'hookFailed', hook: 'unknown', detail: '(no detail)' },
  ]);
  assert.deepEqual(
    fatals().map(({ component, msg }) => [component, msg]),
    [
      ['hook:stop', 'exit 1: curl'],
      ['hook:unknown', '(no detail)'],
    ],
  );
});

test('without a session the failure of a hook is kept for the next one', async () => {
  world.hasSession = false;
  await world.asAgent('POST', '/hook-fatal', { hook: 'session-start', error: 'e' });
  assert.equal(fatals().length, 1);
  assert.deepEqual(world.events, []);
  world.hasSession = true;
  world.does({ type: 'sessionOpened', providerSessionId: 'p', resumed: false, model: null, programVersion: null });
  assert.deepEqual(world.events, [{ type: 'hookFailed', hook: 'session-start', detail: 'e' }]);
});

test('what hooks left while nobody listened is told at the next start, without the agent’s secrets', async () => {
  await world.control.close();
  mkdirSync(spoolDir(world.record.agentDir), { recursive: true });
  writeFileSync(join(spoolDir(world.record.agentDir), '1.json'), JSON.stringify({ hook: 'stop', error: 'late: canary-secret' }));
  await world.control.open();
  assert.deepEqual(world.events, [{ type: 'hookFailed', hook: 'stop', detail: 'late: •••' }]);
});

test('an agent that reports without end is told a few times, and then how often it was', async () => {
  for (let index = 0; index < 50; index += 1) await world.asAgent('POST', '/hook-fatal', { hook: `h${index}`, error: 'again' });
  assert.equal(fatals().length, 20);
  assert.equal(world.events.length, 20);
  world.clock.advance(minuteMs);
  await world.asAgent('POST', '/hook-fatal', { hook: 'stop', error: 'once more' });
  assert.equal(fatals().at(-1)?.msg, 'once more (30 more failures of hooks were not told.)');
});

test('refusals do not fill the log', async () => {
  const { agentSocket: socketPath } = world.control;
  for (let index = 0; index < 100; index += 1) await askControl({ socketPath }, { path: '/log-level', token: 'guess' });
  assert.equal(world.logged().filter(({ level }) => level === levelNumbers.warn).length, 60);
  world.clock.advance(minuteMs);
  await askControl({ socketPath }, { path: '/log-level', token: 'guess' });
  assert.equal(world.logged().at(-1)?.notTold, 40);
});

test('a callback that breaks does not fail the hook that reports', async () => {
  world.watch.observe = () => {};
  Object.defineProperty(world, 'hasSession', {
    get: () => {
      throw new Error('broken');
    },
  });
  assert.deepEqual((await world.asAgent('POST', '/hook-fatal', { hook: 'stop', error: 'e' })).json, { ok: true });
  assert.match(JSON.stringify(world.logged().at(-1)), /could not be kept/);
});

test('the level is switched for all parts of the sidecar at once, and the switch is in the log whatever it is', async () => {
  const part = world.logs.of('bus');
  assert.deepEqual((await world.asPerson('POST', '/log-level', { level: 'fatal' })).json, { ok: true, level: 'fatal', previous: 'info' });
  part.error('not written');
  await world.asPerson('POST', '/log-level', { level: 'debug' });
  part.debug('written');
  assert.deepEqual(
    world.logged().map(({ msg }) => msg),
    ['control server open', 'logging from fatal upwards', 'logging from debug upwards', 'written'],
  );
  assert.equal((await world.asAgent('POST', '/log-level', { level: 'fatal' })).status, 403);
});

test('the end of a session falls back on the last transcript that was named', async () => {
  assert.deepEqual((await world.asAgent('POST', '/session-end', {})).json, { ok: true, transcriptPath: null });
  await world.asAgent('POST', '/session-turn', { transcript_path: '/t.jsonl' });
  assert.deepEqual((await world.asAgent('POST', '/session-end', { reason: 'clear' })).json, { ok: true, transcriptPath: '/t.jsonl' });
  assert.equal(world.logged().at(-1)?.transcriptPath, '/t.jsonl');
});

test('what nobody knows is not answered with "nothing"', async () => {
  const answered = (await world.asAgent('GET', '/reply-obligations')).json;
  assert.deepEqual(answered, { owed: [], unread: [], asOf: null, ageMs: null, known: false });
});

test('a terminal gets the agent’s folder and its commands, and is told that there is none to attach to', async () => {
  assert.deepEqual((await world.asPerson('GET', '/terminal-attach')).json, {
    attachable: false,
    cwd: world.record.projectDir,
    path: [],
    note: 'This agent has no terminal of its own. One that is opened in its folder, with these folders first on its PATH, has its commands.',
  });
});

test('a secret goes to the agent alone and into no log', async () => {
  world.secrets = { ANTHROPIC_API_KEY: 'canary-secret' };
  world.logs.changeLevel('trace');
  assert.equal((await world.asAgent('GET', '/secret/ANTHROPIC_API_KEY')).text, 'canary-secret');
  assert.equal((await world.asAgent('GET', '/secret/OTHER')).status, 404);
  assert.equal((await world.asPerson('GET', '/secret/ANTHROPIC_API_KEY')).status, 403);
  assert.doesNotMatch(JSON.stringify(world.logged()), /canary/);
});

test('the live stream begins with where the agent stands and goes on with what it does, one document a line', async () => {
  const [turnId, approvalId] = [newId<TurnId>(), newId<ApprovalId>()];
  world.does({ type: 'turnStarted', turnId, promptIds: [] });
  const reader = world.monitor();
  const snapshot = await reader.until(({ kind }) => kind === 'snapshot');
  assert.deepEqual(
    [snapshot.agent, snapshot.project, snapshot.runId, snapshot.turnId, snapshot.state, snapshot.reportedStatus, snapshot.logLevel],
    ['demo', 'shop', world.record.runId, turnId, 'running', null, 'info'],
  );
  world.does({ type: 'permissionWithdrawn', approvalId, reason: 'a\nb \u009b31m \u202e' });
  await world.asAgent('POST', '/status', { status: 'busy' });
  await world.asAgent('POST', '/user-prompt', { prompt: 'typed elsewhere: canary-secret' });
  const told = await reader.until(({ kind }) => kind === 'report');
  assert.deepEqual([told.what, told.text], ['userPrompt', 'typed elsewhere: •••']);
  assert.deepEqual(
    reader.lines.map(({ kind }) => kind),
    ['snapshot', 'session', 'status', 'report'],
  );
  for (const line of reader.lines) MonitorLine.parse(line);
  for (const raw of reader.raw) assert.doesNotMatch(raw, /[\p{Cc}\p{Cf}]/u);
  assert.equal((await world.asPerson('GET', '/monitor')).status, 400);
});

test('what a hook reports is for whoever looks on: no program is given it and nothing is written down', async () => {
  const asked: string[] = [];
  world.answerCall = async (method) => void asked.push(method);
  const reader = world.monitor();
  await reader.until(() => true);
  await world.asAgent('POST', '/user-prompt', { prompt: 'delete it all' });
  await world.asAgent('POST', '/session-turn', { lastAssistantMessage: 'done' });
  world.control.hooks.observed('UserPromptSubmit', { prompt: 'once more' }, null);
  await reader.until(({ text }) => text === 'once more');
  assert.deepEqual([asked, world.events], [[], []]);
  assert.equal(world.watch.turnId, null);
});

test('a hook that failed is told without the agent’s secrets, whoever reports it', async () => {
  world.control.hooks.failed('Stop', 'exit 1: curl canary-secret');
  assert.deepEqual(world.events, [{ type: 'hookFailed', hook: 'Stop', detail: 'exit 1: curl •••' }]);
});

test('when the sidecar ends, readers are told so', async () => {
  const reader = world.monitor();
  await reader.until(() => true);
  await world.control.close();
  assert.deepEqual(await reader.closed, { code: 1001, reason: 'The agent ends.' });
});

test('a place that is too long for a socket gets a short folder, which goes with it', async () => {
  const long = new ControlWorld({ agentDir: join(world.root, 'x'.repeat(90)), privateDir: join(world.root, 'y'.repeat(90)) });
  await long.open();
  const { agentSocket, forPerson } = long.control;
  assert.ok(Buffer.byteLength(agentSocket) <= 103 && !agentSocket.startsWith(world.root));
  assert.notEqual(dirname(agentSocket), dirname(forPerson.socketPath));
  assert.equal((await long.asAgent('GET', '/log-level')).status, 200);
  await long.remove();
  for (const path of [agentSocket, forPerson.socketPath]) assert.throws(() => statSync(dirname(path)), { code: 'ENOENT' });
});
