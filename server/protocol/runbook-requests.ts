/** What may be asked about the runbook's procedures. */
import * as z from 'zod/mini';
import { limits } from './errors.ts';
import { procedureNames } from './runbook.ts';

/** Epoch milliseconds; `doneAt` is null for a step that was left out. */
const StepDone = z.object({
  step: z.number().check(z.int(), z.minimum(1)),
  doneAt: z.nullable(z.number()),
});
export type StepDone = z.infer<typeof StepDone>;

export const runbookRequests = {
  /** Keeps who went through which steps of a procedure, in the audit log and as a report in the data directory. */
  'runbook/finish': {
    params: z.object({
      procedure: z.enum(procedureNames),
      startedAt: z.number(),
      steps: z.array(StepDone).check(z.maxLength(100)),
      note: z.optional(z.string().check(z.trim(), z.maxLength(limits.descriptionChars))),
    }),
    result: z.object({ report: z.string(), done: z.number(), of: z.number() }),
  },
} as const;
