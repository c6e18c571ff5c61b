/**
 * A message with everything that belongs to it, as the rows are, hashes included: what an archive holds of it, and what is
 * removed with it. Whoever reads an archive can check each row by its hash, as in the database.
 */
import * as z from 'zod/mini';
import type { Database } from '../store/open-database.ts';
import type { Cell } from '../store/row-hash.ts';

/** The table of each, and the column by which its rows belong to the message. */
const parts = {
  message: { table: 'messages', by: 'id' },
  deliveries: { table: 'deliveries', by: 'message_id' },
  attachments: { table: 'attachments', by: 'message_id' },
  deadLetters: { table: 'dead_letter_queue', by: 'message_id' },
  seen: { table: 'seen_messages', by: 'message_id' },
} as const;

export type PartName = keyof typeof parts;
const partNames = ['message', 'deliveries', 'attachments', 'deadLetters', 'seen'] as const satisfies readonly PartName[];

const Rows = z.array(z.record(z.string(), z.union([z.string(), z.number(), z.null()])));
export const MessageRecord = z.object({
  id: z.string(),
  message: Rows,
  deliveries: Rows,
  attachments: Rows,
  deadLetters: Rows,
  seen: Rows,
});
export type MessageRecord = z.infer<typeof MessageRecord>;

type Row = Record<string, Cell>;

export class MessageRecords {
  readonly #read;
  readonly #remove;

  constructor(db: Database) {
    // By rowid, so that the same rows always come in the same order.
    const reads = partNames.map((name) =>
      db.prepare<[string], Row>(`select * from ${parts[name].table} where ${parts[name].by} = ? order by rowid`),
    );
    this.#read = (id: string) => reads.map((statement) => statement.all(id));
    const removes = partNames.map((name) => db.prepare<[string]>(`delete from ${parts[name].table} where ${parts[name].by} = ?`));
    this.#remove = (id: string) => removes.reduce((sum, statement) => sum + statement.run(id).changes, 0);
  }

  /** Undefined when there is no such message. */
  read(id: string): MessageRecord | undefined {
    const [message = [], deliveries = [], attachments = [], deadLetters = [], seen = []] = this.#read(id);
    return message.length === 0 ? undefined : { id, message, deliveries, attachments, deadLetters, seen };
  }

  /** Within a transaction. How many rows that were. */
  remove(id: string): number {
    return this.#remove(id);
  }
}

export function lineOf(record: MessageRecord): string {
  return JSON.stringify(record);
}
