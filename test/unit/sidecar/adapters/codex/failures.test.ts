/** What Codex's errors mean, as it was heard to say them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failureOf, retryOf, turnEndOf } from '../../../../../server/sidecar/adapters/codex/failures.ts';

const error = (codexErrorInfo: unknown, message = 'It broke.', additionalDetails: string | null = null) => ({
  ...{ message, codexErrorInfo, additionalDetails },
});

test('its own code says the class, and the status of its provider where it names one', () => {
  const heard: readonly [info: unknown, message: string, type: string][] = [
    [{ httpConnectionFailed: { httpStatusCode: 401 } }, 'unexpected status 401 Unauthorized', 'auth'],
    [{ httpConnectionFailed: { httpStatusCode: 403 } }, 'unexpected status 403 Forbidden', 'auth'],
    [{ httpConnectionFailed: { httpStatusCode: 503 } }, 'unexpected status 503 Service Unavailable', 'overloaded'],
    [{ responseTooManyFailedAttempts: { httpStatusCode: 429 } }, 'exceeded retry limit, last status: 429', 'rate_limit'],
    [{ responseStreamDisconnected: { httpStatusCode: null } }, 'stream disconnected before completion', 'network'],
    ['usageLimitExceeded', 'You’ve hit your usage limit.', 'quota'],
    ['usageLimitExceeded', 'Quota exceeded. Check your plan and billing details.', 'quota'],
    ['rateLimitExceeded', 'Slow down.', 'rate_limit'],
    ['internalServerError', 'We’re currently experiencing high demand, which may cause temporary errors.', 'overloaded'],
    ['serverOverloaded', 'Busy.', 'overloaded'],
    ['unauthorized', 'No.', 'auth'],
    ['modelNotFound', 'There is no model "429 overloaded".', 'unknown'],
    ['badRequest', 'timeout must be a number', 'unknown'],
    ['other', '{"error":{"message":"stand-in 400"}}', 'unknown'],
    ['codeOfALaterVersion', 'Something else.', 'unknown'],
    [{ shapeOfALaterVersion: 3 }, 'Something else.', 'unknown'],
    [null, 'Something else.', 'unknown'],
  ];
  for (const [info, message, type] of heard) assert.equal(failureOf(error(info, message)).type, type, JSON.stringify(info));
});

test('the end of its context and a refusal are no failures that trying again would help', () => {
  const limit = turnEndOf('failed', error('contextWindowExceeded', 'Codex ran out of room in the model’s context window.'));
  assert.deepEqual(
    [limit.reason, limit.failure?.retryable, limit.failure?.message],
    ['limit', false, 'Codex ran out of room in the model’s context window.'],
  );
  assert.equal(turnEndOf('failed', error('sessionBudgetExceeded')).reason, 'limit');
  assert.equal(turnEndOf('failed', error('cyberPolicy')).reason, 'refused');
});

test('a turn ends as it says, and a failure without a reason says that', () => {
  assert.deepEqual(turnEndOf('completed', null), { reason: 'completed', failure: null });
  assert.deepEqual(turnEndOf('interrupted', error('other')), { reason: 'interrupted', failure: null });
  assert.match(turnEndOf('failed', null).failure?.message ?? '', /did not say why/);
});

test('a retry tells how often, from its words, and counts on where they do not say', () => {
  const info = { responseStreamDisconnected: { httpStatusCode: 503 } };
  const retry = retryOf(error(info, 'Reconnecting... 2/5', 'unexpected status 503'), 1);
  assert.deepEqual([retry.attempt, retry.maxAttempts, retry.failure.type], [2, 5, 'overloaded']);
  const other = retryOf(error(info, 'Trying again.'), 3);
  assert.deepEqual([other.attempt, other.maxAttempts], [4, null]);
});
