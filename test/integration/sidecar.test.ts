/** The sidecar as a real process with the demo agent, against backends that come and go. */
import assert from 'node:assert/strict';
import { after, afterEach, test } from 'node:test';
import { isSameProcess } from '../../server/base/process-identity.ts';
import { newId } from '../../server/base/uuid.ts';
import type { NumberedEvent } from '../../server/protocol/handshake.ts';
import type { PromptId, SessionId } from '../../server/protocol/ids.ts';
import { collectOutbox, outboxPath } from '../../server/sidecar/outbox-file.ts';
import { fixturePath } from '../support/acp-harness.ts';
import { FakeBackend, IntakeLedger } from '../support/fake-backend.ts';
import { SidecarProcess } from '../support/sidecar-process.ts';

const cleanUps: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

after(() => {
  assert.deepEqual(cleanUps, []);
});

function startSidecar(changes: ConstructorParameters<typeof SidecarProcess>[0] = {}): SidecarProcess {
  const sidecar = new SidecarProcess(changes);
  cleanUps.push(() => sidecar.remove());
  return sidecar.start();
}

async function startBackend(sidecar: SidecarProcess, ledger: IntakeLedger, name = 'backend'): Promise<FakeBackend> {
  const backend = await new FakeBackend({ dataDir: sidecar.dataDir, ledger, name }).listen();
  cleanUps.push(() => backend.kill());
  await backend.connected();
  return backend;
}

function openSession(backend: FakeBackend, sessionId = newId<SessionId>()) {
  return backend.call('run/open', { sessionId, providerSessionId: null, model: null, usage: null, secrets: {} });
}

function prompt(backend: FakeBackend, text: string, promptId = newId<PromptId>()) {
  return backend.call('run/prompt', { promptId, text });
}

function turnsEnded(ledger: IntakeLedger, count: number) {
  return ledger.until(`${count} turns that end`, () => ledger.ofType('turnEnded').length >= count && ledger.ofType('turnEnded'));
}

/** Every number from 1 on, once and in order, but for what gave way to a newer plan or usage before it was sent. */
function assertComplete(ledger: IntakeLedger): void {
  const seqs = ledger.events.map(({ seq }) => seq);
  assert.deepEqual(
    seqs,
    [...new Set(seqs)].toSorted((a, b) => a - b),
  );
  const missing = Array.from({ length: seqs.at(-1) ?? 0 }, (_, index) => index + 1).filter((seq) => !seqs.includes(seq));
  for (const gap of missing) {
    const newer = ledger.events.filter(({ seq, event }) => seq > gap && (event.type === 'plan' || event.type === 'usage'));
    assert.ok(newer.length > 0, `event ${gap} is missing in ${ledger.summary()}`);
  }
}

/** The text of each block; a part that does not begin where the one before it ended is an error. */
function texts(events: readonly NumberedEvent[]): string[] {
  const blocks = new Map<string, string>();
  for (const { event } of events) {
    if (event.type !== 'text') continue;
    const before = blocks.get(event.itemId) ?? '';
    assert.equal(event.offset, before.length, 'text is durable once and without a hole');
    blocks.set(event.itemId, before + event.text);
  }
  return [...blocks.values()];
}

test('a prompt runs, its events are acknowledged in order, and stopping leaves nothing behind', async () => {
  const sidecar = startSidecar();
  const ledger = new IntakeLedger();
  const backend = await startBackend(sidecar, ledger);
  const opened = await openSession(backend);
  assert.equal(opened.capabilities.resume, true);
  const { program, sidecar: self } = sidecar.record();
  assert.equal(program?.pid, opened.programPid);
  assert.equal(self?.pid, sidecar.pid);

  await prompt(backend, 'hello');
  const [ended] = await turnsEnded(ledger, 1);
  assert.equal(ended?.reason, 'completed');
  assertComplete(ledger);
  assert.ok(texts(ledger.events).join('').length > 0);

  await backend.call('run/stop', {});
  assert.equal(await sidecar.exitCode, 0);
  assert.equal(sidecar.record().program, null);
  assert.ok(program && !isSameProcess(program));
});

test('a backend that is killed in mid-turn is followed by another, and every event arrives once and in order', async () => {
  const sidecar = startSidecar({ environment: { AGOR_DEMO_SPEED: '20' } });
  const ledger = new IntakeLedger();
  const first = await startBackend(sidecar, ledger, 'first');
  const sessionId = newId<SessionId>();
  await openSession(first, sessionId);
  const promptId = newId<PromptId>();
  await prompt(first, 'long', promptId);
  await ledger.until('streamed text', () => ledger.streamed.length > 3);
  await first.kill();

  const second = await startBackend(sidecar, ledger, 'second');
  const hello = await second.connected();
  assert.equal(hello.sessionId, sessionId);
  assert.equal(hello.promptId, promptId);
  const [ended] = await turnsEnded(ledger, 1);
  assert.equal(ended?.reason, 'completed');
  assertComplete(ledger);
  assert.ok(texts(ledger.events).join('').length > 2_000);
  assert.equal(second.mostConnections, 1);
});

test('the same prompt given again, also by another backend, runs once', async () => {
  const sidecar = startSidecar();
  const ledger = new IntakeLedger();
  const first = await startBackend(sidecar, ledger, 'first');
  await openSession(first);
  const promptId = newId<PromptId>();
  await Promise.all([prompt(first, 'help', promptId), prompt(first, 'help', promptId)]);
  await turnsEnded(ledger, 1);
  await first.kill();
  const second = await startBackend(sidecar, ledger, 'second');
  await prompt(second, 'help', promptId);
  await prompt(second, 'help');
  await turnsEnded(ledger, 2);
  assert.equal(ledger.ofType('turnStarted').length, 2);
});

test('a sidecar that no backend reaches ends with its grace', async () => {
  const sidecar = startSidecar({ orphanGraceMs: 300 });
  assert.equal(await sidecar.exitCode, 0);
});

test('an orphan denies what was asked, ends its turn and its program, and leaves the events in its outbox', async () => {
  const sidecar = startSidecar({ orphanGraceMs: 300 });
  const ledger = new IntakeLedger();
  const backend = await startBackend(sidecar, ledger);
  await openSession(backend);
  const { program } = sidecar.record();
  await prompt(backend, 'ask');
  await ledger.until('a question', () => ledger.ofType('permissionAsked')[0]);
  await backend.kill();
  assert.equal(await sidecar.exitCode, 0);
  assert.ok(program && !isSameProcess(program));

  collectOutbox(outboxPath(sidecar.privateDir), { build: 'test', take: (sent) => ledger.answer(sent) });
  assertComplete(ledger);
  assert.equal(ledger.ofType('permissionWithdrawn').length, 1);
  assert.equal(ledger.ofType('turnEnded').at(-1)?.reason, 'interrupted');
});

test('a sidecar whose record is gone and that no backend knows ends at once, not with its grace', async () => {
  const sidecar = startSidecar();
  const ledger = new IntakeLedger();
  const backend = await startBackend(sidecar, ledger, 'first');
  await openSession(backend);
  const { program } = sidecar.record();
  sidecar.forgetRecord();
  await backend.kill();
  const refuseWith = { ok: false, code: 'unauthorized', message: 'This backend knows no such run.', handingOver: false } as const;
  const second = await new FakeBackend({ dataDir: sidecar.dataDir, ledger, name: 'second', refuseWith }).listen();
  cleanUps.push(() => second.kill());
  assert.equal(await sidecar.exitCode, 0);
  assert.ok(program && !isSameProcess(program));
});

test('a killed program ends its turn as crashed, and the next prompt starts it again in the same session', async () => {
  const sidecar = startSidecar();
  const ledger = new IntakeLedger();
  const backend = await startBackend(sidecar, ledger);
  await openSession(backend);
  await prompt(backend, 'ask');
  await ledger.until('a question', () => ledger.ofType('permissionAsked')[0]);
  const { program } = sidecar.record();
  assert.ok(program);
  process.kill(program.pid, 'SIGKILL');
  const [ended] = await turnsEnded(ledger, 1);
  assert.equal(ended?.reason, 'crashed');
  await ledger.until('word of the end', () => ledger.programChanges[0]?.programPid === null);

  await prompt(backend, 'help');
  assert.equal((await turnsEnded(ledger, 2))[1]?.reason, 'completed');
  const opened = ledger.ofType('sessionOpened');
  assert.equal(opened[1]?.resumed, true);
  assert.equal(opened[1]?.providerSessionId, opened[0]?.providerSessionId);
  assert.equal(ledger.programChanges[1]?.programPid, sidecar.record().program?.pid);
});

test('a killed sidecar leaves its events for the next run, whose numbers go on', async () => {
  const sidecar = startSidecar();
  const ledger = new IntakeLedger();
  const first = await startBackend(sidecar, ledger, 'first');
  const sessionId = newId<SessionId>();
  await openSession(first, sessionId);
  await prompt(first, 'ask');
  await ledger.until('a question', () => ledger.ofType('permissionAsked')[0]);
  const { program } = sidecar.record();
  sidecar.signal('SIGKILL');
  await sidecar.exitCode;
  await first.kill();
  collectOutbox(outboxPath(sidecar.privateDir), { build: 'test', take: (sent) => ledger.answer(sent) });
  const seqBefore = ledger.ackedSeq;
  if (program && isSameProcess(program)) process.kill(-program.pgid, 'SIGKILL');

  sidecar.start();
  const second = await startBackend(sidecar, ledger, 'second');
  await openSession(second, sessionId);
  await prompt(second, 'help');
  await turnsEnded(ledger, 1);
  assert.ok(ledger.ackedSeq > seqBefore);
  assertComplete(ledger);
});

test('SIGTERM ends in order, SIGHUP does nothing, and a program that cannot be started is a failed turn that says why', async () => {
  const sidecar = startSidecar({ provider: 'acp', command: ['/nowhere/agent'] });
  const ledger = new IntakeLedger();
  const backend = await startBackend(sidecar, ledger);
  await assert.rejects(openSession(backend), /\/nowhere\/agent/);
  sidecar.signal('SIGHUP');
  await prompt(backend, 'hello');
  const [ended] = await turnsEnded(ledger, 1);
  assert.equal(ended?.reason, 'failed');
  assert.match(ended?.failure?.message ?? '', /\/nowhere\/agent/);
  sidecar.signal('SIGTERM');
  assert.equal(await sidecar.exitCode, 0);
});

test('a second sidecar of the same agent is refused', async () => {
  const sidecar = startSidecar();
  await startBackend(sidecar, new IntakeLedger());
  assert.throws(
    () => collectOutbox(outboxPath(sidecar.privateDir), { build: 'test', take: () => ({ ackedSeq: 0 }) }),
    /a sidecar of this agent still runs/,
  );
});

test('a program is told of which run it is, where its sidecar listens and where our commands are, and of nothing else of ours', async () => {
  const sidecar = startSidecar({
    provider: 'acp',
    command: [process.execPath, fixturePath('prints-environment.mjs')],
    environment: { AGOR_DATA_DIR: '/d' },
  });
  const ledger = new IntakeLedger();
  const backend = await startBackend(sidecar, ledger);
  await openSession(backend);
  await prompt(backend, 'go');
  await turnsEnded(ledger, 1);
  const environment = JSON.parse(texts(ledger.events).join('')) as Record<string, string>; // The fixture's own words.
  // Of which run it is nobody else may know: even what the program says of it is taken out.
  assert.equal(environment.AGOR_RUN_TOKEN, '[run token]');
  assert.deepEqual(
    Object.keys(environment).filter((name) => /^(AGOR|NODE|VSCODE|ELECTRON)_/.test(name)),
    ['AGOR_RUN_TOKEN', 'AGOR_CONTROL_SOCKET', 'AGOR_NODE', 'AGOR_PROGRAMS'],
  );
  await backend.call('run/stop', {});
  await sidecar.exitCode;
});
