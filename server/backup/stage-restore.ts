/**
 * Lays a backup ready beside the databases, as what the next backend will begin with: copied, checked, opened and brought to
 * this build's schema, with a row in its audit log that bridges the gap. Nothing of what is there is touched.
 */
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { dataPaths } from '../base/data-paths.ts';
import { syncFile } from '../base/sync-folder.ts';
import type { Backup } from '../protocol/backup.ts';
import { AgorError } from '../protocol/errors.ts';
import { declareReady, giveUpRestore, restoringPath } from '../store/restoring.ts';
import { bringBack } from './bring-back.ts';
import { copyNames } from './complete-backup.ts';
import type { Opener } from './opener.ts';
import { requireKnownSchemas, verifyBackup } from './verify-backup.ts';

export type StageWish = { readonly dataDir: string; readonly backup: Backup };

/** What the log says where it goes on. `before`: the head of the log that is given up; null when it could not be read. */
export type Bridge = StageWish & {
  readonly at: number;
  readonly actor: string;
  readonly before: { readonly seq: number; readonly hash: string } | null;
  readonly keptIn: string;
};

/** Throws `storage` when the backup is not what was made, or of a newer version; nothing lies ready then. */
export async function stageRestore({ dataDir, backup }: StageWish, { known, open }: Opener): Promise<void> {
  requireKnownSchemas(backup, known);
  giveUpRestore(dataDir);
  try {
    bringBack(backup, restoringPath(dataDir));
    // What lies here and nobody else writes to, not what it was copied from.
    const [problem] = await verifyBackup({ ...backup, path: restoringPath(dataDir) });
    if (problem)
      throw new AgorError('storage', `The backup ${backup.path} cannot be used: ${problem} Nothing was changed. Choose another one.`);
    open(dataPaths(restoringPath(dataDir))).close();
  } catch (error) {
    giveUpRestore(dataDir);
    throw error;
  }
}

/** After it the restore will be done by whoever owns the data directory next. */
export function bridge({ dataDir, backup, at, actor, before, keptIn }: Bridge, { open }: Opener): void {
  requireSameDisk(dataDir, keptIn);
  const paths = dataPaths(restoringPath(dataDir));
  const stores = open(paths);
  const { seq, hash } = backup.audit;
  const detail = { backup: backup.id, madeAt: backup.madeAt, head: { seq, hash }, before, lostRows: before && before.seq - seq, keptIn };
  try {
    stores.btmsg.write(() => stores.audit.append({ at, event: 'data_restored', agentId: null, actor, detail }));
  } finally {
    stores.close();
  }
  for (const path of [paths.sessionsDb, paths.btmsgDb]) syncFile(path);
  declareReady(dataDir, Object.values(copyNames), { keptIn });
}

/** A folder of its own in the quarantine. */
export function keptPath(dataDir: string, at: number): string {
  return join(dataPaths(dataDir).quarantine, `restored-${new Date(at).toISOString().replaceAll(/[:.]/g, '-')}`);
}

/** What was there goes away by a rename, which ends at a file system's border. */
function requireSameDisk(dataDir: string, keptIn: string): void {
  mkdirSync(keptIn, { recursive: true, mode: 0o700 });
  if (statSync(keptIn).dev === statSync(dataDir).dev) return;
  rmSync(keptIn, { recursive: true });
  throw new AgorError(
    'storage',
    `${keptIn} is on another file system than ${dataDir}, so the databases cannot be exchanged at once. Put the quarantine on the same one.`,
  );
}
