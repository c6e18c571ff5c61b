/** What models cost, where their agent does not say: from a table of ours, and from the person's. */
import * as z from 'zod/mini';

/** In US dollars for a million tokens; null where there is no such price. */
export const ModelPrice = z.object({
  model: z.string(),
  input: z.number(),
  output: z.number(),
  cachedInput: z.nullable(z.number()),
  cacheWrite: z.nullable(z.number()),
  /** The day it was looked up, as 2026-11-20. */
  dated: z.string(),
  /** From the person's file. */
  own: z.boolean(),
});
export type ModelPrice = z.infer<typeof ModelPrice>;

/** Counted from 0, as editors do. */
export const PriceProblem = z.object({ line: z.number(), column: z.number(), message: z.string() });
export type PriceProblem = z.infer<typeof PriceProblem>;

export const PriceReport = z.object({
  path: z.string(),
  exists: z.boolean(),
  /** False for a file that cannot be used: then what was in force before stays. */
  isInForce: z.boolean(),
  problems: z.array(PriceProblem),
  prices: z.array(ModelPrice),
});
export type PriceReport = z.infer<typeof PriceReport>;
