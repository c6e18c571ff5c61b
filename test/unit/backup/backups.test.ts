import assert from 'node:assert/strict';
import { cpSync, existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { makingPath } from '../../../server/backup/backup-folders.ts';
import { dataPaths } from '../../../server/base/data-paths.ts';
import type { Backup } from '../../../server/protocol/backup.ts';
import { openStores } from '../../../server/stores.ts';
import { BackupWorld } from '../../support/backup-world.ts';
import { flipBit } from '../../support/crashed-stores.ts';

let world: BackupWorld;
beforeEach(() => {
  world = new BackupWorld();
});
afterEach(() => world.close());

const audited = (event: string) => world.own.stores.audit.page(0, Number.MAX_SAFE_INTEGER, 100_000).filter((row) => row.event === event);
const rewrite = (backup: Backup, change: (manifest: Record<string, unknown>) => object) => {
  const path = join(backup.path, 'manifest.json');
  writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8')))));
};

test('a backup holds what was there, says so, and is audited', async () => {
  world.write(50);
  const made = await world.create();
  assert.deepEqual(made.flaws, []);
  assert.equal(made.databases.btmsg.rows.audit_log, 50);
  assert.deepEqual([made.audit.seq, made.reason, made.build], [50, 'asked', { version: '1.2.3', gitSha: 'abc' }]);
  assert.deepEqual(readdirSync(made.path).sort(), ['btmsg.db', 'btmsg.db.witness', 'manifest.json', 'sessions.db']);
  assert.deepEqual((await world.backups.list()).backups, [made]);
  assert.deepEqual(JSON.parse(audited('backup_made')[0]?.detail ?? '').backup, made.id);
  assert.deepEqual((await world.backups.verify(undefined)).problems, []);
});

test('while rows are written, both databases are copied as they were at one moment, and the copy is whole', async () => {
  world.write(300);
  const { sessions, btmsg } = world.own.stores;
  const put = sessions.db.prepare(
    'insert into view_states (view, key, state, saved_at) values (?, ?, ?, ?) on conflict do update set saved_at = excluded.saved_at',
  );
  let written = 0;
  const writer = setInterval(() => {
    world.write(3);
    sessions.write(() => put.run('v', `k${written % 50}`, 'x'.repeat(500), written));
    written += 1;
  }, 1);
  const made = await world.create().finally(() => clearInterval(writer));
  assert.ok(written > 0);
  assert.ok(made.databases.btmsg.commits <= btmsg.commits && made.databases.sessions.commits <= sessions.commits);
  assert.deepEqual((await world.backups.verify(made.id)).problems, []);
});

test('one that is given up leaves nothing, and the next one is made', async () => {
  world.write(300);
  const making = world.create();
  const cancelled = assert.rejects(making, { code: 'cancelled' });
  while (!world.backups.cancel()) await new Promise((resolve) => setImmediate(resolve));
  await cancelled;
  assert.deepEqual(readdirSync(world.own.paths.backups), []);
  assert.deepEqual(audited('backup_failed'), []);
  await world.create();
  assert.equal((await world.backups.list()).backups.length, 1);
});

test('what a killed backend left is no backup, and goes', async () => {
  const made = await world.create();
  const left = makingPath(world.own.paths.backups, made.id, world.own.paths.dataDir);
  cpSync(made.path, left, { recursive: true });
  assert.deepEqual((await world.backups.list()).backups, [made]);
  await world.backups.tidy();
  assert.deepEqual(readdirSync(world.own.paths.backups), [made.id]);
});

test('a truncated copy is not listed as a backup, and not used', async () => {
  const made = await world.create();
  truncateSync(join(made.path, 'btmsg.db'), 8_192);
  const { backups, unusable } = await world.backups.list();
  assert.deepEqual(backups, []);
  assert.match(unusable[0]?.problem ?? '', /btmsg.db is not there in its whole size/);
  await assert.rejects(world.backups.verify(made.id), { code: 'storage', message: /damaged/ });
});

test('an altered copy is found by its hash', async () => {
  const made = await world.create();
  flipBit(join(made.path, 'sessions.db'), 5_000);
  assert.match((await world.backups.verify(made.id)).problems[0] ?? '', /sessions.db is not what was written/);
  await assert.rejects(
    world.backups.restore(made, 'cli', async () => {}),
    { code: 'storage', message: /Nothing was changed/ },
  );
  assert.equal(existsSync(join(world.own.paths.dataDir, 'restoring')), false);
});

test('one of a newer version is refused by the names of both', async () => {
  const made = await world.create();
  rewrite(made, (manifest) => ({
    ...manifest,
    build: { version: '9.9.9', gitSha: 'new' },
    databases: { ...made.databases, btmsg: { ...made.databases.btmsg, schema: 999 } },
  }));
  const newer = await world.backups.find(made.id);
  await assert.rejects(
    world.backups.restore(newer, 'cli', async () => {}),
    { code: 'storage', message: /9\.9\.9.*999, this version knows \d+/ },
  );
  const report = await world.backups.drill(made.id, 'cli');
  assert.match(report.problems[0] ?? '', /newer version/);
});

test('damage that was in the data already is told, and such a backup does not count as good', async () => {
  world.write(5);
  const good = await world.create();
  world.own.stores.btmsg.db.exec("drop trigger audit_is_append_only_update; update audit_log set detail = '{}' where seq = 3");
  const flawed = await world.create();
  assert.match(flawed.flaws[0] ?? '', /The audit log is not what was written/);
  assert.equal((await world.backups.find(undefined)).id, good.id);
});

test('old ones go when a new one is there, and the audit log says which', async () => {
  const old = await world.create();
  world.days(8);
  const fresh = await world.create();
  assert.deepEqual(
    (await world.backups.list()).backups.map(({ id }) => id),
    [fresh.id],
  );
  assert.deepEqual(JSON.parse(audited('backup_made').at(-1)?.detail ?? '').removed, [old.id]);
});

test('backups of another data directory in the same folder are neither listed nor removed', async () => {
  const other = new BackupWorld();
  await world.create();
  other.folder = world.own.paths.backups;
  const theirs = await other.create();
  assert.equal((await world.backups.list()).backups.length, 1);
  world.days(30);
  await world.create();
  assert.equal(existsSync(theirs.path), true);
  assert.equal((await world.backups.find(theirs.path)).id, theirs.id);
  await other.close();
});

test('a folder that cannot be used is told in words, audited, and nothing is left', async () => {
  world.folder = join(world.own.paths.dataDir, 'a-disk-that-is-away');
  await assert.rejects(world.create(), { code: 'storage', message: /is not there/ });
  assert.equal(audited('backup_failed').length, 1);
});

test('a drill opens the backup as a backend does, keeps its report, and removes what it made', async () => {
  world.write(20);
  const made = await world.create();
  const report = await world.backups.drill(undefined, 'cli');
  assert.deepEqual([report.problems, report.backup, report.audit.seq], [[], made.id, 20]);
  assert.deepEqual(
    report.steps.map(({ name }) => name),
    ['check', 'bringBack', 'open', 'count', 'chain'],
  );
  assert.deepEqual(await world.backups.lastDrill(), report);
  assert.equal(existsSync(join(world.own.paths.dataDir, 'drill')), false);
  assert.equal(readdirSync(join(world.own.paths.backups, 'drills')).filter((name) => name.endsWith('.txt')).length, 1);
});

test('a restore begins with the backup at the next start, keeps what was there, and bridges the gap in the log', async () => {
  world.write(10);
  const made = await world.create();
  world.write(15);
  const before = world.own.stores.audit.head();
  const keptIn = await world.backups.restore(made, 'cli', async () => {});
  assert.ok(world.own.stores.audit.head().seq > before.seq, 'nothing was exchanged yet');
  world.own.stores.close();
  const stores = openStores(world.own.paths);
  const [bridge] = stores.audit.page(10, 100, 10);
  assert.deepEqual([stores.problems(), stores.audit.head().seq, stores.audit.firstBreak()], [[], 11, undefined]);
  assert.equal(bridge?.event, 'data_restored');
  const detail = JSON.parse(bridge?.detail ?? '{}');
  assert.deepEqual([detail.backup, detail.head, detail.keptIn], [made.id, made.audit, keptIn]);
  assert.ok(detail.before.seq > before.seq && detail.lostRows === detail.before.seq - 10);
  stores.close();
  const kept = openStores(dataPaths(keptIn));
  assert.ok(kept.audit.head().seq >= before.seq + 1);
  kept.close();
});
