/** The stand-in of Anthropic's API as the suite's drivers use it. */
import { startModelApi } from '../support/model-api.ts';
import type { StandIn, StandInOptions } from '../support/model-server.ts';

export const anthropicQuota = {
  status: 400,
  body: {
    type: 'error',
    error: { type: 'invalid_request_error', message: 'Your credit balance is too low to access the Anthropic API.' },
  },
};

export async function startAnthropic(options: StandInOptions): Promise<StandIn> {
  const { url, requests: bodies, keys, close } = await startModelApi(options);
  return { url, bodies, keys, close };
}
