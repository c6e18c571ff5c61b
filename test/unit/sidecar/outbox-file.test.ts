/** The outbox as a file: versions, damage, who may hold it, and what a dead sidecar left in it. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import type { AppendAnswer } from '../../../server/protocol/sidecar-wire.ts';
import { collectOutbox, openOrBeginOutbox, openOutbox, outboxFiles } from '../../../server/sidecar/outbox-file.ts';
import { outboxMigrations } from '../../../server/sidecar/outbox-rows.ts';
import { batchLimit, type SentEvent } from '../../../server/sidecar/sent-events.ts';
import { openDatabase } from '../../../server/store/open-database.ts';
import { appendAll, entry, everything, newOutboxPath, openPlain, seqsOf, sessionId } from '../../support/outboxes.ts';

const build = 'this build';
const takesAll = (events: readonly SentEvent[]): AppendAnswer => ({ ackedSeq: events.at(-1)?.seq ?? 0 });
const takes = (take: (events: readonly SentEvent[]) => AppendAnswer) => ({ build, take });

async function outboxWith(texts: readonly string[]): Promise<string> {
  const path = newOutboxPath();
  const outbox = openOutbox(path);
  await appendAll(outbox, texts);
  outbox.close();
  return path;
}

test('what waits in a file of the version before is there with its numbers, gets keys, and no number comes twice', async () => {
  const path = newOutboxPath();
  const earlier = openDatabase(path, { durability: 'full', migrations: outboxMigrations.slice(0, 1) });
  const insert = earlier.prepare('insert into outbox (seq, at, session_id, event) values (?, ?, ?, ?)');
  for (const seq of [4, 5, 6, 7]) insert.run(seq, seq * 10, sessionId, JSON.stringify(entry(`${seq}`).event));
  insert.run(8, 80, sessionId, '{"type');
  earlier.exec('delete from outbox where seq in (4, 7)');
  earlier.close();
  const outbox = openOutbox(path);
  const { events, setAside } = outbox.lend(everything);
  assert.deepEqual(
    events.map(({ key: _, ...event }) => event),
    [
      { ...entry('5'), seq: 5, at: 50 },
      { ...entry('6'), seq: 6, at: 60 },
    ],
  );
  assert.equal(new Set(events.map(({ key }) => key)).size, 2);
  assert.deepEqual(
    setAside.map(({ seq, reason }) => [seq, reason]),
    [[8, 'damaged']],
  );
  assert.deepEqual(await appendAll(outbox, ['9']), [9]);
  outbox.close();
  const plain = openPlain(path);
  assert.deepEqual(plain.prepare('select kind from outbox where seq = 5').pluck().get(), 'notice');
  plain.close();
});

test('an empty file of the version before goes on with its numbers, too', async () => {
  const path = newOutboxPath();
  const earlier = openDatabase(path, { durability: 'full', migrations: outboxMigrations.slice(0, 1) });
  earlier.exec(`insert into outbox (seq, at, session_id, event) values (41, 1, 'x', '{}'); delete from outbox`);
  earlier.close();
  const outbox = openOutbox(path);
  assert.deepEqual(await appendAll(outbox, ['a']), [42]);
  outbox.close();
});

for (const [name, bytes] of [
  ['garbage', Buffer.from('this is no database, and it never was one'.repeat(200))],
  ['a cut header', Buffer.from('SQLite format 3\0')],
] as const) {
  test(`a file of ${name} is kept aside, a new one begins after what the backend has, and it is said`, async () => {
    const path = newOutboxPath();
    writeFileSync(path, bytes);
    assert.throws(() => openOutbox(path), { code: 'storage', message: /is damaged or is no database/ });
    const { outbox, loss } = openOrBeginOutbox(path, { afterSeq: 41, now: Date.UTC(2031, 1, 2, 3, 4, 5) });
    const keptAs = join(dirname(path), 'quarantine', '2031-02-02T03-04-05.000Z-outbox.db');
    assert.match(loss ?? '', /was damaged/);
    assert.ok(loss?.includes(keptAs));
    assert.deepEqual(readFileSync(keptAs), bytes);
    assert.deepEqual(await appendAll(outbox, ['a']), [42]);
    outbox.close();
  });
}

test('a file whose pages are damaged is kept aside with the end of its log', async () => {
  const path = await outboxWith(Array.from({ length: 400 }, (_, index) => `${index}`.repeat(100)));
  const bytes = readFileSync(path);
  bytes.fill(0xee, 4_096, 4_096 * 6);
  writeFileSync(path, bytes);
  const { outbox, loss } = openOrBeginOutbox(path, { now: 0 });
  assert.match(loss ?? '', /was damaged/);
  assert.equal(outbox.pendingCount, 0);
  outbox.close();
  assert.deepEqual(
    readdirSync(join(dirname(path), 'quarantine')).map((name) => basename(name)),
    ['1970-01-01T00-00-00.000Z-outbox.db'],
  );
});

test('that the file is gone is said when it must have been there, and only then', async () => {
  const path = await outboxWith(['a']);
  rmSync(path);
  const again = openOrBeginOutbox(path, { afterSeq: 1, now: 0 });
  assert.match(again.loss ?? '', /was gone/);
  again.outbox.close();
  const sound = openOrBeginOutbox(path, { afterSeq: 1, now: 0 });
  assert.equal(sound.loss, null);
  sound.outbox.close();
  const first = openOrBeginOutbox(newOutboxPath(), { afterSeq: 0, now: 0 });
  assert.equal(first.loss, null);
  first.outbox.close();
});

test('an outbox that is in use is refused, also to whoever only wants to look', async () => {
  const path = newOutboxPath();
  const outbox = openOutbox(path);
  const inUse = { code: 'storage', message: /still runs/ };
  assert.throws(() => collectOutbox(path, takes(takesAll)), inUse);
  assert.throws(() => outboxFiles(() => path, build).report('x', undefined), inUse);
  outbox.close();
});

test('collecting hands over all there is in batches, and stops when nothing is taken', async () => {
  const path = await outboxWith(Array(batchLimit.events * 2 + 1).fill('a'));
  assert.equal(
    collectOutbox(
      path,
      takes(() => ({ ackedSeq: 0 })),
    ).taken,
    0,
  );
  const batches: number[] = [];
  const { taken } = collectOutbox(
    path,
    takes((events) => {
      batches.push(events.length);
      return takesAll(events);
    }),
  );
  assert.deepEqual([batches, taken], [[batchLimit.events, batchLimit.events, 1], batchLimit.events * 2 + 1]);
  const nothing = collectOutbox(
    newOutboxPath(),
    takes(() => assert.fail()),
  );
  assert.deepEqual(nothing, { taken: 0, setAside: [], poisonedCount: 0 });
});

test('of a batch that was taken in part, the rest is offered again, and what nobody takes stays', async () => {
  const path = await outboxWith(['a', 'b', 'c']);
  const offered: number[][] = [];
  const { taken } = collectOutbox(
    path,
    takes((events) => {
      offered.push(events.map(({ seq }) => seq));
      return { ackedSeq: 2 };
    }),
  );
  assert.deepEqual([offered, taken], [[[1, 2, 3], [3]], 2]);
  const left = openOutbox(path);
  assert.deepEqual(seqsOf(left), [3]);
  left.close();
});

test('collecting keeps the rules: unknown kinds are set aside, a rejected event counts one try and holds up the rest', async () => {
  const path = await outboxWith(['a', 'unknown', 'c', 'odd', 'e']);
  const refuses = (events: readonly SentEvent[]): AppendAnswer => {
    const reasons = { 2: 'unsupported', 4: 'rejected' } as const;
    const refused = events.flatMap(({ seq }) => (seq === 2 || seq === 4 ? [{ seq, reason: reasons[seq], detail: '' }] : []));
    return { ackedSeq: (refused[0]?.seq ?? 6) - 1, refused: refused.slice(0, 1) };
  };
  const { taken, setAside, poisonedCount } = collectOutbox(path, takes(refuses));
  assert.deepEqual([taken, setAside.map(({ seq }) => seq), poisonedCount], [2, [2], 1]);
  for (let attempt = 2; attempt < 12; attempt += 1) assert.equal(collectOutbox(path, takes(refuses)).poisonedCount, 1);
  const last = collectOutbox(path, takes(refuses));
  assert.deepEqual([last.taken, last.poisonedCount], [1, 2]);
  const next = collectOutbox(path, { build: 'another build', take: takesAll });
  assert.deepEqual([next.taken, next.poisonedCount], [1, 1], 'another build takes what this one did not know');
});

test('what is set aside in the file of a sidecar that does not run can be seen and requeued', async () => {
  const path = await outboxWith(['a']);
  const files = outboxFiles(() => path, build);
  files.collect('x', () => ({ ackedSeq: 0, refused: [{ seq: 1, reason: 'unsupported', detail: 'odd' }] }));
  const { poisoned, isHeldBack } = files.report('x', undefined);
  assert.deepEqual([poisoned.map(({ detail }) => detail), isHeldBack], [['odd'], false]);
  assert.equal(files.requeue('x', ['unheard of']), 0);
  assert.equal(files.requeue('x', undefined), 1);
  assert.deepEqual([files.report('x', undefined).poisonedCount, files.report('x', undefined).pending], [0, 1]);
  const nowhere = outboxFiles(() => newOutboxPath(), build);
  assert.deepEqual([nowhere.report('x', undefined).pending, nowhere.requeue('x', undefined)], [0, 0]);
});
