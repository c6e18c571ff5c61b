/** The stand-in of OpenAI's Responses API as the suite's drivers use it. */
import type { StandIn, StandInOptions } from '../support/model-server.ts';
import { startResponsesApi } from '../support/responses-api.ts';

/** Codex's own service says it so. */
export const responsesQuota = { status: 429, body: { type: 'usage_limit_reached', resets_in_seconds: 3_600 } };

export async function startResponses({ pace, accepts, errorBody }: StandInOptions): Promise<StandIn> {
  const api = await startResponsesApi({
    ...(pace && { pace }),
    accepts: () => accepts?.('') !== false,
    errorBody: (status) => errorBody?.(status) ?? (status === 429 ? { code: 'rate_limit_exceeded' } : {}),
  });
  const { requests: bodies, keys, close } = api;
  return { url: new URL(api.url).origin, bodies, keys, close };
}
