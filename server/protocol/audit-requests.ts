/** What may be asked about the audit log, and the import of an earlier system's database. */
import * as z from 'zod/mini';
import { AuditRecord, AuditVerdict, SavedAudit } from './audit.ts';
import { Reference } from './ids.ts';
import { ImportReport } from './import.ts';

export const auditRequests = {
  /** The newest that fit, newest first. */
  'audit/list': {
    params: z.object({
      events: z.optional(z.array(z.string())),
      /** Heartbeats too, which are left out where no events are named. */
      heartbeats: z.optional(z.boolean()),
      agent: z.optional(Reference),
      /** Epoch milliseconds, both included. */
      from: z.optional(z.number()),
      to: z.optional(z.number()),
      /** Somewhere in its detail, whatever the case. */
      text: z.optional(z.string()),
      beforeSeq: z.optional(z.number()),
      /** For those who have the rows up to it: what follows that one. */
      afterSeq: z.optional(z.number()),
      limit: z.optional(z.number().check(z.int(), z.minimum(1), z.maximum(1000))),
    }),
    result: z.object({
      records: z.array(AuditRecord),
      hasEarlier: z.boolean(),
      /** What to ask for next: a search looks at so many rows at once, and may have found none of them. */
      beforeSeq: z.number(),
    }),
  },
  /** Reads every row; a head that was kept elsewhere finds what was cut off the end. */
  'audit/verify': {
    params: z.object({ head: z.optional(z.object({ seq: z.number(), hash: z.string() })) }),
    result: AuditVerdict,
  },
  /** Rows in their order after `afterSeq`, as many as fit into a message; told in the log itself once, when it begins. */
  'audit/export': {
    params: z.object({ afterSeq: z.optional(z.number()), from: z.optional(z.number()), to: z.optional(z.number()) }),
    result: z.object({ records: z.array(AuditRecord), isLast: z.boolean() }),
  },
  /** Writes the rows of that time as files into a new folder in `dir`, which is absolute. */
  'audit/save': {
    params: z.object({ dir: z.string(), from: z.optional(z.number()), to: z.optional(z.number()) }),
    result: SavedAudit,
  },
  /** `dir`: absolute, the folder of a `btmsg.db`, or the file. Again, it doubles nothing. */
  'import/run': { params: z.object({ dir: z.string() }), result: ImportReport },
} as const;
