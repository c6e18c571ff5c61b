/** What may be asked about what is kept how long. */
import * as z from 'zod/mini';
import { RetentionPreview, RetentionReport, RetentionRun } from './retention.ts';

const nothing = z.object({});

export const retentionRequests = {
  'retention/show': { params: nothing, result: RetentionReport },
  /** Counts and changes nothing. */
  'retention/try': { params: nothing, result: RetentionPreview },
  /** Now, and each day from now on: the person agrees by it. Answered when all of it is done. */
  'retention/run': { params: nothing, result: RetentionRun },
  /** The daily archiving begins, now that it was announced. */
  'retention/agree': { params: nothing, result: RetentionReport },
} as const;
