/** What becomes of events that a backend refuses for good, and of those that the disk damaged. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Outbox } from '../../../server/sidecar/outbox.ts';
import { openOutbox } from '../../../server/sidecar/outbox-file.ts';
import { maxAttempts } from '../../../server/sidecar/refused-events.ts';
import { appendAll, everything, newOutboxPath, openPlain, seqsOf, terms } from '../../support/outboxes.ts';

const rejected = (seq: number) => ({ seq, reason: 'rejected', detail: 'no such turn' }) as const;
const unsupported = (seq: number) => ({ seq, reason: 'unsupported', detail: 'unknown kind' }) as const;

/** Offers all there is to a backend that takes everything before the first it refuses. */
function offer(outbox: Outbox, ...refused: readonly (ReturnType<typeof rejected> | ReturnType<typeof unsupported>)[]) {
  const { events } = outbox.lend(everything);
  const ackedSeq = (refused[0]?.seq ?? (events.at(-1)?.seq ?? 0) + 1) - 1;
  return outbox.settle({ ackedSeq, refused: [...refused] }, terms);
}

test('an event that is rejected waits longer each time, is set aside after twelve times, and the next goes on', async () => {
  const outbox = openOutbox(newOutboxPath());
  await appendAll(outbox, ['a', 'b', 'c']);
  const delays: (number | undefined)[] = [];
  for (let attempt = 1; attempt < maxAttempts; attempt += 1) {
    delays.push(offer(outbox, rejected(2)).retry?.delayMs);
    assert.deepEqual(seqsOf(outbox), [2, 3], 'nothing overtakes it');
  }
  assert.deepEqual(
    delays,
    [1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60].map((seconds) => seconds * 1_000),
  );
  const { setAside, retry } = offer(outbox, rejected(2));
  assert.deepEqual([setAside, retry], [[{ seq: 2, kind: 'notice', attempts: 12, reason: 'rejected', detail: 'no such turn' }], null]);
  assert.deepEqual([seqsOf(outbox), outbox.ackedSeq, outbox.poisonedCount], [[3], 2, 1]);
  outbox.close();
});

test('how often an event was rejected is kept through closing, and what waited for its time is tried afresh', async () => {
  const path = newOutboxPath();
  const first = openOutbox(path);
  await appendAll(first, ['a']);
  offer(first, rejected(1));
  first.close();
  const plain = openPlain(path);
  const row = () => plain.prepare('select attempts, next_attempt_at as nextAttemptAt, poisoned from outbox').get();
  assert.deepEqual(row(), { attempts: 1, nextAttemptAt: 2_000, poisoned: 0 });
  plain.close();
  const second = openOutbox(path);
  assert.equal(offer(second, rejected(1)).retry?.attempts, 2);
  second.close();
});

test('opening resets the time of the next try', async () => {
  const path = newOutboxPath();
  const first = openOutbox(path);
  await appendAll(first, ['a']);
  offer(first, rejected(1));
  first.close();
  openOutbox(path).close();
  const plain = openPlain(path);
  assert.deepEqual(plain.prepare('select attempts, next_attempt_at as nextAttemptAt from outbox').get(), { attempts: 1, nextAttemptAt: 0 });
  plain.close();
});

test('events of unknown kinds are set aside at once and go again when a backend of another build answers', async () => {
  const path = newOutboxPath();
  const outbox = openOutbox(path);
  await appendAll(outbox, ['a', 'b', 'c', 'd']);
  const keys = outbox.lend(everything).events.map(({ key }) => key);
  assert.equal(offer(outbox, unsupported(1), unsupported(3)).setAside.length, 2);
  assert.deepEqual(seqsOf(outbox), [2, 4]);
  offer(outbox);
  assert.equal(outbox.ackedSeq, 4);
  outbox.close();
  const next = openOutbox(path);
  assert.equal(next.requeueUnsupported(terms.build), 0, 'the same build would refuse them again');
  assert.equal(next.requeueUnsupported('another build'), 2);
  assert.deepEqual(
    next.lend(everything).events.map(({ seq, key }) => [seq, key]),
    [
      [5, keys[0]],
      [6, keys[2]],
    ],
  );
  assert.equal(next.poisonedCount, 0);
  next.close();
});

test('what is set aside is reported whole, and requeued by its key, behind all others and with a fresh count', async () => {
  const outbox = openOutbox(newOutboxPath());
  await appendAll(outbox, ['a', 'b', 'c']);
  offer(outbox, unsupported(1), unsupported(2));
  const { poisoned, poisonedCount, pending } = outbox.report();
  assert.deepEqual([poisonedCount, pending], [2, 1]);
  const [first, second] = poisoned;
  assert.ok(first && second);
  const { key, ...rest } = first;
  const payload = '{"type":"notice","level":"info","text":"a"}';
  assert.deepEqual(rest, { seq: 1, kind: 'notice', occurredAt: 1, attempts: 0, reason: 'unsupported', detail: 'unknown kind', payload });
  assert.deepEqual(outbox.report(1).poisoned, [second]);
  void appendAll(outbox, ['d']);
  assert.equal(outbox.requeue([key, 'unheard of']), 1);
  assert.deepEqual(seqsOf(outbox), [3, 4, 5]);
  assert.equal(outbox.lend(everything).events.at(-1)?.key, key);
  assert.equal(outbox.requeue(), 1);
  assert.equal(outbox.requeue(), 0);
  assert.deepEqual([seqsOf(outbox), outbox.poisonedCount, outbox.lastSeq], [[3, 4, 5, 6], 0, 6]);
  outbox.close();
});

test('a report has as many as fit into a message, and one at least', async () => {
  const outbox = openOutbox(newOutboxPath());
  const large = 'x'.repeat(4 * 1024 * 1024);
  await appendAll(outbox, [large, large, large]);
  offer(outbox, unsupported(1), unsupported(2), unsupported(3));
  assert.deepEqual([outbox.report().poisoned.length, outbox.report(1).poisoned.length, outbox.report().poisonedCount], [1, 1, 3]);
  outbox.close();
});

test('an event that was damaged on the disk is set aside and counted, and holds up nothing', async () => {
  const path = newOutboxPath();
  const first = openOutbox(path);
  await appendAll(first, ['a', 'b', 'c']);
  first.close();
  const plain = openPlain(path);
  plain.exec("update outbox set payload = '{\"type' where seq <> 2");
  plain.close();
  const second = openOutbox(path);
  const { events, setAside } = second.lend(everything);
  assert.deepEqual(
    [events.map(({ seq }) => seq), setAside.map(({ seq, reason }) => [seq, reason])],
    [
      [2],
      [
        [1, 'damaged'],
        [3, 'damaged'],
      ],
    ],
  );
  assert.deepEqual([second.poisonedCount, second.pendingCount, second.requeue()], [2, 1, 0]);
  assert.equal(second.report().poisoned[0]?.payload, '{"type');
  offer(second);
  assert.equal(second.ackedSeq, 3);
  second.close();
});

test('when the disk is full nothing is decided about an event, and it stays where it is', async () => {
  const path = newOutboxPath();
  const first = openOutbox(path);
  await appendAll(first, ['a']);
  first.close();
  const db = openPlain(path);
  const outbox = new Outbox(db, {});
  outbox.lend(everything);
  db.pragma('query_only = on');
  assert.throws(() => outbox.settle({ ackedSeq: 0, refused: [unsupported(1)] }, terms), { code: 'storage' });
  assert.deepEqual([seqsOf(outbox), outbox.poisonedCount], [[1], 0]);
  db.pragma('query_only = off');
  outbox.close();
});
