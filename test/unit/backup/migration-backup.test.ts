import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { readBackups } from '../../../server/backup/backup-folders.ts';
import { verifyBackup } from '../../../server/backup/verify-backup.ts';
import { type DataPaths, dataPaths } from '../../../server/base/data-paths.ts';
import { btmsgMigrations } from '../../../server/store/btmsg-schema.ts';
import { RecordFile } from '../../../server/store/record-file.ts';
import { sessionsMigrations } from '../../../server/store/sessions-schema.ts';
import { openStores } from '../../../server/stores.ts';

let paths: DataPaths;
beforeEach(() => {
  paths = dataPaths(mkdtempSync(join(tmpdir(), 'agor-migration-backup-')));
});
afterEach(() => rmSync(paths.dataDir, { recursive: true, force: true }));

/** As an earlier version left them. */
function older(sessions: number, btmsg: number): void {
  RecordFile.open(paths.sessionsDb, { migrations: sessionsMigrations.slice(0, sessions) }).close();
  RecordFile.open(paths.btmsgDb, { migrations: btmsgMigrations.slice(0, btmsg) }).close();
}

const listed = async () => (await readBackups([paths.backups], paths.dataDir)).backups;

test('before one of them is migrated both are backed up together, and the backup can be relied on', async () => {
  older(sessionsMigrations.length, 5);
  openStores(paths).close();
  const [made, ...others] = await listed();
  assert.ok(made);
  assert.deepEqual([others, made.reason, made.flaws], [[], 'migration', []]);
  assert.deepEqual([made.databases.sessions.schema, made.databases.btmsg.schema], [sessionsMigrations.length, 5]);
  assert.deepEqual(await verifyBackup(made), []);
  openStores(paths).close();
  assert.equal((await listed()).length, 1, 'nothing is to be migrated any more');
});

test('new databases need none', async () => {
  openStores(paths).close();
  assert.equal(existsSync(paths.backups), false);
});

test('where it cannot be made nothing is migrated', () => {
  older(3, 3);
  writeFileSync(paths.backups, 'a file where the folder should be');
  assert.throws(() => openStores(paths), { code: 'storage' });
  const db = RecordFile.open(paths.btmsgDb, { migrations: btmsgMigrations.slice(0, 3) });
  assert.equal(db.db.pragma('user_version', { simple: true }), 3);
  db.close();
});
