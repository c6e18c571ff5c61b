/** What a real sidecar with the demo agent offers besides its agent: its doors, its log, and the order of both. */
import assert from 'node:assert/strict';
import { existsSync, lstatSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, test } from 'node:test';
import { sidecarSockets } from '../../server/base/sidecar-sockets.ts';
import { newId } from '../../server/base/uuid.ts';
import type { PromptId, RunId, SessionId } from '../../server/protocol/ids.ts';
import { levelNumbers } from '../../server/protocol/log-record.ts';
import { fixturePath } from '../support/acp-harness.ts';
import { askControl, MonitorReader } from '../support/control-client.ts';
import { FakeBackend, IntakeLedger } from '../support/fake-backend.ts';
import { SidecarProcess } from '../support/sidecar-process.ts';

const cleanUps: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

type Changes = ConstructorParameters<typeof SidecarProcess>[0];

async function open(changes: Changes = {}) {
  const sidecar = new SidecarProcess({ agentName: 'demo', projectName: 'shop', ...changes });
  cleanUps.push(() => sidecar.remove());
  sidecar.start();
  return { sidecar, ...(await attach(sidecar)) };
}

async function attach(sidecar: SidecarProcess, name = 'backend') {
  const ledger = new IntakeLedger();
  const backend = await new FakeBackend({ dataDir: sidecar.dataDir, ledger, name }).listen();
  cleanUps.push(() => backend.kill());
  await backend.connected();
  await backend.call('run/open', { sessionId: newId<SessionId>(), providerSessionId: null, model: null, usage: null, secrets: {} });
  return { ledger, backend };
}

function doors(sidecar: SidecarProcess) {
  const record = sidecar.record();
  assert.ok(record.control);
  return { person: record.control, agentSocket: sidecarSockets(record).agent };
}

async function promptAndWait(backend: FakeBackend, ledger: IntakeLedger, text: string): Promise<void> {
  const before = ledger.ofType('turnEnded').length;
  await backend.call('run/prompt', { promptId: newId<PromptId>(), text });
  await ledger.until('the turn’s end', () => ledger.ofType('turnEnded')[before]);
}

/** The messages that are named, in the order in which the log has them. */
function ordered(sidecar: SidecarProcess, ...messages: string[]): string[] {
  return sidecar.log().flatMap(({ msg = '' }) => (messages.includes(msg) ? msg : []));
}

test('the doors open before the record names them and before the backend is looked for, and close when the program is gone', async () => {
  const { sidecar, backend } = await open();
  await backend.call('run/stop', {});
  assert.equal(await sidecar.exitCode, 0);
  const began = [
    'the run begins',
    'control server open',
    'run record written, outbox open',
    'looking for the backend',
    'connected to the backend',
  ];
  const ended = ['the sidecar ends', 'control server closed', 'the sidecar has ended', 'the run has ended'];
  assert.deepEqual(ordered(sidecar, ...began, ...ended), [...began, ...ended]);
  const log = sidecar.log();
  assert.ok(log.every(({ agentId, gitSha }) => agentId === sidecar.agentId && gitSha === 'dev'));
  const programEnd = log.findLastIndex(({ program }) => program === null);
  assert.ok(programEnd > 0 && programEnd < log.findIndex(({ msg }) => msg === 'control server closed'));
  assert.equal(log.at(-1)?.runEnded?.exitCode, 0);
  const { person, agentSocket } = doors(sidecar);
  for (const path of [person.socketPath, agentSocket]) assert.equal(existsSync(path), false);
});

test('a sidecar that was killed leaves sockets that the next one takes over, and an end that the next one tells', async () => {
  const { sidecar, backend } = await open();
  const lost = sidecar.record();
  const { agentSocket } = doors(sidecar);
  sidecar.signal('SIGKILL');
  await sidecar.exitCode;
  await backend.kill();
  if (lost.program) process.kill(-lost.program.pgid, 'SIGKILL');
  assert.ok(lstatSync(agentSocket).isSocket());

  sidecar.start({ runId: newId<RunId>() });
  await attach(sidecar, 'second');
  const { person } = doors(sidecar);
  assert.notEqual(person.token, lost.control?.token);
  assert.equal((await askControl(person, { path: '/log-level', token: person.token })).status, 200);
  assert.equal((await askControl(person, { path: '/log-level', token: lost.control?.token })).status, 401);
  const told = sidecar.log().find(({ runEnded }) => runEnded?.exitCode === null);
  assert.equal(told?.runEnded?.runId, lost.runId);
});

test('what stands in the place of a socket is left alone, and the sidecar says in its log why it does not start', async () => {
  const { sidecar, backend } = await open();
  await backend.call('run/stop', {});
  await sidecar.exitCode;
  await backend.kill();
  const { agentSocket } = doors(sidecar);
  mkdirSync(dirname(agentSocket), { recursive: true, mode: 0o700 });
  writeFileSync(agentSocket, 'precious');
  cleanUps.push(async () => rmSync(agentSocket));
  sidecar.start({ runId: newId<RunId>() });
  assert.equal(await sidecar.exitCode, 1);
  const fatal = sidecar.log().find(({ level }) => level === levelNumbers.fatal);
  assert.match(fatal?.err?.message ?? '', /is in the way: it is no socket of yours/);
  assert.equal(sidecar.log().at(-1)?.runEnded?.exitCode, 1);
});

test('a tool sees a turn as it runs; a hook’s failure is an event of record; the level is switched from two sides', async () => {
  const { sidecar, backend, ledger } = await open();
  const { person } = doors(sidecar);
  const reader = new MonitorReader(person.socketPath, person.token);
  const snapshot = await reader.until(() => true);
  assert.deepEqual([snapshot.kind, snapshot.agent, snapshot.state], ['snapshot', 'demo', 'idle']);
  await promptAndWait(backend, ledger, 'hello');
  await reader.until(({ event }) => JSON.stringify(event ?? null).includes('"turnEnded"'));

  await askControl(person, { method: 'POST', path: '/hook-fatal', token: person.token, body: { hook: 'stop', error: 'exit 7' } });
  await ledger.until('the hook’s failure', () => ledger.ofType('hookFailed')[0]?.detail === 'exit 7');

  await backend.call('run/setLogLevel', { level: 'debug' });
  assert.equal(sidecar.record().logLevel, 'debug');
  const answer = await askControl(person, { method: 'POST', path: '/log-level', token: person.token, body: { level: 'info' } });
  assert.deepEqual(answer.json, { ok: true, level: 'info', previous: 'debug' });
  await backend.call('run/stop', {});
  assert.deepEqual(await reader.closed, { code: 1001, reason: 'The agent ends.' });
});

test('the program itself reaches its door with its token, and does not get in at the person’s', async () => {
  const { sidecar, backend, ledger } = await open({
    provider: 'acp',
    command: [process.execPath, fixturePath('asks-its-sidecar.mjs')],
  });
  await promptAndWait(backend, ledger, 'own');
  await promptAndWait(backend, ledger, doors(sidecar).person.socketPath);
  const [own, person] = ledger.ofType('text').map(({ text }) => text);
  assert.deepEqual([own, person], ['200', '401']);
  await backend.call('run/stop', {});
  await sidecar.exitCode;
});

test('at the finest level the log has what the program says on its pipes; when it fails, its last words at any level', async () => {
  const { sidecar, backend, ledger } = await open({ logLevel: 'trace' });
  await promptAndWait(backend, ledger, 'hello');
  await backend.call('run/stop', {});
  await sidecar.exitCode;
  const said = sidecar.log().filter(({ component }) => component === 'program');
  assert.ok(said.some(({ msg = '' }) => msg.includes('"jsonrpc":"2.0"')));

  const failing = await new SidecarProcess({
    provider: 'acp',
    command: [process.execPath, '-e', 'console.error("no key"); process.exit(3)'],
  });
  cleanUps.push(() => failing.remove());
  failing.start();
  await assert.rejects(attach(failing));
  failing.signal('SIGTERM');
  await failing.exitCode;
  const words = failing.log().find(({ component }) => component === 'program');
  assert.deepEqual([words?.level, words?.msg], [levelNumbers.error, 'no key']);
});
