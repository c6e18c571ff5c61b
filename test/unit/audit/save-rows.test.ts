import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { genesis } from '../../../server/audit/audit-row.ts';
import { AuditTrail } from '../../../server/audit/audit-trail.ts';
import { saveRows } from '../../../server/audit/save-rows.ts';
import { AgorError } from '../../../server/protocol/errors.ts';
import { TestStores } from '../../support/test-stores.ts';

const build = { version: '1.0', gitSha: 'abc' };
let kept: TestStores;
let dir: string;
let trail: AuditTrail;

beforeEach(() => {
  kept = new TestStores();
  dir = mkdtempSync(join(tmpdir(), 'agor-save-'));
  const { btmsg: file, audit, witness } = kept.stores;
  trail = new AuditTrail({ file, audit, witness, build, now: () => 90_000 });
  file.write(() => {
    for (let at = 10; at <= 50; at += 10)
      audit.append({ at, event: 'message_sent', agentId: 'a', actor: 'agent', detail: { text: `=${at}, "quoted"` } });
  });
});
afterEach(() => {
  kept.remove();
  rmSync(dir, { recursive: true });
});

test('the rows of a time are saved in both forms, and the manifest says which and what they hash to', async () => {
  const { path, manifest } = await trail.save(dir, { from: 20, to: 40 }, 'cli');
  assert.equal(path, join(dir, 'agor-audit-1970-01-01T00-01-30Z'));
  assert.deepEqual(readdirSync(path).sort(), ['SHA256SUMS', 'audit.csv', 'audit.jsonl', 'manifest.json']);
  const seqs = read(path, 'audit.jsonl')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).seq);
  assert.deepEqual(seqs, [2, 3, 4]);
  assert.equal(read(path, 'audit.csv').trimEnd().split('\r\n').length, 4);
  assert.deepEqual([manifest.rows, manifest.first?.seq, manifest.last?.seq, manifest.head.seq], [3, 2, 4, 6]);
  assert.deepEqual(manifest.window, { from: '1970-01-01T00:00:00.020Z', to: '1970-01-01T00:00:00.040Z' });
  assert.deepEqual(JSON.parse(read(path, 'manifest.json')), manifest);
  for (const { name, bytes, sha256 } of manifest.files)
    assert.deepEqual([bytes, sha256], [statSync(join(path, name)).size, hashOf(path, name)]);
  const sums = read(path, 'SHA256SUMS').trimEnd().split('\n');
  for (const line of sums) assert.equal(line, `${hashOf(path, line.slice(66))}  ${line.slice(66)}`);
  assert.equal(sums.length, 3);
});

test('nobody else can read it, and the log tells of it', async () => {
  const { path, manifest } = await trail.save(dir, {}, 'extension');
  assert.deepEqual([statSync(path).mode & 0o777, statSync(join(path, 'audit.csv')).mode & 0o777], [0o700, 0o600]);
  assert.deepEqual([manifest.rows, manifest.last], [6, manifest.head]);
  assert.deepEqual([trail.list({}).records[0]?.event, trail.list({}).records[0]?.actor], ['audit_exported', 'extension']);
});

test('a time in which nothing was is saved as nothing', async () => {
  const { manifest } = await trail.save(dir, { from: 51, to: 60 }, 'cli');
  assert.deepEqual([manifest.rows, manifest.first, manifest.last], [0, null, null]);
});

test('it goes over nothing, and says what it cannot do', async () => {
  await trail.save(dir, {}, 'cli');
  await assert.rejects(trail.save(dir, {}, 'cli'), refusedAs('conflict'));
  await assert.rejects(trail.save(join(dir, 'none'), {}, 'cli'), refusedAs('notFound'));
  await assert.rejects(trail.save('here', {}, 'cli'), refusedAs('badRequest'));
});

test('of an export that fails nothing stays', async () => {
  function* pages(): Generator<never[]> {
    yield [];
    throw new Error('the database went away');
  }
  await assert.rejects(saveRows(dir, { pages: pages(), head: genesis, window: { from: null, to: null }, build, now: 0 }), /went away/);
  assert.deepEqual(readdirSync(dir), []);
});

function read(path: string, name: string): string {
  return readFileSync(join(path, name), 'utf8');
}

function hashOf(path: string, name: string): string {
  return createHash('sha256').update(read(path, name)).digest('hex');
}

function refusedAs(code: string) {
  return (error: unknown) => error instanceof AgorError && error.code === code;
}
