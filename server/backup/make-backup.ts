/** Makes one backup of databases that are in use. Until it is whole it has no name, and what is left of a failed one is removed. */
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { asStorageError } from '../base/storage-error.ts';
import type { Backup, BackupManifest, BackupReason } from '../protocol/backup.ts';
import { AgorError } from '../protocol/errors.ts';
import { witnessPath } from '../store/high-water-mark.ts';
import type { RecordFile } from '../store/record-file.ts';
import { freeId, makingPath } from './backup-folders.ts';
import { requireRoom } from './bring-back.ts';
import { copyNames, type Pause } from './complete-backup.ts';
import { type CopyOptions, copyTogether } from './copy-together.ts';
import type { JobThread } from './job-thread.ts';

export type MakerDeps = {
  readonly dataDir: string;
  readonly sessions: RecordFile;
  readonly btmsg: RecordFile;
  readonly thread: JobThread;
  readonly build: BackupManifest['build'];
  readonly now: () => number;
};

export type MakeWish = Pick<CopyOptions, 'signal' | 'onProgress'> & {
  readonly folder: string;
  readonly reason: BackupReason;
};

/** Something was written between the last steps of the two copies, which happens about never. */
const tries = 3;
const spareBytes = 16 * 1024 * 1024;

/** Throws `storage` for a disk that is full, gone or not to be written, and for a database that is not whole. */
export async function makeBackup(deps: MakerDeps, wish: MakeWish): Promise<Backup> {
  for (let left = tries - 1; ; left -= 1) {
    try {
      return await makeOnce(deps, wish);
    } catch (error) {
      if (left === 0 || !(error instanceof AgorError && error.code === 'conflict')) throw error;
    }
  }
}

async function makeOnce(deps: MakerDeps, wish: MakeWish): Promise<Backup> {
  const { dataDir, now } = deps;
  const { folder, reason } = wish;
  const madeAt = now();
  const id = freeId(folder, madeAt, reason);
  const making = makingPath(folder, id, dataDir);
  try {
    // Where all of a path may be made, a disk that is read-only is told as one that is not there.
    if (!existsSync(folder)) await mkdir(folder, { recursive: true, mode: 0o700 });
    await mkdir(making, { mode: 0o700 });
    requireRoom(folder, sizeOf(deps.sessions) + sizeOf(deps.btmsg) + spareBytes);
    const pauses: Pause[] = [];
    await copyTogether(sources(deps, making), { ...wish, onComplete: () => pauses.push(pauseOf(deps)) });
    return await deps.thread.do('complete', unchecked(deps, { making, id, pauses, madeAt }, wish), wish.signal);
  } catch (error) {
    await rm(making, { recursive: true, force: true }).catch(() => {
      // The disk is gone or read-only: the next backup removes it, and the first reason is the one to tell.
    });
    throw asStorageError(error, folder);
  }
}

function sources({ sessions, btmsg }: MakerDeps, making: string) {
  return [
    { db: sessions.db, to: join(making, copyNames.sessions) },
    { db: btmsg.db, to: join(making, copyNames.btmsg) },
  ];
}

type Copied = { readonly making: string; readonly id: string; readonly pauses: readonly Pause[]; readonly madeAt: number };

function unchecked({ dataDir, build, btmsg }: MakerDeps, { making, id, pauses, madeAt }: Copied, { folder, reason }: MakeWish) {
  const about = { reason, madeAt, dataDir, build: { version: build.version, gitSha: build.gitSha } };
  return { making, final: join(folder, id), about, pauses, liveWitness: witnessPath(btmsg.db.name), began: madeAt };
}

function pauseOf({ sessions, btmsg }: MakerDeps): Pause {
  return { sessions: sessions.commits, btmsg: btmsg.commits };
}

/** As SQLite counts it; the log may add to it. */
function sizeOf({ db }: RecordFile): number {
  return Number(db.pragma('page_count', { simple: true })) * Number(db.pragma('page_size', { simple: true }));
}
