/**
 * Why a service did not let an agent in. What to do differs: a key that is wrong is looked at, one that has expired is replaced,
 * and one that is good needs a right that it has not. Pure.
 */
import type { Failure } from '../protocol/agent-event.ts';

/** `message`: the words of the program, without the places in them. */
type Facts = { readonly status?: number | undefined; readonly code?: string | undefined; readonly message: string };

export const authSentence = 'Authentication failed — check API key';
const expiredSentence = `${authSentence}: it, or the login, has expired. Rotate the secret, or log in again.`;
const forbiddenSentence = `${authSentence}: it is known, but has no right to this model or service (403). Choose another model, or a key that may use it.`;

const expiredWords =
  /\b(key|token|credentials?|login|session|authentication)\b.{0,30}\bexpired\b|\bexpired\b.{0,20}\b(key|token|credentials?|login)\b|\btoken_expired\b/i;
const wrongKeyWords =
  /\b(invalid|incorrect|missing|bad|no)\b.{0,20}\b(key|token|credentials)\b|\bkey\b.{0,20}\b(invalid|not valid|missing|not found)/i;
const forbiddenCode = /permission_?(error|denied)|forbidden|org_not_allowed/i;

export function authFailure({ status, code = '', message }: Facts): Failure {
  const failure = { type: 'auth', retryable: false } as const;
  if (expiredWords.test(message) || /expired/i.test(code)) return { ...failure, message: expiredSentence, because: 'expired' };
  const isForbidden = status === 403 || (status !== 401 && forbiddenCode.test(code));
  // Some services say 403 also of a key that they do not know.
  if (isForbidden && !wrongKeyWords.test(message)) return { ...failure, message: forbiddenSentence, because: 'forbidden' };
  return { ...failure, message: authSentence };
}
