/** `run/owner.json`: what others need to know of the backend that owns the data directory. Written whole, by rename. */
import * as z from 'zod/mini';
import { BuildInfo } from './health.ts';

export const OwnerRecord = z.object({
  pid: z.number(),
  /** With the pid it names one process for good (see `server/base/process-identity.ts`). */
  startTime: z.string(),
  bootId: z.string(),
  build: BuildInfo,
  /** In `run/`, or in a short folder where that path would be too long for a socket. */
  socketPath: z.string(),
  startedAt: z.number(),
  /** It runs until somebody stops it, and is given up to no process that a window started; absent of builds before. */
  isService: z.optional(z.boolean()),
});
export type OwnerRecord = z.infer<typeof OwnerRecord>;
