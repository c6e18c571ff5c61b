/** How long to wait before a turn is tried again, and whether it is at all. Pure: the dice come as an argument. */
import type { Failure } from '../protocol/agent-event.ts';
import { suggestedWaitMs } from './error-classifier.ts';

/** After the first try. */
export const mostRetries = 4;
/** A provider that wants more is better asked again by the person. */
const longestWaitMs = 15 * 60 * 1000;
/** What of a wait is left to chance, so that agents that failed together do not come back together. */
const jitter = 0.2;

/**
 * Null: not at all. A wait that the provider stated is kept at least; otherwise each is twice the one before, beginning
 * with that of its class. `random` is from 0 up to 1.
 */
export function retryDelayMs(failure: Failure, retries: number, random: number): number | null {
  if (!failure.retryable || retries >= mostRetries) return null;
  const suggestedMs = suggestedWaitMs[failure.type] ?? 0;
  const statedMs = failure.retryAfterMs ?? suggestedMs;
  const waitMs = statedMs === suggestedMs ? suggestedMs * 2 ** retries : statedMs;
  return waitMs > longestWaitMs ? null : Math.ceil(waitMs * (1 + jitter * random));
}

/** The words of its class with the wait that there really is. */
export function retryingFailure(failure: Failure, delayMs: number): Failure {
  if (failure.type !== 'rate_limit') return failure;
  return { ...failure, message: `Rate limited — retrying in ${Math.ceil(delayMs / 1000)}s` };
}
