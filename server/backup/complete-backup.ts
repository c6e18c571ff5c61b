/** Makes fresh copies into a backup: checks them, says in a manifest what they are, brings all of it to the disk, and gives it its name. */
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { syncFile, syncFolder } from '../base/sync-folder.ts';
import { writeFileWhole } from '../base/write-file-whole.ts';
import { type Backup, type BackupFile, type BackupManifest, backupFileNames, type DatabaseName } from '../protocol/backup.ts';
import { AgorError } from '../protocol/errors.ts';
import { witnessPath } from '../store/high-water-mark.ts';
import { makeLone } from '../store/lone-file.ts';
import { manifestName } from './backup-folders.ts';
import { type Examined, examineAudit, examineDatabase, sha256Of, witnessedBytes } from './examine.ts';

/** How many writes each database had seen at one moment. */
export type Pause = Readonly<Record<DatabaseName, number>>;

export type Unchecked = {
  /** The folder with the copies. */
  readonly making: string;
  /** Its name when it is whole. */
  readonly final: string;
  readonly about: Pick<BackupManifest, 'reason' | 'madeAt' | 'dataDir' | 'build'>;
  /** Of the database that was copied; it only grows, and is of what was written before. */
  readonly liveWitness: string;
  /** The copies show one moment when it is one of these. */
  readonly pauses: readonly Pause[];
  readonly began: number;
};

export const copyNames = { sessions: 'sessions.db', btmsg: 'btmsg.db' } as const satisfies Record<DatabaseName, string>;
const witnessName = basename(witnessPath(copyNames.btmsg));

/** Throws `storage` when a copy is not whole, and `conflict` when the two are not of one moment. */
export async function completeBackup(unchecked: Unchecked): Promise<Backup> {
  const { making, final, about, began } = unchecked;
  const paths = { sessions: join(making, copyNames.sessions), btmsg: join(making, copyNames.btmsg) };
  for (const path of Object.values(paths)) makeLone(path);
  const sessions = examineDatabase(paths.sessions);
  const btmsg = examineDatabase(paths.btmsg);
  requireOneMoment(unchecked, { sessions, btmsg });
  const witness = existsSync(unchecked.liveWitness) ? readFileSync(unchecked.liveWitness) : Buffer.alloc(0);
  const audit = await examineAudit(paths.btmsg, witness);
  writeFileSync(join(making, witnessName), witness.subarray(0, witnessedBytes(witness, audit.head.seq)), { mode: 0o600 });
  const files = await Promise.all(backupFileNames.map((name) => fileOf(making, name)));
  const manifest: BackupManifest = {
    ...{ format: 1, id: basename(final), ...about, files, audit: audit.head },
    databases: { sessions: sessions.facts, btmsg: btmsg.facts },
    flaws: [...sessions.flaws, ...btmsg.flaws, ...audit.flaws],
    tookMs: Math.max(0, Date.now() - began),
  };
  for (const { name } of files) syncFile(join(making, name));
  writeFileWhole(join(making, manifestName), JSON.stringify(manifest, null, 2));
  giveName(making, final);
  return { ...manifest, path: final, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** Its name is on the disk only after all that is in it. */
function giveName(making: string, final: string): void {
  syncFolder(making);
  renameSync(making, final);
  syncFolder(dirname(final));
}

function requireOneMoment({ pauses }: Unchecked, copies: Readonly<Record<DatabaseName, Examined>>): void {
  const { sessions, btmsg } = copies;
  if (pauses.some((pause) => pause.sessions === sessions.facts.commits && pause.btmsg === btmsg.facts.commits)) return;
  throw new AgorError('conflict', 'The two databases were not copied at one moment, because something was written in between. Try again.');
}

async function fileOf(folder: string, name: BackupFile['name']): Promise<BackupFile> {
  const path = join(folder, name);
  return { name, bytes: statSync(path).size, sha256: await sha256Of(path) };
}
