/** What is told of a turn that could not be begun. Pure. */
import type { Failure } from '../protocol/agent-event.ts';
import { AgorError } from '../protocol/errors.ts';
import { classifyError } from './error-classifier.ts';

export function failureFrom(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof AgorError && error.code === 'needsCredentials') return { type: 'auth', message, retryable: false };
  // Our own sentence says more than a class of error would.
  if (error instanceof AgorError) return { type: 'unknown', message, retryable: false };
  return classifyError({ message });
}
