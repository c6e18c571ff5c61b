/** What backends are told besides events, and in which order with them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkWorld } from '../../support/link-world.ts';

const change = (programPid: number | null) => ({ programPid, programVersion: null, detail: '' });

test('what a backend does not know is set aside and told, does not hold up the rest, and goes to the next build', async () => {
  const { ledger, link, outbox, say, startBackend } = linkWorld();
  link.start();
  const old = await startBackend({
    name: 'old',
    refuses: ({ seq }) => (seq % 2 === 0 ? { reason: 'unsupported', detail: 'It does not know that kind.' } : undefined),
  });
  await old.connected();
  await say(5);
  await ledger.until('that two are set aside', () => ledger.poisoned.at(-1) === 2 && ledger.events.length === 3);
  await link.drained(5_000);
  assert.deepEqual([outbox.ackedSeq, outbox.poisonedCount], [5, 2]);
  await old.kill();
  await startBackend({ name: 'new', build: { version: '9', gitSha: 'new', buildTime: 1, nodeVersion: '' } });
  await ledger.until('all events', () => ledger.events.length === 5);
  assert.deepEqual(
    ledger.events.map(({ seq }) => seq),
    [1, 3, 5, 6, 7],
  );
});

test('that the program ended is told although the event before it was set aside', async () => {
  const { ledger, link, say, startBackend } = linkWorld();
  link.start();
  const backend = await startBackend({ refuses: ({ seq }) => (seq === 2 ? { reason: 'unsupported', detail: '' } : undefined) });
  await backend.connected();
  await say(2);
  link.tellProgramChanged(change(null));
  await ledger.until('the news', () => ledger.programChanges.length === 1);
  assert.deepEqual(ledger.heard, ['event 1', 'program null']);
});

test('every backend is told of the fence as it was last, and of events that wait for a person', async () => {
  const { ledger, link, outbox, say, startBackend } = linkWorld();
  const sandbox = { files: 'off', network: 'open', mode: 'off', layers: [], landlockAbi: null, gaps: [], remedy: null } as const;
  const fence = (gap: string) => ({ sandbox: { ...sandbox, layers: [], gaps: [] }, resources: { by: [], gaps: [gap] } });
  await say(1);
  outbox.lend({ events: 1, bytes: 1 });
  outbox.settle({ ackedSeq: 0, refused: [{ seq: 1, reason: 'unsupported', detail: '' }] }, { build: '0.0.0-test-0', now: 0, random: 0 });
  link.tellFenced(fence('first'));
  link.tellFenced(fence('second'));
  link.start();
  const backend = await startBackend({ name: 'one' });
  await ledger.until('both', () => ledger.fences.length === 1 && ledger.poisoned.length === 1);
  await backend.kill();
  await startBackend({ name: 'two' });
  await ledger.until('both again', () => ledger.fences.length === 2 && ledger.poisoned.length === 2);
  assert.deepEqual(
    [ledger.fences, ledger.poisoned],
    [
      [fence('second'), fence('second')],
      [1, 1],
    ],
  );
  link.tellFenced(fence('third'));
  outbox.requeue();
  link.tellPoisoned();
  await ledger.until('what is new', () => ledger.fences.length === 3 && ledger.poisoned.at(-1) === 0);
});

test('that the program ended is told after the events before it were taken, and before those after it are', async () => {
  const { ledger, link, say, startBackend } = linkWorld();
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
  const { ledger, link, say, startBackend } = linkWorld();
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
