/** What takes its time and is done on a thread of its own, so that nobody waits for it. */
import { dirname } from 'node:path';
import { asStorageError } from '../base/storage-error.ts';
import type { Backup, DrillReport, RestoreLoss } from '../protocol/backup.ts';
import { completeBackup, type Unchecked } from './complete-backup.ts';
import { countLoss, type LossWish } from './count-loss.ts';
import { type DrillWish, drill } from './drill.ts';
import type { Opener } from './opener.ts';
import { type Bridge, bridge, type StageWish, stageRestore } from './stage-restore.ts';
import { verifyBackup } from './verify-backup.ts';

export type Jobs = {
  readonly complete: { readonly ask: Unchecked; readonly answer: Backup };
  readonly verify: { readonly ask: Backup; readonly answer: string[] };
  readonly loss: { readonly ask: LossWish; readonly answer: RestoreLoss };
  readonly drill: { readonly ask: DrillWish; readonly answer: DrillReport };
  readonly stage: { readonly ask: StageWish; readonly answer: undefined };
  readonly bridge: { readonly ask: Bridge; readonly answer: undefined };
};
export type JobName = keyof Jobs;
export type Job = { readonly [K in JobName]: { readonly name: K; readonly ask: Jobs[K]['ask'] } }[JobName];

/** What the thread says at its end. */
export type JobEnd = { readonly answer: Jobs[JobName]['answer'] } | { readonly code: string; readonly message: string };

/** Throws `storage` for what the disk refuses. */
export async function doJob(job: Job, opener: Opener): Promise<Jobs[JobName]['answer']> {
  try {
    return await done(job, opener);
  } catch (error) {
    throw asStorageError(error, placeOf(job));
  }
}

/** Where it writes, or what it reads. */
function placeOf(job: Job): string {
  switch (job.name) {
    case 'complete':
      return dirname(job.ask.final);
    case 'verify':
      return job.ask.path;
    case 'loss':
      return job.ask.backup.path;
    case 'drill':
      return job.ask.scratch;
    case 'stage':
    case 'bridge':
      return job.ask.dataDir;
  }
}

async function done(job: Job, opener: Opener): Promise<Jobs[JobName]['answer']> {
  switch (job.name) {
    case 'complete':
      return completeBackup(job.ask);
    case 'verify':
      return verifyBackup(job.ask);
    case 'loss':
      return countLoss(job.ask);
    case 'drill':
      return drill(job.ask, opener);
    case 'stage':
      await stageRestore(job.ask, opener);
      return undefined;
    case 'bridge':
      bridge(job.ask, opener);
      return undefined;
  }
}
