import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import { reconnectDelayMs } from '../../../server/sidecar/backend-link.ts';
import { linkWorld, sessionId } from '../../support/link-world.ts';

test('what waited before a backend came, and what comes later, arrives once and in order', async () => {
  const { ledger, link, outbox, say, seen, startBackend } = linkWorld();
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
  assert.equal(seen.settled.at(-1), 603);
});

test('a backend that answers nothing any more is given up for the next, and nothing is lost or in two places', async () => {
  const { ledger, link, seen, say, startBackend } = linkWorld();
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
  const { ledger, link, seen, startBackend } = linkWorld();
  link.start();
  await startBackend({ isDeaf: true });
  await ledger.until('the end of the connection', () => seen.disconnected > 0);
});

test('a refused sidecar asks again until a backend wants it', async () => {
  const { ledger, link, seen, startBackend } = linkWorld();
  link.start();
  await startBackend({ name: 'other', refuseWith: { ok: false, code: 'unauthorized', message: 'Unknown.', handingOver: false } });
  await ledger.until('two refusals', () => seen.refused.length >= 2);
  await startBackend({ name: 'ours' });
  await ledger.until('a connection', () => seen.connected === 1);
});

test('requests are answered, and what fails comes back as a code that a person can act on', async () => {
  const { link, startBackend } = linkWorld();
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
  const { link, startBackend } = linkWorld();
  link.start();
  const backend = await startBackend();
  await backend.connected();
  await assert.rejects(backend.call('run/prompt', { promptId: newId(), text: 'x' }), (error: { data: unknown; message: string }) => {
    assert.deepEqual(error.data, { code: 'internal' });
    assert.doesNotMatch(error.message, /stays inside/);
    return true;
  });
});

test('a backend that cannot write now is asked again, and takes each event once and in order', async () => {
  const { ledger, link, outbox, say, startBackend } = linkWorld();
  let isFull = true;
  link.start();
  await startBackend({
    cannotKeep: () => {
      if (isFull) throw new Error('The disk is full.');
    },
  });
  await say(300);
  await ledger.until('a backend', () => outbox.pendingCount === 300);
  isFull = false;
  await ledger.until('all events', () => ledger.events.length === 300);
  await link.drained(5_000);
  assert.deepEqual([outbox.ackedSeq, outbox.poisonedCount, ledger.repeatedSeqs], [300, 0, []]);
});

test('a lost connection is tried again soon; what then fails, after pauses that grow to a minute', () => {
  const seconds = (failures: number, random: number) => reconnectDelayMs(failures, random) / 1_000;
  assert.deepEqual(
    [0, 1, 2, 3, 6, 7, 500].map((failures) => seconds(failures, 1)),
    [0.1, 1, 2, 4, 32, 60, 60],
  );
  assert.deepEqual([seconds(1, 0), seconds(99, 0)], [0.5, 30]);
});

test('another backend is noticed at once, however long the pause', async () => {
  const { ledger, link, seen, startBackend } = linkWorld();
  link.start();
  await startBackend({ name: 'refusing', refuseWith: { ok: false, code: 'unauthorized', message: 'Unknown.', handingOver: false } });
  await ledger.until('a refusal', () => seen.refused.length >= 1);
  const before = seen.refused.length;
  await startBackend({ name: 'ours' });
  await ledger.until('a connection', () => seen.connected === 1);
  assert.equal(seen.refused.length, before);
});
