import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import { dataPaths } from '../../../server/base/data-paths.ts';
import { newId } from '../../../server/base/uuid.ts';
import { AgorError, type ErrorCode } from '../../../server/protocol/errors.ts';
import type { SidecarHello } from '../../../server/protocol/handshake.ts';
import type { AgentId, RunId, SessionId } from '../../../server/protocol/ids.ts';
import type { Answers } from '../../../server/sidecar/backend-channel.ts';
import { BackendLink, reconnectDelayMs } from '../../../server/sidecar/backend-link.ts';
import { openOutbox } from '../../../server/sidecar/outbox.ts';
import { FakeBackend, type FakeBackendOptions, IntakeLedger } from '../../support/fake-backend.ts';

const cleanUps: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const sessionId = newId<SessionId>();

function setUp() {
  const dataDir = mkdtempSync(join(tmpdir(), 'agor-link-'));
  cleanUps.push(() => rmSync(dataDir, { recursive: true, force: true }));
  const ledger = new IntakeLedger();
  const outbox = openOutbox(join(dataDir, 'outbox.db'), { onFlushed: () => link.deliver() });
  cleanUps.push(() => outbox.close());
  const seen = { connected: 0, disconnected: 0, refused: [] as ErrorCode[] };
  const tell = () => ledger.changed.emit();
  const link = new BackendLink(
    {
      outbox,
      answers,
      hello: () => hello,
      onConnected: () => {
        seen.connected += 1;
        tell();
      },
      onDisconnected: () => {
        seen.disconnected += 1;
        tell();
      },
      onRefused: (code) => {
        seen.refused.push(code);
        tell();
      },
      log: () => {},
    },
    { ownerRecordPath: dataPaths(dataDir).ownerRecord, firstDelayMs: 1, longestDelayMs: 10, pingEveryMs: 20, answerDeadlineMs: 200 },
  );
  cleanUps.push(() => link.close());
  const say = (count: number) =>
    Promise.all(
      Array.from({ length: count }, (_, n) => outbox.append({ at: n, sessionId, event: { type: 'notice', level: 'info', text: `${n}` } })),
    );
  const startBackend = async (options: Partial<FakeBackendOptions> = {}) => {
    const backend = await new FakeBackend({ dataDir, ledger, ...options }).listen();
    cleanUps.push(() => backend.kill());
    return backend;
  };
  return { ledger, outbox, link, seen, say, startBackend };
}

const hello: SidecarHello = {
  role: 'sidecar',
  build: 'dev',
  token: 't',
  wireVersion: 1,
  runId: newId<RunId>(),
  agentId: newId<AgentId>(),
  pid: 1,
  programPid: null,
  programVersion: null,
  sessionId: null,
  capabilities: null,
  turnId: null,
  promptId: null,
};

const refuse = () => {
  throw new AgorError('needsCredentials', 'The key is missing.');
};

const answers: Answers = {
  'run/open': refuse,
  'run/prompt': () => {
    throw new Error('a detail that stays inside');
  },
  'run/interrupt': () => ({}),
  'run/answer': () => ({ delivered: false }),
  'run/stop': () => ({}),
  'run/ping': () => ({}),
};

test('what waited before a backend came, and what comes later, arrives once and in order', async () => {
  const { ledger, link, outbox, say, startBackend } = setUp();
  await say(600);
  link.start();
  await startBackend();
  await ledger.until('the first part', () => ledger.events.length === 600);
  await say(3);
  await ledger.until('the second part', () => ledger.events.length === 603);
  assert.deepEqual(
    ledger.events.map(({ seq }) => seq),
    Array.from({ length: 603 }, (_, index) => index + 1),
  );
  await link.drained(5_000);
  assert.equal(outbox.ackedSeq, 603);
});

test('a backend that answers nothing any more is given up for the next, and nothing is lost or in two places', async () => {
  const { ledger, link, seen, say, startBackend } = setUp();
  link.start();
  const deaf = await startBackend({ isDeaf: true, name: 'deaf' });
  await deaf.connected();
  await say(5);
  const next = await startBackend({ name: 'next' });
  await ledger.until('all events', () => ledger.events.length === 5);
  assert.equal(seen.connected >= 2, true);
  assert.equal(deaf.mostConnections, 1);
  assert.equal(next.mostConnections, 1);
});

test('also with nothing to deliver, a deaf backend is noticed', async () => {
  const { ledger, link, seen, startBackend } = setUp();
  link.start();
  await startBackend({ isDeaf: true });
  await ledger.until('the end of the connection', () => seen.disconnected > 0);
});

test('a refused sidecar asks again until a backend wants it', async () => {
  const { ledger, link, seen, startBackend } = setUp();
  link.start();
  await startBackend({ name: 'other', refuseWith: { ok: false, code: 'unauthorized', message: 'Unknown.', handingOver: false } });
  await ledger.until('two refusals', () => seen.refused.length >= 2);
  await startBackend({ name: 'ours' });
  await ledger.until('a connection', () => seen.connected === 1);
});

test('requests are answered, and what fails comes back as a code that a person can act on', async () => {
  const { link, startBackend } = setUp();
  link.start();
  const backend = await startBackend();
  await backend.connected();
  assert.deepEqual(await backend.call('run/ping', {}), {});
  const wish = { sessionId, providerSessionId: null, model: null, usage: null, secrets: {} };
  await assert.rejects(backend.call('run/open', wish), { message: 'The key is missing.', data: { code: 'needsCredentials' } });
  // Not what the contract asks for.
  const wrong = { promptId: 'x', text: '' } as unknown as Parameters<typeof backend.call<'run/prompt'>>[1];
  await assert.rejects(backend.call('run/prompt', wrong), (error: { data: unknown }) => {
    assert.deepEqual(error.data, { code: 'badRequest' });
    return true;
  });
});

test('an unexpected failure is told by its number in the log only', async () => {
  const { link, startBackend } = setUp();
  link.start();
  const backend = await startBackend();
  await backend.connected();
  await assert.rejects(backend.call('run/prompt', { promptId: newId(), text: 'x' }), (error: { data: unknown; message: string }) => {
    assert.deepEqual(error.data, { code: 'internal' });
    assert.doesNotMatch(error.message, /stays inside/);
    return true;
  });
});

const change = (programPid: number | null) => ({ programPid, programVersion: null, detail: '' });

test('that the program ended is told after the events before it were taken, and before those after it are', async () => {
  const { ledger, link, say, startBackend } = setUp();
  const gate = Promise.withResolvers<void>();
  link.start();
  const backend = await startBackend({ beforeAck: () => gate.promise });
  await backend.connected();
  await say(2);
  link.tellProgramChanged(change(null));
  await say(2);
  link.tellProgramChanged(change(42));
  await backend.call('run/ping', {});
  assert.deepEqual(ledger.heard, []);
  gate.resolve();
  await ledger.until('all there is', () => ledger.heard.length === 6);
  assert.deepEqual(ledger.heard, ['event 1', 'event 2', 'program null', 'event 3', 'event 4', 'program 42']);
});

test('what was held back when a backend died is told to the next one, after the events', async () => {
  const { ledger, link, say, startBackend } = setUp();
  link.start();
  const asked = Promise.withResolvers<void>();
  const first = await startBackend({
    name: 'first',
    beforeAck: () => {
      asked.resolve();
      return new Promise(() => {});
    },
  });
  await first.connected();
  await say(2);
  await asked.promise;
  link.tellProgramChanged(change(null));
  await first.kill();
  await say(1);
  await startBackend({ name: 'next' });
  await ledger.until('all there is', () => ledger.heard.length === 4);
  assert.deepEqual(ledger.heard, ['event 1', 'event 2', 'program null', 'event 3']);
});

test('the pause between tries doubles up to its bound and is never shorter than four fifths of it', () => {
  const options = { firstDelayMs: 100, longestDelayMs: 2_000 };
  assert.deepEqual(
    [0, 1, 2, 3, 5, 6, 500].map((failures) => reconnectDelayMs(failures, options, 0)),
    [100, 100, 200, 400, 1_600, 2_000, 2_000],
  );
  assert.equal(reconnectDelayMs(1, options, 1), 80);
});
