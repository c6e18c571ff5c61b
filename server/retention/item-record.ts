/** An item of a transcript as an archive holds it: its row with its hash, which whoever reads the archive can check. */
import * as z from 'zod/mini';

export const ItemRecord = z.object({
  id: z.string(),
  item: z.object({
    id: z.string(),
    session_id: z.string(),
    ordinal: z.number(),
    kind: z.string(),
    is_open: z.number(),
    body: z.string(),
    row_hash: z.string(),
  }),
});
export type ItemRecord = z.infer<typeof ItemRecord>;

export function itemLine(row: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ id: row.id, item: row });
}
