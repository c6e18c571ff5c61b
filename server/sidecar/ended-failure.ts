/** The words for a failure that ended a turn: nobody tries again by itself then, so none may promise it. Pure. */
import type { Failure } from '../protocol/agent-event.ts';

export function endedFailure(failure: Failure): Failure {
  const seconds = Math.ceil((failure.retryAfterMs ?? 0) / 1000);
  if (failure.type === 'rate_limit') return { ...failure, message: `Rate limited. Send the prompt again in ${seconds} s.` };
  if (failure.type === 'overloaded') return { ...failure, message: `Service overloaded. Send the prompt again in ${seconds} s.` };
  return failure;
}
