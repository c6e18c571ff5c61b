/** The outbox as a queue: what is answered for, in which order it is lent, and what becomes of it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { Outbox } from '../../../server/sidecar/outbox.ts';
import { openOutbox } from '../../../server/sidecar/outbox-file.ts';
import { appendAll, entry, everything, newOutboxPath, openPlain, seqsOf, sessionId, terms, usage } from '../../support/outboxes.ts';

test('what is appended gets numbers from 1 on and is lent in order until it is settled', async () => {
  const outbox = openOutbox(newOutboxPath());
  assert.deepEqual(await appendAll(outbox, ['a', 'b', 'c']), [1, 2, 3]);
  assert.deepEqual(seqsOf(outbox), [1, 2, 3]);
  const { key, ...first } = outbox.lend(everything).events[0] ?? assert.fail();
  assert.deepEqual(first, { seq: 1, ...entry('a') });
  assert.match(key, /^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  outbox.settle({ ackedSeq: 2 }, terms);
  assert.deepEqual(seqsOf(outbox), [3]);
  outbox.lend(everything);
  outbox.settle({ ackedSeq: 1 }, terms);
  assert.deepEqual([outbox.ackedSeq, outbox.pendingCount], [2, 1]);
  outbox.close();
});

test('what was not taken is there after opening again, and numbers are never given twice', async () => {
  const path = newOutboxPath();
  const first = openOutbox(path);
  await appendAll(first, ['a', 'b', 'c']);
  const sent = first.lend(everything).events;
  first.settle({ ackedSeq: 2 }, terms);
  first.close();
  const second = openOutbox(path);
  assert.deepEqual([second.ackedSeq, second.lastSeq], [2, 3]);
  assert.deepEqual(second.lend(everything).events, sent.slice(2));
  second.settle({ ackedSeq: 3 }, terms);
  second.close();
  const third = openOutbox(path);
  assert.deepEqual([third.bytes, third.pendingCount], [0, 0]);
  assert.deepEqual(await appendAll(third, ['d']), [4]);
  third.close();
});

test('a lost file goes on after the number that the backend has', async () => {
  const outbox = openOutbox(newOutboxPath(), { afterSeq: 41 });
  assert.equal(outbox.ackedSeq, 41);
  assert.deepEqual(await appendAll(outbox, ['a']), [42]);
  assert.equal(outbox.lend(everything).events[0]?.seq, 42);
  outbox.settle({ ackedSeq: 42 }, terms);
  outbox.flushNow();
  assert.equal(outbox.bytes, 0);
  outbox.close();
});

test('only one of two databases may have what an earlier backend took: it is offered again', async () => {
  const path = newOutboxPath();
  const first = openOutbox(path);
  await appendAll(first, ['a', 'b']);
  first.close();
  const second = openOutbox(path, { afterSeq: 1 });
  assert.deepEqual(seqsOf(second), [1, 2]);
  second.close();
});

test('a batch is bounded in number, in bytes and by what may go yet, but has one event at least', async () => {
  const outbox = openOutbox(newOutboxPath());
  await appendAll(
    outbox,
    Array.from({ length: 10 }, (_, index) => `${index}`.repeat(100)),
  );
  assert.equal(outbox.lend({ events: 4, bytes: 1e9 }).events.length, 4);
  assert.equal(outbox.lend({ events: 10, bytes: 300 }).events.length, 2);
  assert.equal(outbox.lend({ events: 10, bytes: 1 }).events.length, 1);
  assert.equal(outbox.lend({ ...everything, upToSeq: 3 }).events.length, 3);
  outbox.close();
});

test('what arrives together is one commit, and what was taken goes with the next', async () => {
  let commits = 0;
  const outbox = openOutbox(newOutboxPath(), { onFlushed: () => (commits += 1) });
  await appendAll(outbox, Array(100).fill('a'));
  assert.equal(commits, 1);
  outbox.lend(everything);
  outbox.settle({ ackedSeq: 100 }, terms);
  await appendAll(outbox, ['b']);
  assert.equal(commits, 2);
  assert.deepEqual(seqsOf(outbox), [101]);
  outbox.close();
});

test('what was taken goes from the disk by itself when nothing comes any more', async () => {
  const db = openPlain(newOutboxPath());
  const rows = db.prepare<[], number>('select count(*) from outbox').pluck();
  const { promise: emptied, resolve } = Promise.withResolvers<void>();
  const outbox = new Outbox(db, { onFlushed: () => rows.get() === 0 && resolve() });
  await appendAll(outbox, ['a', 'b']);
  outbox.lend(everything);
  outbox.settle({ ackedSeq: 2 }, terms);
  assert.equal(rows.get(), 2);
  await emptied;
  outbox.close();
});

test('more than one commit takes goes on by itself once the disk takes it again', async () => {
  const db = openPlain(newOutboxPath());
  const outbox = new Outbox(db, {});
  db.pragma(`max_page_count = ${Number(db.pragma('page_count', { simple: true }))}`);
  const appended = appendAll(outbox, Array(1_500).fill('a'));
  assert.throws(() => outbox.flushNow(), /full/);
  db.pragma('max_page_count = 100000');
  assert.equal((await appended).length, 1_500);
  outbox.close();
});

test('two events that are alike to the millisecond are two events', async () => {
  const outbox = openOutbox(newOutboxPath());
  await appendAll(outbox, ['same', 'same']);
  const { events } = outbox.lend(everything);
  assert.equal(new Set(events.map(({ key }) => key)).size, 2);
  outbox.close();
});

test('when an event happened is kept as it was said, through closing and requeueing', async () => {
  const path = newOutboxPath();
  const first = openOutbox(path);
  await first.append({ ...entry('long ago'), at: 7 });
  first.close();
  const second = openOutbox(path);
  assert.equal(second.lend(everything).events[0]?.at, 7);
  second.settle({ ackedSeq: 0, refused: [{ seq: 1, reason: 'unsupported', detail: '' }] }, terms);
  second.requeue();
  assert.equal(second.lend(everything).events[0]?.at, 7);
  second.close();
});

test('an answer for more than was sent settles only what was sent', async () => {
  const outbox = openOutbox(newOutboxPath());
  await appendAll(outbox, ['a', 'b', 'c']);
  outbox.lend({ events: 1, bytes: 1 });
  outbox.settle({ ackedSeq: 99 }, terms);
  assert.deepEqual(seqsOf(outbox), [2, 3]);
  outbox.close();
});

test('while the disk is full nothing is answered for or lost, and it goes on in order once there is room', async () => {
  const db = openPlain(newOutboxPath());
  const failures: Error[] = [];
  const outbox = new Outbox(db, { onFlushed: (failure) => failure && failures.push(failure) });
  const pages = Number(db.pragma('page_count', { simple: true }));
  db.pragma(`max_page_count = ${pages}`);
  const answered: number[] = [];
  const appends = [1, 2].map((n) => outbox.append(entry(`${n}`.repeat(20_000))).then((seq) => answered.push(seq)));
  assert.throws(() => outbox.flushNow(), /full/);
  assert.equal(outbox.isStalled, true);
  assert.equal(failures.length, 1);
  assert.deepEqual([answered.length, outbox.lend(everything).events.length], [0, 0]);
  assert.ok(outbox.bytes > 40_000);
  assert.equal(outbox.pendingCount, 2);
  db.pragma('max_page_count = 100000');
  outbox.flushNow();
  await Promise.all(appends);
  assert.deepEqual(answered, [1, 2]);
  assert.equal(outbox.isStalled, false);
  outbox.close();
});

test('what the disk does not take even at the end is rejected', async () => {
  const db = openPlain(newOutboxPath());
  const outbox = new Outbox(db, {});
  db.pragma(`max_page_count = ${Number(db.pragma('page_count', { simple: true }))}`);
  const lost = assert.rejects(outbox.append(entry('x'.repeat(20_000))), /full/);
  outbox.close();
  await lost;
});

test('a stopped outbox takes nothing more and keeps what it has; stopping and closing twice is harmless', async () => {
  const path = newOutboxPath();
  const outbox = openOutbox(path);
  const before = outbox.append(entry('a'));
  outbox.stop();
  outbox.stop();
  await assert.rejects(outbox.append(entry('b')), { message: 'outbox is stopped' });
  outbox.close();
  outbox.close();
  assert.equal(await before, 1);
  const again = openOutbox(path);
  assert.deepEqual(seqsOf(again), [1]);
  again.close();
});

test('of events that replace each other the newest waits, in one transaction with the end of the others', async () => {
  const outbox = openOutbox(newOutboxPath());
  await Promise.all([outbox.append(usage(1)), outbox.append(entry('a')), outbox.append(usage(2))]);
  assert.deepEqual(seqsOf(outbox), [2, 3]);
  await outbox.append(usage(3));
  await outbox.append(usage(4, 'another session'));
  assert.deepEqual(seqsOf(outbox), [2, 4, 5]);
  assert.deepEqual([outbox.pendingCount, outbox.report().coalesced], [3, 2]);
  outbox.close();
});

test('an event that is on its way is not replaced; when nobody answered for it, it is', async () => {
  const outbox = openOutbox(newOutboxPath());
  await outbox.append(usage(1));
  outbox.lend(everything);
  await outbox.append(usage(2));
  assert.equal(outbox.pendingCount, 2);
  outbox.giveBack();
  await outbox.append(usage(3));
  assert.deepEqual(seqsOf(outbox), [3]);
  outbox.close();
});

test('an event that was set aside is replaced by none', async () => {
  const outbox = openOutbox(newOutboxPath());
  await outbox.append(usage(1));
  outbox.lend(everything);
  outbox.settle({ ackedSeq: 0, refused: [{ seq: 1, reason: 'unsupported', detail: '' }] }, terms);
  await outbox.append(usage(2));
  assert.deepEqual([outbox.pendingCount, outbox.poisonedCount], [1, 1]);
  outbox.close();
});

test('an event that is to replace others must say which', async () => {
  const outbox = openOutbox(newOutboxPath());
  await assert.rejects(outbox.append({ ...entry('a'), mode: 'coalesce' }), /needs a dedupeKey/);
  assert.equal(outbox.lastSeq, 0);
  outbox.close();
});

const appender = `
  import { openOutbox } from ${JSON.stringify(new URL('../../../server/sidecar/outbox-file.ts', import.meta.url).href)};
  const outbox = openOutbox(process.argv[1]);
  for (let n = 0; ; n += 1) {
    const seqs = await Promise.all([1, 2, 3].map(() =>
      outbox.append({ at: n, sessionId: '${sessionId}', event: { type: 'notice', level: 'info', text: 'x'.repeat(n % 500) } })));
    process.stdout.write(seqs.join('\\n') + '\\n');
  }`;

test('a process killed while it appends leaves every event that it was answered for', async () => {
  const path = newOutboxPath();
  let acknowledged = 0;
  for (let round = 0; round < 3; round += 1) {
    acknowledged = Math.max(acknowledged, await appendUntilKilled(path, acknowledged + 200));
    const outbox = openOutbox(path);
    const seqs = seqsOf(outbox);
    assert.deepEqual(
      seqs,
      seqs.map((_, index) => index + 1),
    );
    assert.ok(seqs.length >= acknowledged, `${seqs.length} kept, ${acknowledged} answered for`);
    outbox.close();
  }
});

/** The last number that the process was answered for before it was killed. */
async function appendUntilKilled(path: string, untilSeq: number): Promise<number> {
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', appender, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  const closed = new Promise((resolve) => child.once('close', resolve));
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
    if (lastWhole(said) >= untilSeq) child.kill('SIGKILL');
  });
  await closed;
  return lastWhole(said);
}

function lastWhole(said: string): number {
  return Number(said.slice(0, said.lastIndexOf('\n')).split('\n').at(-1));
}
