/** The doctor as the program that it is, over databases of an earlier version. */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type DataPaths, dataPaths } from '../../../server/base/data-paths.ts';
import { examine } from '../../../server/launch/doctor.ts';
import { btmsgMigrations } from '../../../server/store/btmsg-schema.ts';
import { foundSchema } from '../../../server/store/checked-copy.ts';
import { RecordFile } from '../../../server/store/record-file.ts';
import { sessionsMigrations } from '../../../server/store/sessions-schema.ts';

let root: string;
let paths: DataPaths;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'agor-doctor-program-'));
  paths = dataPaths(join(root, 'data'));
  mkdirSync(paths.run, { recursive: true, mode: 0o700 });
  for (const [path, migrations] of [
    [paths.sessionsDb, sessionsMigrations],
    [paths.btmsgDb, btmsgMigrations],
  ] as const) {
    const file = RecordFile.open(path, { migrations: migrations.slice(0, -1) });
    file.saveMark();
    file.close();
  }
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('what it fixes brings no database to a newer form: only a backend does, which keeps a way back', {
  skip: process.platform === 'win32' && 'modes',
}, async () => {
  const open = join(paths.dataDir, 'orders.key');
  writeFileSync(open, 'key');
  chmodSync(open, 0o644);
  const before = [paths.sessionsDb, paths.btmsgDb].map(foundSchema);
  const runtimeDir = fileURLToPath(new URL('../../../server/', import.meta.url));
  const { fixed } = await examine({ runtimeDir, dataDir: paths.dataDir }, 'fix');
  assert.ok(fixed.some(({ what }) => what.includes('orders.key')));
  assert.equal(statSync(open).mode & 0o777, 0o600);
  assert.deepEqual([paths.sessionsDb, paths.btmsgDb].map(foundSchema), before);
  assert.equal(readdirSync(paths.dataDir).includes('backups'), false);
});

test('a data directory that may not be entered is called so, and its databases are not called missing', {
  skip: (process.getuid?.() ?? 0) === 0 && 'root enters everything',
}, async () => {
  chmodSync(paths.dataDir, 0o000);
  try {
    const runtimeDir = fileURLToPath(new URL('../../../server/', import.meta.url));
    const { findings } = await examine({ runtimeDir, dataDir: paths.dataDir }, 'examine');
    assert.ok(findings.some(({ id }) => id === 'data.shut'));
    assert.ok(!findings.some(({ what }) => what.includes('is not there yet')));
  } finally {
    chmodSync(paths.dataDir, 0o700);
  }
});
