/** What may be asked about texts that the screening holds back. Only a person releases them. */
import * as z from 'zod/mini';
import { Reference } from './ids.ts';
import { HeldItem, Screening } from './screening.ts';

export const screeningRequests = {
  'screening/held': { params: z.object({}), result: z.object({ items: z.array(HeldItem) }) },
  /** It goes on its way as if it had not been held; what was found stays with it. */
  'screening/release': { params: z.object({ item: Reference }), result: HeldItem },
  /** A message becomes a dead letter, a task is rejected. */
  'screening/discard': { params: z.object({ item: Reference }), result: HeldItem },
  /** Tries a text out; nothing is kept. */
  'screening/try': { params: z.object({ text: z.string() }), result: Screening },
} as const;
