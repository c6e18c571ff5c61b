/** What a turn's result says about how it ended, and what failures on the way mean. */
import type { AgentEvent, Failure } from '../../../protocol/agent-event.ts';
import { classifyError } from '../../error-classifier.ts';
import type { ResultLine, SystemLine } from './lines.ts';
import type { TurnEnd } from './turns.ts';

type ResultContext = {
  /** The class of failure that the program named in this turn. */
  readonly errorCode: string | null;
  readonly interrupting: boolean;
};

/** A failed call to the model comes as `success` with `is_error`: the flag counts, not the name. */
export function turnEndOf(result: ResultLine, context: ResultContext): TurnEnd {
  if (isAborted(result, context)) return { reason: 'interrupted', failure: null };
  if (result.subtype.startsWith('error_max_')) return { reason: 'limit', failure: null };
  if (result.is_error) return { reason: 'failed', failure: failureOf(result, context.errorCode) };
  if (result.stop_reason === 'refusal') return { reason: 'refused', failure: null };
  if (result.stop_reason === 'max_tokens') return { reason: 'limit', failure: null };
  return { reason: 'completed', failure: null };
}

export function retryEventOf(line: Extract<SystemLine, { subtype: 'api_retry' }>): AgentEvent {
  // Without a status there was no answer at all.
  const what = line.error_status == null ? 'connection failed' : (line.error ?? 'unknown');
  return {
    type: 'retry',
    attempt: line.attempt,
    maxAttempts: line.max_retries ?? null,
    delayMs: line.retry_delay_ms,
    failure: classifyError({
      ...(line.error_status != null && { status: line.error_status }),
      ...codeField(line.error ?? null),
      message: `${what}, retry after ${Math.round(line.retry_delay_ms)} ms`,
    }),
  };
}

function isAborted(result: ResultLine, context: ResultContext): boolean {
  if (result.terminal_reason?.startsWith('aborted')) return true;
  return context.interrupting && result.subtype === 'error_during_execution';
}

function failureOf(result: ResultLine, errorCode: string | null): Failure {
  const status = result.api_error_status;
  const message = result.result ?? result.errors?.join('; ') ?? `The turn ended with ${result.subtype}.`;
  return classifyError({ ...(status != null && { status }), ...codeField(errorCode), message });
}

/** A broken connection is called `server_error` too: these two say less than the words that come with them. */
function codeField(code: string | null): { code?: string } {
  return code === null || code === 'unknown' || code === 'server_error' ? {} : { code };
}
