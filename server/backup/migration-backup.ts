/**
 * Before either database is brought to a newer schema, both are backed up together, as they were: a build that turns out
 * to be wrong has a way back. Nobody waits for anything yet, so it is done in one go.
 */
import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { AuditLog } from '../audit/audit-log.ts';
import type { DataPaths } from '../base/data-paths.ts';
import { asStorageError } from '../base/storage-error.ts';
import { syncFile, syncFolder } from '../base/sync-folder.ts';
import { writeFileWhole } from '../base/write-file-whole.ts';
import { type BackupManifest, backupFileNames, type DatabaseFacts, type DatabaseName, databaseNames } from '../protocol/backup.ts';
import { HighWaterMark, witnessPath } from '../store/high-water-mark.ts';
import { copyInto } from '../store/lone-file.ts';
import { checkWhole, schemaVersion } from '../store/migrate.ts';
import { openReadOnly } from '../store/read-only.ts';
import { tableCounts } from '../store/table-counts.ts';
import { freeId, makingPath, manifestName } from './backup-folders.ts';
import { copyNames } from './complete-backup.ts';
import { witnessedBytes } from './examine.ts';
import type { KnownSchemas } from './verify-backup.ts';

type Wish = { readonly known: KnownSchemas; readonly build: BackupManifest['build'] };

/** Nobody has the databases open. Undefined when nothing is to be migrated, or one of them is not there. Throws `storage`; then nothing may be migrated. */
export function backUpBeforeMigration(paths: DataPaths, { known, build }: Wish): string | undefined {
  const live = { sessions: paths.sessionsDb, btmsg: paths.btmsgDb };
  if (!databaseNames.every((name) => isThere(live[name])) || !databaseNames.some((name) => isOlder(live[name], known[name])))
    return undefined;
  const madeAt = Date.now();
  const id = freeId(paths.backups, madeAt, 'migration');
  const making = makingPath(paths.backups, id, paths.dataDir);
  try {
    rmSync(making, { recursive: true, force: true });
    mkdirSync(making, { recursive: true, mode: 0o700 });
    for (const name of databaseNames) copyInto(live[name], join(making, copyNames[name]));
    const manifest = manifestOf(
      making,
      { id, madeAt, dataDir: paths.dataDir, build: { version: build.version, gitSha: build.gitSha } },
      live.btmsg,
    );
    writeFileWhole(join(making, manifestName), JSON.stringify(manifest, null, 2));
    syncFolder(making);
    renameSync(making, join(paths.backups, id));
    syncFolder(paths.backups);
    return id;
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    throw asStorageError(error, paths.backups);
  }
}

type About = Pick<BackupManifest, 'id' | 'madeAt' | 'dataDir' | 'build'>;

function manifestOf(making: string, about: About, liveBtmsg: string): BackupManifest {
  const databases = { sessions: factsOf(making, 'sessions'), btmsg: factsOf(making, 'btmsg') };
  const { audit, flaws } = auditOf(making);
  const live = witnessPath(liveBtmsg);
  const witness = existsSync(live) ? readFileSync(live) : Buffer.alloc(0);
  const witnessName = basename(witnessPath(copyNames.btmsg));
  writeFileSync(join(making, witnessName), witness.subarray(0, witnessedBytes(witness, audit.seq)), { mode: 0o600 });
  const files = backupFileNames.map((name) => {
    syncFile(join(making, name));
    return { name, bytes: statSync(join(making, name)).size, sha256: sha256Of(join(making, name)) };
  });
  return { format: 1, ...about, reason: 'migration', databases, audit, files, flaws, tookMs: Math.max(0, Date.now() - about.madeAt) };
}

function factsOf(making: string, name: DatabaseName): DatabaseFacts {
  const path = join(making, copyNames[name]);
  checkWhole(path);
  const db = openReadOnly(path);
  try {
    return { schema: schemaVersion(db), commits: new HighWaterMark(db).commits(), rows: tableCounts(db) };
  } finally {
    db.close();
  }
}

function auditOf(making: string): Pick<BackupManifest, 'audit' | 'flaws'> {
  const db = openReadOnly(join(making, copyNames.btmsg));
  try {
    const audit = new AuditLog(db);
    const broken = audit.firstBreak();
    const { seq, hash } = audit.head();
    return {
      audit: { seq, hash },
      flaws: broken === undefined ? [] : [`The audit log is not what was written: row ${broken} does not follow from the one before.`],
    };
  } finally {
    db.close();
  }
}

function isThere(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

/** One without a schema was never finished: there is nothing in it. */
function isOlder(path: string, known: number): boolean {
  const db = openReadOnly(path);
  try {
    const version = schemaVersion(db);
    return version > 0 && version < known;
  } finally {
    db.close();
  }
}

function sha256Of(path: string): string {
  const hash = createHash('sha256');
  const buffer = Buffer.alloc(1024 * 1024);
  const file = openSync(path, 'r');
  try {
    for (let bytes = readSync(file, buffer); bytes > 0; bytes = readSync(file, buffer)) hash.update(buffer.subarray(0, bytes));
  } finally {
    closeSync(file);
  }
  return hash.digest('hex');
}
