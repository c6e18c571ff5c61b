/** What came over from a database of the system that this one succeeds. */
import * as z from 'zod/mini';

export const ImportReport = z.object({
  path: z.string(),
  tables: z.array(
    z.object({
      name: z.string(),
      found: z.number(),
      imported: z.number(),
      /** There from an earlier import. */
      known: z.number(),
      left: z.number(),
    }),
  ),
  /** Why something was left, a sentence each, bounded. */
  notes: z.array(z.string()),
});
export type ImportReport = z.infer<typeof ImportReport>;
