/** How a refusal of ours is told over HTTP. Pure. */
import { AgorError, type ErrorCode } from '../../protocol/errors.ts';
import { Refused } from './request-check.ts';

const statuses: Partial<Record<ErrorCode, number>> = {
  badRequest: 400,
  ambiguous: 400,
  refused: 403,
  untrusted: 403,
  notFound: 404,
  conflict: 409,
  tooLarge: 413,
  unavailable: 503,
};

/** With its code beside the sentence, so that a program can act on it; anything else stays what it is. */
export function asRefused(error: unknown): unknown {
  return error instanceof AgorError ? new Refused(statuses[error.code] ?? 500, error.message, error.code) : error;
}
