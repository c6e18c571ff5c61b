/** One look at a write-ahead log: brings what it holds into the database, and never waits for anybody. */
import { statSync } from 'node:fs';
import type { Database } from './open-database.ts';

/** `truncate` also empties the log, which nobody may read from then; `passive` brings over what it can. */
export type CheckpointMode = 'passive' | 'truncate';

export type CheckpointResult = {
  /** Somebody read or wrote, so it was not done to its end. */
  readonly isBusy: boolean;
  /** Of the log, and of those the ones that are in the database. */
  readonly logFrames: number;
  readonly checkpointedFrames: number;
};

type Row = { readonly busy: number; readonly log: number; readonly checkpointed: number };

/** Not inside a transaction. Without a timeout, because SQLite would hold the whole process up for as long as somebody reads. */
export function checkpoint(db: Database, mode: CheckpointMode): CheckpointResult {
  const timeoutMs = Number(db.pragma('busy_timeout', { simple: true }));
  db.pragma('busy_timeout = 0');
  try {
    // This is the form of the answer, as SQLite documents it.
    const [row] = db.pragma(`wal_checkpoint(${mode})`) as Row[];
    const { busy = 1, log = -1, checkpointed = -1 } = row ?? {};
    // A passive one calls itself idle also where a reader kept it from coming to the end.
    return { isBusy: busy !== 0 || checkpointed < log, logFrames: log, checkpointedFrames: checkpointed };
  } finally {
    db.pragma(`busy_timeout = ${timeoutMs}`);
  }
}

/** 0 where there is none. It is asked for by its name: opening and closing it would drop SQLite's locks. */
export function walBytes(databasePath: string): number {
  return statSync(`${databasePath}-wal`, { throwIfNoEntry: false })?.size ?? 0;
}
