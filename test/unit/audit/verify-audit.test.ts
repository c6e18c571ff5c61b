import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, beforeEach, test } from 'node:test';
import type { AuditHead, AuditLog } from '../../../server/audit/audit-log.ts';
import { AuditTrail } from '../../../server/audit/audit-trail.ts';
import type { Stores } from '../../../server/stores.ts';
import { cares, type Tampering, tamperings } from '../../faults/audit-tampering.ts';
import { AuditedLog } from '../../faults/audited-log.ts';
import { Random } from '../../faults/random.ts';
import { TestStores } from '../../support/test-stores.ts';

const randomly = mkdtempSync(join(tmpdir(), 'agor-tampered-'));
const log = new AuditedLog(randomly, 120);
after(() => rmSync(randomly, { recursive: true, force: true }));

let kept: TestStores;
beforeEach(() => {
  kept = new TestStores();
  write(kept.stores, 1, 9);
  kept.stores.saveMarks();
});
afterEach(() => kept.remove());

function write({ btmsg, audit }: Stores, from: number, to: number): void {
  btmsg.write(() => append(audit, from, to));
}

function append(audit: AuditLog, from: number, to: number): void {
  for (let at = from; at <= to; at += 1) audit.append({ at, event: 'heartbeat', agentId: 'a', actor: 'agent', detail: { at } });
}

function tamper(sql: string): void {
  const { db } = kept.stores.btmsg;
  db.exec('drop trigger if exists audit_is_append_only_update; drop trigger if exists audit_is_append_only_delete');
  db.exec(sql);
}

async function breaks(head?: AuditHead): Promise<string[]> {
  const { btmsg: file, audit, witness } = kept.stores;
  const verdict = await new AuditTrail({ file, audit, witness, build: { version: '1.0', gitSha: 'abc' }, now: () => 1 }).verify(head);
  return verdict.breaks.map(({ seq, kind, detail }) => `${seq} ${kind}: ${detail}`);
}

test('a log that nobody touched is whole, with its head to be kept elsewhere', async () => {
  assert.deepEqual(await log.untouched(), { ...(await log.untouched()), rows: 120, breaks: [] });
  assert.deepEqual(await breaks(kept.stores.audit.head()), []);
});

test('rows that the witness does not know yet are held against the chain', async () => {
  write(kept.stores, 10, 14);
  assert.deepEqual(await breaks(), []);
  tamper("update audit_log set actor = 'cli' where seq = 12");
  assert.deepEqual(await breaks(), ['12 changed: Row 12 is not what was written.']);
  tamper('delete from audit_log where seq in (11, 12)');
  assert.deepEqual(await breaks(), ['11 missing: Rows 11 to 12 are gone.']);
});

test('without a witness the chain tells what it can', async () => {
  rmSync(`${kept.stores.btmsg.db.name}.witness`);
  assert.deepEqual(await breaks(), []);
  tamper("update audit_log set detail = '{}' where seq = 4; delete from audit_log where seq = 7");
  assert.deepEqual(await breaks(), ['4 changed: Row 4 is not what was written.', '7 missing: Row 7 is gone.']);
  tamper('insert into audit_log select -2, at, event, agent_id, actor, detail, prev_hash, hash from audit_log where seq = 3');
  assert.deepEqual((await breaks())[0], '-2 inserted: Row -2 was put in.');
});

test('several harms are each told, neighbours as one', async () => {
  tamper("update audit_log set actor = 'cli' where seq in (2, 3); delete from audit_log where seq in (6, 9)");
  assert.deepEqual(await breaks(), [
    '2 changed: Rows 2 to 3 are not what was written.',
    '6 missing: Row 6 is gone.',
    '9 cutOff: Row 9 was cut off the end.',
  ]);
});

test('a hash that was changed alone is told, though the row says what it said', async () => {
  tamper("update audit_log set prev_hash = 'x' where seq = 5");
  assert.deepEqual(await breaks(), ['5 changed: Row 5 is not what was written.']);
  tamper("update audit_log set hash = 'x' where seq = 2");
  assert.deepEqual((await breaks())[0], '2 changed: Row 2 is not what was written.');
});

test('a head that was kept elsewhere finds what was cut off or rewritten together with all that lies beside the file', async () => {
  const { name } = kept.stores.btmsg.db;
  const head = kept.stores.audit.head();
  for (const beside of ['witness', 'mark']) rmSync(`${name}.${beside}`);
  assert.deepEqual(await breaks(head), []);
  assert.match((await breaks({ ...head, hash: 'x' }))[0] ?? '', /^9 changed: Row 9 is not the one that was kept as the head/);
  tamper('delete from audit_log where seq > 6');
  assert.deepEqual(await breaks(head), ['7 cutOff: Rows 7 to 9 were cut off the end.']);
  assert.deepEqual(await breaks(), []);
});

test('rows that were put in at the end while no backend ran are told, and what is written behind them is not', async () => {
  kept.stores.saveMarks();
  // As somebody does who knows how rows are chained, and does not count as we do.
  append(kept.stores.audit, 10, 11);
  const stores = kept.reopenAfterKill();
  assert.match(stores.problems()[0] ?? '', /rows that nobody here wrote, from row 10 on/);
  write(stores, 13, 15);
  stores.saveMarks();
  assert.deepEqual(await breaks(), ['10 inserted: Rows 10 to 11 were put in.']);
});

test('what was committed and not yet witnessed when the backend was killed is taken in at the next start', async () => {
  write(kept.stores, 10, 12);
  const stores = kept.reopenAfterKill();
  assert.deepEqual(stores.problems(), []);
  stores.saveMarks();
  assert.equal(stores.witness.count(), 12);
  assert.deepEqual(await breaks(), []);
});

test('what a full disk left of the witness is written over', () => {
  const { audit, witness } = kept.stores;
  rmSync(`${kept.stores.btmsg.db.name}.witness`);
  witness.follow(audit);
  const whole = witness.read();
  write(kept.stores, 10, 10);
  witness.follow(audit);
  assert.deepEqual(witness.read().subarray(0, 9), whole);
  assert.equal(witness.read().length, 10);
});

for (const seed of [1, 2, 3]) {
  test(`every one of 100 random harms is found where it begins (seed ${seed})`, async () => {
    const random = new Random(seed);
    const seen = new Set<string>();
    for (let count = 0; count < 100; count += 1) {
      const { tampered, verdict } = await log.tampered(random);
      assert.equal(verdict.breaks[0]?.seq, tampered.first, `${tampered.what}: ${JSON.stringify(verdict.breaks)}`);
      seen.add(`${tampered.kind} ${tampered.care}`);
    }
    const all = tamperings.flatMap((kind: Tampering) => cares.map((care) => `${kind} ${care}`));
    assert.deepEqual([...seen].sort(), all.sort());
  });
}
