import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SessionId } from '../../../server/protocol/ids.ts';
import { PendingEvents } from '../../../server/sidecar/pending-events.ts';
import type { BatchLimit, SentEvent } from '../../../server/sidecar/sent-events.ts';

// An id made up for the test.
const sessionId = 'session' as SessionId;
const event = (seq: number): SentEvent => ({ seq, key: `${seq}`, sessionId, at: seq, event: { type: 'notice' } });
const megabyte = 1024 * 1024;
const everything = { events: 1_000, bytes: 1e12 };

function filled(seqs: readonly number[], bytes = 10): PendingEvents {
  const pending = new PendingEvents();
  for (const seq of seqs) pending.add(seq, bytes, event(seq));
  return pending;
}

/** Undefined when they have to be read. */
function seqsOf(pending: PendingEvents, limit: BatchLimit = everything): number[] | undefined {
  return pending.oldest(pending.countWithin(limit))?.map(({ seq }) => seq);
}

test('sizes and numbers are counted through additions and removals, with numbers missing', () => {
  const pending = filled([2, 3, 7, 8, 20]);
  assert.deepEqual([pending.count, pending.bytes, pending.firstSeq], [5, 50, 2]);
  pending.remove([3, 5, 2]);
  assert.deepEqual([pending.count, pending.bytes, pending.firstSeq], [3, 30, 7]);
  assert.deepEqual(
    [2, 3, 5, 7, 8, 9, 20].map((seq) => pending.has(seq)),
    [false, false, false, true, true, false, true],
  );
  pending.removeUpTo(8);
  assert.deepEqual([pending.count, pending.bytes, pending.firstSeq, seqsOf(pending)], [1, 10, 20, [20]]);
  pending.removeUpTo(100);
  assert.deepEqual([pending.count, pending.bytes, pending.firstSeq], [0, 0, undefined]);
});

test('the oldest come in order, as many as the limit allows, and one at least', () => {
  const pending = filled([1, 2, 3, 4], 100);
  pending.remove([2]);
  assert.deepEqual(seqsOf(pending), [1, 3, 4]);
  assert.deepEqual(seqsOf(pending, { events: 2, bytes: 1e6 }), [1, 3]);
  assert.deepEqual(seqsOf(pending, { events: 9, bytes: 250 }), [1, 3]);
  assert.deepEqual(seqsOf(pending, { events: 9, bytes: 1 }), [1]);
  assert.deepEqual(seqsOf(pending, { ...everything, upToSeq: 3 }), [1, 3]);
  assert.deepEqual([seqsOf(pending, { ...everything, upToSeq: 0 }), seqsOf(new PendingEvents())], [[], []]);
});

test('where one of them has to be read, all of them are', () => {
  const pending = new PendingEvents();
  pending.add(1, 10, event(1));
  pending.add(2, 10);
  pending.add(3, 10, event(3));
  assert.deepEqual([seqsOf(pending), pending.countWithin(everything)], [undefined, 3]);
  assert.deepEqual(seqsOf(pending, { events: 1, bytes: 1e6 }), [1]);
  pending.removeUpTo(2);
  assert.deepEqual(seqsOf(pending), [3]);
});

test('events beyond a few megabytes are only counted, until there is room again', () => {
  const pending = filled([1, 2, 3, 4, 5, 6], megabyte);
  assert.deepEqual([seqsOf(pending, { events: 4, bytes: 1e12 }), seqsOf(pending), pending.count], [[1, 2, 3, 4], undefined, 6]);
  pending.removeUpTo(6);
  pending.add(7, megabyte, event(7));
  assert.deepEqual(seqsOf(pending), [7]);
});

test('it forgets what is gone, however many come and go', () => {
  const pending = new PendingEvents();
  for (let seq = 1; seq <= 20_000; seq += 1) {
    pending.add(seq, 1, event(seq));
    if (seq % 3 === 0) pending.removeUpTo(seq - 1);
  }
  assert.deepEqual([pending.count, pending.firstSeq, pending.has(19_998), pending.has(19_997)], [3, 19_998, true, false]);
  pending.remove([19_999]);
  assert.deepEqual(seqsOf(pending), [19_998, 20_000]);
});
