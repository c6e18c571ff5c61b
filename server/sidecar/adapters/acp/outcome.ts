/** How a turn ended, read from ACP's answer to the prompt or from its error. */
import { RequestError, type StopReason } from '@agentclientprotocol/sdk';
import type { Failure, TurnEndReason } from '../../../protocol/agent-event.ts';
import { classifyError, type ErrorFacts } from '../../error-classifier.ts';

const reasons: Readonly<Record<StopReason, TurnEndReason>> = {
  end_turn: 'completed',
  max_tokens: 'limit',
  max_turn_requests: 'limit',
  refusal: 'refused',
  cancelled: 'interrupted',
};

/** A reason of a later protocol version is taken as a completed turn. */
export function turnEndReason(stopReason: string): TurnEndReason {
  const known: Readonly<Record<string, TurnEndReason>> = reasons;
  return known[stopReason] ?? 'completed';
}

export function failureOf(error: unknown): Failure {
  const facts = errorFacts(error);
  const failure = classifyError(facts);
  if (facts.code !== vagueKind && facts.status !== vagueStatus) return failure;
  const byWords = classifyError({ message: facts.message });
  return byWords.type === 'network' ? byWords : failure;
}

/** By these Claude Code and Gemini CLI mean a connection that broke as well. */
const vagueKind = 'server_error';
const vagueStatus = 500;

/** JSON-RPC's code for "log in first". */
const authRequiredCode = -32000;

export function isAuthRequired(error: unknown): boolean {
  return error instanceof RequestError && error.code === authRequiredCode;
}

/**
 * Agents put the cause where they like: some answer with the HTTP status as the JSON-RPC code, some name the kind in
 * `data`, most hide the provider's text in `data.details` below a bare "Internal error".
 */
export function errorFacts(error: unknown): ErrorFacts {
  if (!(error instanceof RequestError)) return { message: error instanceof Error ? error.message : String(error) };
  const data = record(error.data);
  const status = isHttpStatus(error.code) ? error.code : numberIn(data, ['status', 'statusCode', 'httpStatus', 'httpStatusCode']);
  const code = stringIn(data, ['errorKind', 'errorName', 'type', 'code']) ?? (isAuthRequired(error) ? 'auth_required' : undefined);
  const detail = typeof error.data === 'string' ? error.data : stringIn(data, ['details', 'detail', 'message', 'error']);
  const message = detail === undefined || error.message.includes(detail) ? error.message : `${error.message}: ${detail}`;
  return { status, code, message, retryAfter: numberIn(data, retryAfterNames) ?? stringIn(data, retryAfterNames) };
}

const retryAfterNames = ['retryAfter', 'retry_after', 'retry-after', 'Retry-After'];

function isHttpStatus(code: number): boolean {
  return code >= 400 && code <= 599;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function stringIn(data: Record<string, unknown>, names: readonly string[]): string | undefined {
  const found = names.map((name) => data[name]).find((value) => typeof value === 'string' && value !== '');
  return typeof found === 'string' ? found : undefined;
}

function numberIn(data: Record<string, unknown>, names: readonly string[]): number | undefined {
  const found = names.map((name) => data[name]).find((value) => typeof value === 'number');
  return typeof found === 'number' ? found : undefined;
}
