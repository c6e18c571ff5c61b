/** What a person may ask about backups; no agent and no assistant may. A backup is named by its id, the beginning of it, or the path of its folder. */
import * as z from 'zod/mini';
import { Backup, BackupReason, DrillReport, RestoreLoss, UnusableBackup } from './backup.ts';
import { limits } from './errors.ts';

const nothing = z.object({});
const reference = z.string().check(z.minLength(1), z.maxLength(limits.pathChars));

const work = z.enum(['create', 'verify', 'drill', 'restore']);

export const backupRequests = {
  /** Answered when it is checked and has its name. One at a time: it waits for one that is being made. */
  'backup/create': { params: z.object({ reason: z.optional(BackupReason) }), result: Backup },
  /** Newest first. `nextAt`: when the next nightly one is due; in the past while one is late. */
  'backup/list': {
    params: nothing,
    result: z.object({
      backups: z.array(Backup),
      unusable: z.array(UnusableBackup),
      folder: z.string(),
      nextAt: z.number(),
      lastDrill: z.nullable(DrillReport),
      /** What is being done now. */
      running: z.nullable(work),
    }),
  },
  /** The newest good one unless named. Reads all of it; `problems` is empty when it is as it was made. */
  'backup/verify': {
    params: z.object({ backup: z.optional(reference) }),
    result: z.object({ backup: Backup, problems: z.array(z.string()) }),
  },
  /** Brings it back into a scratch folder, opens and checks it, and keeps a dated report. */
  'backup/drill': { params: z.object({ backup: z.optional(reference) }), result: DrillReport },
  /** What a restore would lose, and whom it would stop. Changes nothing. */
  'backup/compare': {
    params: z.object({ backup: z.optional(reference) }),
    result: z.object({ backup: Backup, loss: RestoreLoss, running: z.array(z.string()) }),
  },
  /**
   * Checks the backup and lays it ready, stops the agents in order, and ends the backend: the next one begins with it. What
   * was there before is in `keptIn` then. `stopped`: the names of the agents.
   */
  'backup/restore': {
    params: z.object({ backup: reference }),
    result: z.object({ backup: Backup, loss: RestoreLoss, stopped: z.array(z.string()), keptIn: z.string() }),
  },
  /** Gives up what is being made, checked or tried out; with `work`, only if it is that: somebody else may have asked for the rest. */
  'backup/cancel': { params: z.object({ work: z.optional(work) }), result: z.object({ wasRunning: z.boolean() }) },
} as const;
