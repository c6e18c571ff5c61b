/** How the write-ahead log of a database stands. */
import * as z from 'zod/mini';

export const Checkpoint = z.object({
  /** Its file: `sessions.db` or `btmsg.db`. */
  database: z.string(),
  at: z.number(),
  /** `truncate`: nobody read, so that the log was emptied as well. */
  mode: z.enum(['passive', 'truncate']),
  /** Somebody kept it from coming to its end. */
  isBusy: z.boolean(),
  logFrames: z.number(),
  checkpointedFrames: z.number(),
  /** Of the log afterwards. */
  walBytes: z.number(),
  /** How many in a row were kept from coming to their end, this one included. */
  busyInARow: z.number(),
});
export type Checkpoint = z.infer<typeof Checkpoint>;
