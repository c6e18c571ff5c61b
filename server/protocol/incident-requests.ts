/** What a person may ask about incident mode; no agent and no assistant may. */
import * as z from 'zod/mini';
import { limits } from './errors.ts';
import { Incident, NotEnded } from './incident.ts';

const nothing = z.object({});

export const incidentMinutes = { usual: 60, most: 10_080 } as const;

export const incidentRequests = {
  /** Answered once the programs that ran have ended. While one lasts, it gets the new time and reason. */
  'incident/begin': {
    params: z.object({
      forMinutes: z.optional(z.number().check(z.int(), z.minimum(1), z.maximum(incidentMinutes.most))),
      reason: z.optional(z.string().check(z.trim(), z.maxLength(limits.reasonChars))),
    }),
    result: z.object({ incident: Incident, ended: z.number(), notEnded: z.array(NotEnded) }),
  },
  /** Agents get their own fences again when they are next started. */
  'incident/end': { params: nothing, result: z.object({ wasOn: z.boolean() }) },
  'incident/show': { params: nothing, result: z.object({ incident: z.nullable(Incident) }) },
} as const;
