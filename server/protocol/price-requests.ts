/** Requests about what models cost. */
import * as z from 'zod/mini';
import { PriceReport } from './prices.ts';

export const priceRequests = {
  /** The table as it is now, and whether the person's file is in it. */
  'price/list': { params: z.object({}), result: PriceReport },
} as const;
