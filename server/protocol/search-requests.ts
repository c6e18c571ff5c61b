/** What may be asked of the search. */
import * as z from 'zod/mini';
import { MessageId } from './ids.ts';
import { SearchAnswer, SearchGroup, SearchOrder } from './search.ts';

const maxQueryChars = 500;

export const searchRequests = {
  /** Makes what is missing of the index; says how far it is. */
  'search/init': { params: z.object({}), result: z.object({ indexed: z.number(), waiting: z.number() }) },
  /** Whatever the query holds, it is no error: what is not understood is taken as words, and said so. */
  'search/all': {
    params: z.object({
      query: z.string().check(z.maxLength(maxQueryChars)),
      groups: z.optional(z.array(SearchGroup)),
      order: z.optional(SearchOrder),
      /** Of each group; 20 unless told. */
      limit: z.optional(z.number().check(z.int(), z.minimum(1), z.maximum(200))),
    }),
    result: SearchAnswer,
  },
  /** Answered when it is done or was called off; readers see the index of before until then. Told by `search/progressed`. */
  'search/rebuild': { params: z.object({}), result: z.object({ indexed: z.number(), isCancelled: z.boolean() }) },
  'search/cancelRebuild': { params: z.object({}), result: z.object({}) },
  /** Now, instead of a moment later with the others. */
  'search/indexMessage': { params: z.object({ messageId: MessageId }), result: z.object({}) },
} as const;
