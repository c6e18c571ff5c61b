/** What an error of Codex means: its own code first, then the status of its provider, then its words. Pure. */
import * as z from 'zod/mini';
import type { AgentEvent, Failure, TurnEndReason } from '../../../protocol/agent-event.ts';
import { classifyError, type ErrorFacts } from '../../error-classifier.ts';
import type { TurnError } from './messages.ts';

type TurnEnd = { readonly reason: TurnEndReason; readonly failure: Failure | null };

/** Its codes, in the words that the classifier knows. Those that are missing say nothing about the kind. */
const codes: Readonly<Record<string, string>> = {
  usageLimitExceeded: 'quota',
  rateLimitExceeded: 'rate_limit',
  serverOverloaded: 'overloaded',
  internalServerError: 'overloaded',
  flexUnavailable: 'overloaded',
  policyCapacityUnavailable: 'overloaded',
  unauthorized: 'auth',
};
/** The session, and not the provider, has come to an end: trying again would not help. */
const limits: ReadonlySet<string> = new Set(['contextWindowExceeded', 'sessionBudgetExceeded']);
const refusals: ReadonlySet<string> = new Set(['cyberPolicy', 'misalignmentPolicyViolation', 'inferenceHookDenied', 'tooManyDenials']);
/** They say themselves what is wrong, and their words may name anything. */
const plain: ReadonlySet<string> = new Set(['modelNotFound', 'badRequest', 'sandboxError', 'threadRollbackFailed']);
/** No answer came from the provider at all, unless there is a status. */
const connections: ReadonlySet<string> = new Set([
  'httpConnectionFailed',
  'responseStreamConnectionFailed',
  'responseStreamDisconnected',
  'responseTooManyFailedAttempts',
]);

const WithStatus = z.object({ httpStatusCode: z.catch(z.optional(z.nullable(z.number())), undefined) });

export function turnEndOf(status: string, error: TurnError | null): TurnEnd {
  if (status === 'interrupted') return { reason: 'interrupted', failure: null };
  if (error === null) return status === 'failed' ? { reason: 'failed', failure: withoutReason } : { reason: 'completed', failure: null };
  const { name } = infoOf(error);
  if (limits.has(name)) return { reason: 'limit', failure: asSaid(error) };
  if (refusals.has(name)) return { reason: 'refused', failure: asSaid(error) };
  return { reason: 'failed', failure: failureOf(error) };
}

export function failureOf(error: TurnError): Failure {
  const { name, status } = infoOf(error);
  if (plain.has(name)) return asSaid(error);
  return classifyError({ ...factsOf(name, status), message: wordsOf(error) });
}

/** It says how often it tried in its words only, and not how long it waits. */
export function retryOf(error: TurnError, attemptsBefore: number): Extract<AgentEvent, { type: 'retry' }> {
  const [, attempt, most] = /\b(\d{1,3})\/(\d{1,3})\b/.exec(error.message) ?? [];
  const message = error.additionalDetails ?? error.message;
  return {
    type: 'retry',
    attempt: attempt === undefined ? attemptsBefore + 1 : Number(attempt),
    maxAttempts: most === undefined ? null : Number(most),
    delayMs: 0,
    failure: failureOf({ ...error, message, additionalDetails: undefined }),
  };
}

function factsOf(name: string, status: number | undefined): Omit<ErrorFacts, 'message'> {
  if (status !== undefined) return { status };
  const code = codes[name] ?? (connections.has(name) ? 'connection' : undefined);
  return code === undefined ? {} : { code };
}

/** A name, or an object whose one key is the name. */
function infoOf({ codexErrorInfo: info }: TurnError): { readonly name: string; readonly status: number | undefined } {
  if (typeof info === 'string') return { name: info, status: undefined };
  const [entry] = typeof info === 'object' && info !== null ? Object.entries(info) : [];
  if (entry === undefined) return { name: '', status: undefined };
  const told = WithStatus.safeParse(entry[1]);
  return { name: entry[0], status: (told.success ? told.data.httpStatusCode : null) ?? undefined };
}

function wordsOf({ message, additionalDetails }: TurnError): string {
  return additionalDetails && !message.includes(additionalDetails) ? `${message} ${additionalDetails}` : message;
}

function asSaid(error: TurnError): Failure {
  return { type: 'unknown', message: wordsOf(error), retryable: false };
}

const withoutReason: Failure = { type: 'unknown', message: 'The turn failed, and Codex did not say why.', retryable: false };
