import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { AgentEvent } from '../../../server/protocol/agent-event.ts';
import type { SessionId } from '../../../server/protocol/ids.ts';
import { type BatchLimit, batchLimit, collectOutbox, Outbox, openOutbox } from '../../../server/sidecar/outbox.ts';
import { outboxMigrations } from '../../../server/sidecar/outbox-rows.ts';
import { type Database, openDatabase } from '../../../server/store/open-database.ts';

const folder = mkdtempSync(join(tmpdir(), 'agor-outbox-'));
after(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function newPath(): string {
  files += 1;
  return join(folder, `outbox-${files}.db`);
}

// An id made up for the test.
const sessionId = '01900000-0000-7000-8000-000000000000' as SessionId;
const everything: BatchLimit = { events: 10_000, bytes: 1e9 };

function openPlain(path: string): Database {
  return openDatabase(path, { durability: 'full', migrations: outboxMigrations });
}

function entry(text: string): { at: number; sessionId: SessionId; event: AgentEvent } {
  return { at: 1, sessionId, event: { type: 'notice', level: 'info', text } };
}

test('what is appended gets numbers from 1 on and is handed out in order until it is acknowledged', async () => {
  const outbox = openOutbox(newPath());
  const seqs = await Promise.all(['a', 'b', 'c'].map((text) => outbox.append(entry(text))));
  assert.deepEqual(seqs, [1, 2, 3]);
  assert.deepEqual(
    outbox.pending(0, everything).map(({ seq }) => seq),
    [1, 2, 3],
  );
  assert.deepEqual(outbox.pending(0, everything)[0], { seq: 1, ...entry('a') });
  outbox.ack(2);
  assert.deepEqual(
    outbox.pending(0, everything).map(({ seq }) => seq),
    [3],
  );
  outbox.ack(1);
  assert.equal(outbox.ackedSeq, 2);
  outbox.close();
});

test('what was not acknowledged is there after opening again, and numbers are never given twice', async () => {
  const path = newPath();
  const first = openOutbox(path);
  await Promise.all(['a', 'b', 'c'].map((text) => first.append(entry(text))));
  first.ack(2);
  first.close();
  const second = openOutbox(path);
  assert.deepEqual([second.ackedSeq, second.lastSeq], [2, 3]);
  assert.deepEqual(
    second.pending(0, everything).map(({ seq }) => seq),
    [3],
  );
  second.ack(3);
  second.close();
  const third = openOutbox(path);
  assert.equal(third.bytes, 0);
  assert.equal(await third.append(entry('d')), 4);
  third.close();
});

test('a lost file goes on after the number that the backend has', async () => {
  const outbox = openOutbox(newPath(), { afterSeq: 41 });
  assert.equal(await outbox.append(entry('a')), 42);
  assert.deepEqual(
    outbox.pending(41, everything).map(({ seq }) => seq),
    [42],
  );
  outbox.ack(42);
  outbox.flushNow();
  assert.equal(outbox.bytes, 0);
  outbox.close();
});

test('rows that the backend already has go when the outbox is opened', async () => {
  const path = newPath();
  const first = openOutbox(path);
  await Promise.all(['a', 'b'].map((text) => first.append(entry(text))));
  first.close();
  const second = openOutbox(path, { afterSeq: 1 });
  assert.deepEqual(
    second.pending(0, everything).map(({ seq }) => seq),
    [2],
  );
  second.close();
});

test('a batch is bounded in number and in bytes, but has one event at least', async () => {
  const outbox = openOutbox(newPath());
  await Promise.all(Array.from({ length: 10 }, (_, index) => outbox.append(entry(`${index}`.repeat(100)))));
  assert.equal(outbox.pending(0, { events: 4, bytes: 1e9 }).length, 4);
  assert.equal(outbox.pending(0, { events: 10, bytes: 300 }).length, 2);
  assert.equal(outbox.pending(0, { events: 10, bytes: 1 }).length, 1);
  outbox.close();
});

test('what arrives together is one commit, and the acknowledged rows go with the next', async () => {
  let commits = 0;
  const outbox = openOutbox(newPath(), { onFlushed: () => (commits += 1) });
  await Promise.all(Array.from({ length: 100 }, () => outbox.append(entry('a'))));
  assert.equal(commits, 1);
  outbox.ack(100);
  await outbox.append(entry('b'));
  assert.equal(commits, 2);
  assert.equal(outbox.pending(0, everything).length, 1);
  outbox.close();
});

test('while the disk is full nothing is answered for or lost, and it goes on in order once there is room', async () => {
  const path = newPath();
  const db = openPlain(path);
  const failures: Error[] = [];
  const outbox = new Outbox(db, { onFlushed: (failure) => failure && failures.push(failure) });
  db.pragma('max_page_count = 4');
  const answered: number[] = [];
  const appends = [1, 2].map((n) => outbox.append(entry(`${n}`.repeat(20_000))).then((seq) => answered.push(seq)));
  assert.throws(() => outbox.flushNow(), /full/);
  assert.equal(outbox.isStalled, true);
  assert.equal(failures.length, 1);
  assert.deepEqual([answered.length, outbox.pending(0, everything).length], [0, 0]);
  assert.ok(outbox.bytes > 40_000);
  db.pragma('max_page_count = 100000');
  outbox.flushNow();
  await Promise.all(appends);
  assert.deepEqual(answered, [1, 2]);
  assert.equal(outbox.isStalled, false);
  outbox.close();
});

test('what the disk does not take even at the end is rejected, and so is what comes later', async () => {
  const path = newPath();
  const db = openPlain(path);
  const outbox = new Outbox(db, {});
  db.pragma('max_page_count = 4');
  const lost = assert.rejects(outbox.append(entry('x'.repeat(20_000))), /full/);
  outbox.close();
  await lost;
  await assert.rejects(outbox.append(entry('c')), /closed/);
});

test('a row that was damaged is told as such and does not hold up the rest', async () => {
  const path = newPath();
  const first = openOutbox(path);
  await Promise.all(['a', 'b'].map((text) => first.append(entry(text))));
  first.close();
  const db = openPlain(path);
  db.exec("update outbox set event = '{\"type' where seq = 1");
  db.close();
  const second = openOutbox(path);
  const events = second.pending(0, everything).map(({ event }) => event);
  assert.equal(events[0]?.type === 'notice' && events[0].level, 'error');
  assert.deepEqual(events[1], entry('b').event);
  second.close();
});

test('collecting hands over all there is in batches, and stops when nothing is taken', async () => {
  const path = newPath();
  const outbox = openOutbox(path);
  await Promise.all(Array.from({ length: batchLimit.events * 2 + 1 }, () => outbox.append(entry('a'))));
  outbox.close();
  assert.equal(
    collectOutbox(path, () => 0),
    0,
  );
  const taken: number[] = [];
  const count = collectOutbox(path, (events) => {
    taken.push(events.length);
    return events.at(-1)?.seq ?? 0;
  });
  assert.deepEqual(taken, [batchLimit.events, batchLimit.events, 1]);
  assert.equal(count, batchLimit.events * 2 + 1);
  assert.equal(
    collectOutbox(join(folder, 'nothing.db'), () => assert.fail()),
    0,
  );
});

test('of a batch that was taken in part, the rest is offered again, and what nobody takes stays', async () => {
  const path = newPath();
  const outbox = openOutbox(path);
  await Promise.all(['a', 'b', 'c'].map((text) => outbox.append(entry(text))));
  outbox.close();
  const offered: number[][] = [];
  const count = collectOutbox(path, (events) => {
    offered.push(events.map(({ seq }) => seq));
    return 2;
  });
  assert.deepEqual(offered, [[1, 2, 3], [3]]);
  assert.equal(count, 2);
  const left = openOutbox(path);
  assert.deepEqual(
    left.pending(0, everything).map(({ seq }) => seq),
    [3],
  );
  left.close();
});

test('an outbox that is in use is refused', async () => {
  const path = newPath();
  const outbox = openOutbox(path);
  assert.throws(() => collectOutbox(path, () => assert.fail()), { code: 'storage', message: /still runs/ });
  outbox.close();
});

const appender = `
  import { openOutbox } from ${JSON.stringify(new URL('../../../server/sidecar/outbox.ts', import.meta.url).href)};
  const outbox = openOutbox(process.argv[1]);
  for (let n = 0; ; n += 1) {
    const seqs = await Promise.all([1, 2, 3].map(() =>
      outbox.append({ at: n, sessionId: '${sessionId}', event: { type: 'notice', level: 'info', text: 'x'.repeat(n % 500) } })));
    process.stdout.write(seqs.join('\\n') + '\\n');
  }`;

test('a process killed while it appends leaves every event that it was answered for', async () => {
  const path = newPath();
  let acknowledged = 0;
  for (let round = 0; round < 3; round += 1) {
    acknowledged = Math.max(acknowledged, await appendUntilKilled(path, acknowledged + 200));
    const outbox = openOutbox(path);
    const seqs = outbox.pending(0, everything).map(({ seq }) => seq);
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
