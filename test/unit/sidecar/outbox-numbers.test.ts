/** The numbers of events over the lives of a file: with rows and without, killed, and used by an older build in between. */
import assert from 'node:assert/strict';
import { cpSync, existsSync } from 'node:fs';
import { test } from 'node:test';
import type { Outbox } from '../../../server/sidecar/outbox.ts';
import { openOutbox } from '../../../server/sidecar/outbox-file.ts';
import { appendAll, entry, everything, newOutboxPath, openPlain, terms } from '../../support/outboxes.ts';

/** As it is on the disk if the process were killed now. */
function killedNow(path: string): string {
  const copy = newOutboxPath();
  for (const suffix of ['', '-wal']) if (existsSync(path + suffix)) cpSync(path + suffix, copy + suffix);
  return copy;
}

function takeAll(outbox: Outbox): void {
  const { events } = outbox.lend(everything);
  outbox.settle({ ackedSeq: events.at(-1)?.seq ?? 0 }, terms);
  outbox.flushNow();
}

async function nextNumber(path: string): Promise<number | undefined> {
  const outbox = openOutbox(path);
  try {
    const [seq] = await appendAll(outbox, ['next']);
    return seq;
  } finally {
    outbox.close();
  }
}

test('a process that was killed with events waiting leaves no number out and gives none twice', async () => {
  const path = newOutboxPath();
  const outbox = openOutbox(path);
  await appendAll(outbox, ['a', 'b', 'c']);
  const killed = killedNow(path);
  outbox.close();
  assert.equal(await nextNumber(killed), 4);
});

test('nor does one that was killed when everything had been taken', async () => {
  const path = newOutboxPath();
  const outbox = openOutbox(path);
  await appendAll(outbox, ['a', 'b', 'c']);
  takeAll(outbox);
  const killed = killedNow(path);
  outbox.close();
  assert.equal(await nextNumber(killed), 4);
});

test('what was taken goes in the commit of the next event, and its number is known by that one', async () => {
  const path = newOutboxPath();
  const outbox = openOutbox(path);
  await appendAll(outbox, ['a', 'b']);
  outbox.settle({ ackedSeq: outbox.lend(everything).events.length }, terms);
  await appendAll(outbox, ['c']);
  const killed = killedNow(path);
  outbox.close();
  assert.equal(await nextNumber(killed), 4);
});

test('numbers go on behind those that an older build gave meanwhile, although it knew only what was raised', async () => {
  const path = newOutboxPath();
  const outbox = openOutbox(path);
  await appendAll(outbox, ['a', 'b']);
  takeAll(outbox);
  outbox.close();
  const older = openPlain(path);
  const { seq } = older.prepare<[], { seq: number }>("select seq from sqlite_sequence where name = 'outbox'").get() ?? assert.fail();
  const insert = `insert into outbox (kind, occurred_at, session_id, idempotency_key, payload, created_at) values ('notice', 1, 'x', 'k', '{}', 1)`;
  older.exec(`${insert}; delete from outbox`);
  older.close();
  assert.equal(await nextNumber(path), seq + 2);
});

test('numbers stay in order over more events than are raised ahead at once', async () => {
  const path = newOutboxPath();
  const outbox = openOutbox(path);
  for (let round = 0; round < 5; round += 1) {
    const seqs = await Promise.all(Array.from({ length: 700 }, (_, n) => outbox.append(entry(`${n}`))));
    assert.deepEqual([seqs[0], seqs.at(-1)], [round * 700 + 1, round * 700 + 700]);
  }
  const killed = killedNow(path);
  outbox.close();
  assert.equal(await nextNumber(killed), 3_501);
});
