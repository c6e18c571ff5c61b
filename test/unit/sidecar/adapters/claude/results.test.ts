/** How a turn ended, by its result. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseLine } from '../../../../../server/sidecar/adapters/claude/lines.ts';
import { retryEventOf, turnEndOf } from '../../../../../server/sidecar/adapters/claude/results.ts';

function endOf(fields: Record<string, unknown>, context: { errorCode?: string; interrupting?: boolean } = {}) {
  const parsed = parseLine(JSON.stringify({ type: 'result', subtype: 'success', is_error: false, ...fields }));
  assert.ok(parsed.kind === 'line' && parsed.line.type === 'result');
  return turnEndOf(parsed.line, { errorCode: context.errorCode ?? null, interrupting: context.interrupting ?? false });
}

const reasons: [string, Record<string, unknown>, string][] = [
  ['a normal end', { stop_reason: 'end_turn' }, 'completed'],
  ['a refusal', { stop_reason: 'refusal' }, 'refused'],
  ['an answer that was too long', { stop_reason: 'max_tokens' }, 'limit'],
  ['the limit of turns', { subtype: 'error_max_turns', is_error: true }, 'limit'],
  ['the limit of money', { subtype: 'error_max_budget_usd', is_error: true }, 'limit'],
  ['an abort in mid-stream', { subtype: 'error_during_execution', is_error: true, terminal_reason: 'aborted_streaming' }, 'interrupted'],
  ['an abort of a tool', { subtype: 'error_during_execution', is_error: true, terminal_reason: 'aborted_tools' }, 'interrupted'],
  ['an error of the program', { subtype: 'error_during_execution', is_error: true, errors: ['boom'] }, 'failed'],
  ['an error that is named success', { is_error: true, api_error_status: 500, result: 'API Error: 500' }, 'failed'],
];
for (const [what, fields, reason] of reasons) {
  test(`${what} ends the turn as ${reason}`, () => assert.equal(endOf(fields).reason, reason));
}

test('an error right after an interrupt is the interrupt', () => {
  assert.equal(endOf({ subtype: 'error_during_execution', is_error: true }, { interrupting: true }).reason, 'interrupted');
});

const failures: [Record<string, unknown>, string | undefined, string][] = [
  [{ api_error_status: 401, result: 'Failed to authenticate. API Error: 401 …' }, 'authentication_failed', 'auth'],
  [{ api_error_status: 429, result: 'API Error: Request rejected (429) · …' }, 'rate_limit', 'rate_limit'],
  [{ api_error_status: 529, result: 'API Error: 529 …' }, 'server_error', 'overloaded'],
  [{ api_error_status: null, result: 'API Error: Connection dropped (ECONNRESET) …' }, 'server_error', 'network'],
  [{ api_error_status: null, result: 'API Error: Connection refused … (ECONNREFUSED)' }, undefined, 'network'],
  [{ api_error_status: null, result: 'Not logged in · Please run /login' }, 'authentication_failed', 'auth'],
  [{ api_error_status: 400, result: 'API Error: 400 wrong' }, 'unknown', 'unknown'],
];
for (const [fields, errorCode, type] of failures) {
  test(`"${fields.result}" is a failure of type ${type}`, () => {
    const context = errorCode === undefined ? {} : { errorCode };
    assert.equal(endOf({ is_error: true, ...fields }, context).failure?.type, type);
  });
}

test('a key that has expired, and one without the right, are told from one that is wrong', () => {
  const because = (api_error_status: number, result: string) =>
    endOf({ is_error: true, api_error_status, result }, { errorCode: 'authentication_failed' }).failure?.because;
  assert.equal(because(401, 'Failed to authenticate. API Error: 401 {"message":"OAuth token has expired."}'), 'expired');
  assert.equal(because(403, 'Failed to authenticate. API Error: 403 {"message":"No access to this model."}'), 'forbidden');
  assert.equal(because(401, 'Failed to authenticate. API Error: 401 {"message":"invalid x-api-key"}'), undefined);
});

const retries: [Record<string, unknown>, string][] = [
  [{ error_status: 429, error: 'rate_limit' }, 'rate_limit'],
  [{ error_status: 529, error: 'overloaded' }, 'overloaded'],
  [{ error_status: 401, error: 'authentication_failed' }, 'auth'],
  [{ error_status: null, error: 'unknown' }, 'network'],
];
for (const [fields, type] of retries) {
  test(`a retry after ${JSON.stringify(fields)} is because of ${type}`, () => {
    const text = JSON.stringify({ type: 'system', subtype: 'api_retry', attempt: 1, max_retries: 10, retry_delay_ms: 1061, ...fields });
    const parsed = parseLine(text);
    assert.ok(parsed.kind === 'line' && parsed.line.type === 'system' && parsed.line.subtype === 'api_retry');
    const event = retryEventOf(parsed.line);
    assert.ok(event.type === 'retry');
    assert.deepEqual([event.attempt, event.maxAttempts, event.delayMs, event.failure.type], [1, 10, 1061, type]);
  });
}
