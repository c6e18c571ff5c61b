/** Backups while no backend runs, perhaps because none can: the caller owns the data directory and has nothing open. */
import { AuditLog } from '../audit/audit-log.ts';
import type { DataPaths } from '../base/data-paths.ts';
import type { Backup } from '../protocol/backup.ts';
import { openReadOnly } from '../store/read-only.ts';
import { finishRestore } from '../store/restoring.ts';
import { type BackupSet, findBackup, readBackups } from './backup-folders.ts';
import type { Opener } from './opener.ts';
import { bridge, keptPath, stageRestore } from './stage-restore.ts';

/** In the usual folder: where else a person keeps them is written in what may be damaged. */
export function backupsWithoutBackend({ dataDir, backups }: DataPaths): Promise<BackupSet> {
  return readBackups([backups], dataDir);
}

/** Both databases are those of the backup when this resolves; a crash before leaves a restore that the next start ends or takes back. */
export async function restoreWithoutBackend(
  paths: DataPaths,
  reference: string,
  opener: Opener,
): Promise<{ backup: Backup; keptIn: string }> {
  const { dataDir, searchDb } = paths;
  finishRestore(dataDir, searchDb);
  const backup = await findBackup(await backupsWithoutBackend(paths), reference);
  await stageRestore({ dataDir, backup }, opener);
  const at = Date.now();
  const keptIn = keptPath(dataDir, at);
  bridge({ dataDir, backup, at, actor: 'cli', before: headOf(paths.btmsgDb), keptIn }, opener);
  finishRestore(dataDir, searchDb);
  return { backup, keptIn };
}

/** Null where it cannot be read, as in what a backup is brought back for. */
function headOf(path: string): { readonly seq: number; readonly hash: string } | null {
  try {
    const db = openReadOnly(path);
    try {
      const { seq, hash } = new AuditLog(db).head();
      return { seq, hash };
    } finally {
      db.close();
    }
  } catch {
    // Damaged, gone, or without that table.
    return null;
  }
}
