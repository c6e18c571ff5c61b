/** Heads that were kept before a restore, which is told from a log that was cut off or rewritten. */
import assert from 'node:assert/strict';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { AuditHead } from '../../../server/audit/audit-row.ts';
import { AuditTrail } from '../../../server/audit/audit-trail.ts';
import type { Stores } from '../../../server/stores.ts';
import { TestStores } from '../../support/test-stores.ts';

/** Nine rows, given up for a log that ends behind the fourth and goes on with the row of the restore. */
let old: TestStores;
let now: TestStores;
let keptIn: string;
let noted: (seq: number) => AuditHead;

beforeEach(() => {
  old = new TestStores();
  now = new TestStores();
  write(old.stores, 1, 9);
  write(now.stores, 1, 4);
  const hashes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((seq) => old.stores.audit.hashAt(seq) ?? '');
  noted = (seq) => ({ seq, hash: hashes[seq] ?? '' });
  keptIn = join(dirname(now.stores.btmsg.db.name), 'quarantine', 'restored-then');
  mkdirSync(keptIn, { recursive: true });
  old.stores.btmsg.db.exec(`vacuum into '${join(keptIn, 'btmsg.db')}'`);
});
afterEach(() => {
  old.remove();
  now.remove();
});

function write({ btmsg, audit }: Stores, from: number, to: number): void {
  btmsg.write(() => {
    for (let at = from; at <= to; at += 1) audit.append({ at, event: 'heartbeat', agentId: 'a', actor: 'agent', detail: { at } });
  });
}

function bridge(changed: { readonly before?: AuditHead | null; readonly keptIn?: string } = {}): void {
  const { btmsg, audit } = now.stores;
  const detail = { backup: 'b', madeAt: 1, head: noted(4), before: noted(9), lostRows: 5, keptIn, ...changed };
  btmsg.write(() => audit.append({ at: 1_000, event: 'data_restored', agentId: null, actor: 'cli', detail }));
}

async function verified(head: AuditHead): Promise<{ readonly breaks: string[]; readonly bridged: string[] }> {
  const { btmsg: file, audit, witness } = now.stores;
  const trail = new AuditTrail({ file, audit, witness, build: { version: '1.0', gitSha: 'abc' }, now: () => 1 });
  const { breaks, bridged } = await trail.verify(head);
  return { breaks: breaks.map(({ kind, detail }) => `${kind}: ${detail}`), bridged: bridged.map(({ seq, detail }) => `${seq} ${detail}`) };
}

const sentence = (seq: number, where = `are in ${keptIn}.`) =>
  `5 Row ${seq} as it was kept is of before the restore of 1970-01-01 00:00:01 UTC: the chain goes on from row 4, and row 5 says so. Rows 5 to 9 of then ${where}`;

test('the head of before a restore is told as that, with where the rows of then are', async () => {
  bridge();
  assert.deepEqual(await verified(noted(9)), { breaks: [], bridged: [sentence(9)] });
});

test('an earlier one is proved by the chain of what was kept, also once the log has rows of that number again', async () => {
  bridge();
  assert.deepEqual(await verified(noted(7)), { breaks: [], bridged: [sentence(7)] });
  write(now.stores, 6, 12);
  assert.deepEqual(await verified(noted(7)), { breaks: [], bridged: [sentence(7)] });
  assert.deepEqual(await verified(noted(5)), { breaks: [], bridged: [sentence(5)] });
});

test('one of before the backup, and one of after the restore, are in the log and need no proof', async () => {
  bridge();
  assert.deepEqual(await verified(noted(4)), { breaks: [], bridged: [] });
  assert.deepEqual(await verified(now.stores.audit.head()), { breaks: [], bridged: [] });
});

test('a data directory that was moved has what was kept along with it', async () => {
  bridge({ keptIn: '/elsewhere/quarantine/restored-then' });
  assert.deepEqual(await verified(noted(8)), { breaks: [], bridged: [sentence(8)] });
});

test('where what was kept is gone, the row still proves the last head, and for others it is said why nothing can be shown', async () => {
  bridge();
  rmSync(keptIn, { recursive: true });
  assert.deepEqual(await verified(noted(9)), { breaks: [], bridged: [sentence(9, `were kept in ${keptIn}, which is gone.`)] });
  const { breaks, bridged } = await verified(noted(7));
  assert.deepEqual(bridged, []);
  assert.equal(breaks.length, 1);
  assert.match(breaks[0] ?? '', /^cutOff: Rows 6 to 7 were cut off the end\. The restore of .* gave up rows 5 to 9; .* which is gone\.$/);
});

test('a log that was cut off stays one: without such a row, beyond what it names, and with a hash that nobody wrote', async () => {
  assert.deepEqual(await verified(noted(9)), { breaks: ['cutOff: Rows 5 to 9 were cut off the end.'], bridged: [] });
  bridge({ before: noted(8) });
  assert.deepEqual(await verified(noted(9)), { breaks: ['cutOff: Rows 6 to 9 were cut off the end.'], bridged: [] });
  const foreign = { seq: 7, hash: 'f'.repeat(64) };
  assert.deepEqual(await verified(foreign), { breaks: ['cutOff: Rows 6 to 7 were cut off the end.'], bridged: [] });
  assert.deepEqual(await verified({ seq: 8, hash: 'f'.repeat(64) }), {
    breaks: ['cutOff: Rows 6 to 8 were cut off the end.'],
    bridged: [],
  });
});

test('what was kept proves nothing once one of its rows was changed', async () => {
  bridge();
  rmSync(join(keptIn, 'btmsg.db'));
  const { db } = old.stores.btmsg;
  db.exec('drop trigger if exists audit_is_append_only_update; drop trigger if exists audit_is_append_only_delete');
  db.exec("update audit_log set actor = 'cli' where seq = 8");
  db.exec(`vacuum into '${join(keptIn, 'btmsg.db')}'`);
  assert.deepEqual(await verified(noted(7)), { breaks: ['cutOff: Rows 6 to 7 were cut off the end.'], bridged: [] });
});

test('a row of a restore that is itself not what was written proves nothing', async () => {
  bridge();
  const { db } = now.stores.btmsg;
  now.stores.saveMarks();
  db.exec('drop trigger if exists audit_is_append_only_update; drop trigger if exists audit_is_append_only_delete');
  db.prepare('update audit_log set detail = ? where seq = 5').run(
    JSON.stringify({ head: noted(4), before: { seq: 20, hash: 'f'.repeat(64) }, keptIn }),
  );
  const { breaks, bridged } = await verified({ seq: 20, hash: 'f'.repeat(64) });
  assert.deepEqual(bridged, []);
  assert.match(breaks.join(), /changed: Row 5 is not what was written/);
});
