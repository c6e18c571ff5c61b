/** What may be asked about metrics. */
import * as z from 'zod/mini';
import { Reference } from './ids.ts';
import { keptSessionMetrics, LiveMetrics, MeasuredSession, StorageReport } from './metrics.ts';

const limit = z.optional(z.number().check(z.int(), z.minimum(1), z.maximum(keptSessionMetrics)));

export const metricsRequests = {
  /** Of one project, the sessions that ended last first. */
  'metrics/history': { params: z.object({ project: Reference, limit }), result: z.object({ sessions: z.array(MeasuredSession) }) },
  'metrics/live': { params: z.object({}), result: LiveMetrics },
  /** Sizes as of the last half minute at most. */
  'metrics/storage': { params: z.object({}), result: StorageReport },
} as const;
