/** How the outbox is handed over: in order, one batch at a time, with pauses that fit what went wrong. */
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { AppendAnswer } from '../../../server/protocol/sidecar-wire.ts';
import { Delivery, pollEveryMs } from '../../../server/sidecar/delivery.ts';
import type { Outbox } from '../../../server/sidecar/outbox.ts';
import { openOutbox } from '../../../server/sidecar/outbox-file.ts';
import type { SentEvent } from '../../../server/sidecar/sent-events.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { appendAll, entry, newOutboxPath } from '../../support/outboxes.ts';

const opened: Outbox[] = [];
afterEach(() => {
  for (const outbox of opened.splice(0)) outbox.close();
});

/** `answer` is what the backend says to each batch; it is told their numbers. */
async function setUp(texts: readonly string[], answer: (seqs: number[]) => AppendAnswer | Promise<AppendAnswer>) {
  const outbox = openOutbox(newOutboxPath());
  opened.push(outbox);
  await appendAll(outbox, texts);
  const clock = new FakeClock();
  const sent: number[][] = [];
  const logged: string[] = [];
  const barrier = { seq: Number.POSITIVE_INFINITY };
  const delivery = new Delivery({
    outbox,
    clock,
    random: () => 1,
    barrierSeq: () => barrier.seq,
    onSettled: () => {},
    log: (level, message) => logged.push(`${level}: ${message}`),
  });
  const send = async (events: readonly SentEvent[]) => {
    const seqs = events.map(({ seq }) => seq);
    sent.push(seqs);
    return answer(seqs);
  };
  const wait = async (ms: number) => {
    clock.advance(ms);
    await setImmediate();
  };
  return { outbox, clock, delivery, sent, send, logged, barrier, wait };
}

const takesAll = (seqs: readonly number[]): AppendAnswer => ({ ackedSeq: seqs.at(-1) ?? 0 });
const unavailable = (): AppendAnswer => {
  throw new Error('The backend could not keep the events.');
};

test('there is one batch at a time, and what came meanwhile goes with the next', async () => {
  const answers: PromiseWithResolvers<AppendAnswer>[] = [];
  const { delivery, outbox, sent, send } = await setUp(['a', 'b'], () => {
    const next = Promise.withResolvers<AppendAnswer>();
    answers.push(next);
    return next.promise;
  });
  delivery.connected({ send, build: 'b' });
  await appendAll(outbox, ['c']);
  for (let asked = 0; asked < 3; asked += 1) delivery.drain();
  await setImmediate();
  assert.deepEqual(sent, [[1, 2]]);
  answers[0]?.resolve({ ackedSeq: 2 });
  await setImmediate();
  assert.deepEqual(sent, [[1, 2], [3]]);
  answers[1]?.resolve({ ackedSeq: 3 });
  await delivery.drained();
  delivery.drain();
  await setImmediate();
  assert.equal(sent.length, 2);
});

test('while the backend takes nothing the pauses grow to a minute, and no attempt is counted', async () => {
  const { delivery, outbox, sent, send, wait, clock } = await setUp(['a'], unavailable);
  delivery.connected({ send, build: 'b' });
  await setImmediate();
  for (const [tries, seconds] of [1, 2, 4, 8, 16, 32, 60, 60].entries()) {
    await wait(seconds * 1_000 - 1);
    assert.equal(sent.length, tries + 1);
    await wait(1);
    assert.equal(sent.length, tries + 2);
  }
  assert.deepEqual([outbox.pendingCount, outbox.poisonedCount, clock.waiting], [1, 0, 1]);
});

test('events that come during a pause do not shorten it, but another connection does', async () => {
  const { delivery, outbox, sent, send, wait } = await setUp(['a'], unavailable);
  delivery.connected({ send, build: 'b' });
  await setImmediate();
  await appendAll(outbox, ['b']);
  delivery.drain();
  await wait(999);
  assert.equal(sent.length, 1);
  delivery.disconnected();
  delivery.connected({ send: async (events) => takesAll(events.map(({ seq }) => seq)), build: 'b' });
  await delivery.drained();
  assert.equal(outbox.pendingCount, 0);
});

test('a rejected event is tried again after its pause, alone at the head, and set aside after twelve attempts', async () => {
  const { delivery, outbox, sent, send, logged, wait } = await setUp(['a', 'odd', 'c'], (seqs) =>
    seqs.includes(2) ? { ackedSeq: 1, refused: [{ seq: 2, reason: 'rejected', detail: 'no such turn' }] } : takesAll(seqs),
  );
  delivery.connected({ send, build: 'b' });
  await setImmediate();
  // A new connection is no reason to ask for it earlier.
  delivery.disconnected();
  delivery.connected({ send, build: 'b' });
  await wait(999);
  assert.deepEqual(sent, [[1, 2, 3]]);
  await wait(1);
  assert.deepEqual(sent.at(-1), [2, 3]);
  for (let attempt = 3; attempt <= 12; attempt += 1) await wait(60_000);
  assert.deepEqual(
    sent
      .slice(1)
      .flat()
      .filter((seq) => seq === 3).length,
    12,
    'the last comes behind the rejected one, and then by itself',
  );
  assert.deepEqual([outbox.pendingCount, outbox.poisonedCount, outbox.ackedSeq], [0, 1, 3]);
  assert.equal(logged[0], 'debug: event seq=2 kind=notice retry 1/12 in 1000 ms: no such turn');
  assert.equal(logged.at(-1), 'fatal: event seq=2 kind=notice poisoned after 12 attempts');
});

test('what a backend does not know is set aside at once, told as a warning, and goes to another build', async () => {
  const { delivery, outbox, sent, send, logged } = await setUp(['new kind', 'b'], (seqs) =>
    seqs.includes(1) ? { ackedSeq: 0, refused: [{ seq: 1, reason: 'unsupported', detail: 'unknown' }] } : takesAll(seqs),
  );
  delivery.connected({ send, build: 'old' });
  await delivery.drained();
  assert.deepEqual([sent, outbox.poisonedCount], [[[1, 2], [2]], 1]);
  assert.match(logged.at(-1) ?? '', /^warn: event seq=1 kind=notice is unknown to this backend/);
  delivery.connected({ send, build: 'old' });
  await setImmediate();
  delivery.connected({ send, build: 'new' });
  await delivery.drained();
  assert.deepEqual([sent.at(-1), outbox.poisonedCount], [[3], 0]);
});

test('an answer that was on its way when the connection broke still counts', async () => {
  const answer = Promise.withResolvers<AppendAnswer>();
  const { delivery, outbox, send } = await setUp(['a'], () => answer.promise);
  delivery.connected({ send, build: 'b' });
  delivery.disconnected();
  answer.resolve({ ackedSeq: 1 });
  await setImmediate();
  assert.equal(outbox.pendingCount, 0);
});

test('nothing goes past the barrier', async () => {
  const { delivery, sent, send, barrier } = await setUp(['a', 'b', 'c'], takesAll);
  barrier.seq = 2;
  delivery.connected({ send, build: 'b' });
  await setImmediate();
  assert.deepEqual(sent, [[1, 2]]);
  barrier.seq = 3;
  delivery.drain();
  await setImmediate();
  assert.deepEqual(sent, [[1, 2], [3]]);
});

test('it looks every five seconds although nobody asked, with one timer however often it is started', async () => {
  const { delivery, outbox, sent, send, clock, wait } = await setUp([], takesAll);
  delivery.start();
  delivery.start();
  assert.equal(clock.waiting, 1);
  delivery.connected({ send, build: 'b' });
  await outbox.append(entry('a'));
  await wait(pollEveryMs - 1);
  assert.deepEqual(sent, []);
  await wait(1);
  assert.deepEqual(sent, [[1]]);
});

test('once stopped it sends nothing and leaves no timer', async () => {
  const { delivery, sent, send, clock, wait } = await setUp(['a'], unavailable);
  delivery.start();
  delivery.connected({ send, build: 'b' });
  await setImmediate();
  delivery.stop();
  delivery.stop();
  delivery.start();
  assert.equal(clock.waiting, 0);
  delivery.connected({ send, build: 'b' });
  await wait(120_000);
  assert.equal(sent.length, 1);
  await delivery.drained();
});

test('how far was sent counts only while a backend is there', async () => {
  const { delivery, send } = await setUp(['a'], () => new Promise(() => {}));
  assert.equal(delivery.sentSeq, Number.POSITIVE_INFINITY);
  delivery.connected({ send, build: 'b' });
  await setImmediate();
  assert.equal(delivery.sentSeq, 1);
  delivery.disconnected();
  assert.equal(delivery.sentSeq, Number.POSITIVE_INFINITY);
});
