import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { classifyError, type ErrorFacts } from '../../../server/sidecar/error-classifier.ts';

type Row = readonly [facts: ErrorFacts, type: ReturnType<typeof classifyError>['type']];

const byStatus: Row[] = [
  [{ status: 429, message: 'slow down' }, 'rate_limit'],
  [{ status: 401, message: 'no' }, 'auth'],
  [{ status: 403, message: 'no' }, 'auth'],
  [{ status: 402, message: 'pay' }, 'quota'],
  [{ status: 408, message: 'too late' }, 'network'],
  [{ status: 500, message: 'oops' }, 'overloaded'],
  [{ status: 502, message: 'oops' }, 'overloaded'],
  [{ status: 503, message: 'oops' }, 'overloaded'],
  [{ status: 504, message: 'oops' }, 'overloaded'],
  [{ status: 529, message: 'oops' }, 'overloaded'],
  [{ status: 404, message: 'no such model' }, 'unknown'],
  [{ status: 400, message: 'timeout must be a number' }, 'unknown'],
  [{ status: 400, message: 'API key not valid. Please pass a valid API key.' }, 'auth'],
];

const quotaFirst: Row[] = [
  [{ status: 429, message: 'You exceeded your current quota, please check your plan and billing details.' }, 'quota'],
  [{ status: 429, code: 'insufficient_quota', message: 'no' }, 'quota'],
  [{ status: 400, message: 'Your credit balance is too low to access the API.' }, 'quota'],
  [{ message: 'Quota exceeded for this month' }, 'quota'],
  [{ code: 'billing_error', message: 'no' }, 'quota'],
  [{ status: 500, message: 'the quota service is down: quota exceeded' }, 'overloaded'],
];

const statusOverCodeOverText: Row[] = [
  [{ status: 529, code: 'rate_limit', message: 'rate limit exceeded' }, 'overloaded'],
  [{ code: 'overloaded', message: 'rate limit exceeded' }, 'overloaded'],
  [{ code: 'ECONNREFUSED', message: 'invalid api key' }, 'network'],
  [{ code: 'something_else', message: 'rate limit exceeded' }, 'rate_limit'],
];

const byCode: Row[] = [
  [{ code: 'authentication_failed', message: '' }, 'auth'],
  [{ code: 'oauth_org_not_allowed', message: '' }, 'auth'],
  [{ code: 'auth_required', message: '' }, 'auth'],
  [{ code: 'rate_limit', message: '' }, 'rate_limit'],
  [{ code: 'rate_limit_error', message: '' }, 'rate_limit'],
  [{ code: 'server_error', message: '' }, 'overloaded'],
  [{ code: 'RESOURCE_EXHAUSTED', message: '' }, 'rate_limit'],
  [{ code: 'overloaded_error', message: '' }, 'overloaded'],
  [{ code: 'ECONNRESET', message: '' }, 'network'],
  [{ code: 'EAI_AGAIN', message: '' }, 'network'],
  [{ code: 'ENOTFOUND', message: '' }, 'network'],
  [{ code: 'ETIMEDOUT', message: '' }, 'network'],
  [{ code: 'UND_ERR_CONNECT_TIMEOUT', message: '' }, 'network'],
  [{ code: 'ENOENT', message: 'no such file' }, 'unknown'],
  [{ code: 'model_not_found', message: 'no such model' }, 'unknown'],
];

const byText: Row[] = [
  [{ message: 'Rate limit exceeded' }, 'rate_limit'],
  [{ message: 'API Error: Request rejected (429) · try later' }, 'rate_limit'],
  [{ message: 'HTTP 429' }, 'rate_limit'],
  [{ message: 'HTTP/1.1 429 Too Many Requests' }, 'rate_limit'],
  [{ message: 'Request failed with status code 429' }, 'rate_limit'],
  [{ message: '{"type":"error","error":{"type":"rate_limit_error","message":"no"}}' }, 'rate_limit'],
  [{ message: 'Failed to authenticate. API Error: 401 {"type":"error"}' }, 'auth'],
  [{ message: 'Not logged in · Please run /login' }, 'auth'],
  [{ message: 'Invalid API key provided' }, 'auth'],
  [{ message: 'API Error: 529 {"type":"overloaded_error"}' }, 'overloaded'],
  [{ message: 'The model is overloaded. Please try again later.' }, 'overloaded'],
  [{ message: 'Overloaded: this is no rate limit of yours' }, 'overloaded'],
  [{ message: 'API Error: Connection dropped (ECONNRESET)' }, 'network'],
  [{ message: 'connect ECONNREFUSED 127.0.0.1:9' }, 'network'],
  [{ message: 'Cannot connect to API: Unable to connect. Is the computer able to access the url?' }, 'network'],
  [{ message: 'getaddrinfo EAI_AGAIN api.example.com' }, 'network'],
  [{ message: 'Request timed out after 3000 ms' }, 'network'],
  [{ message: 'fetch failed' }, 'network'],
];

const misleading: Row[] = [
  [{ message: 'cannot read /srv/429/index.html' }, 'unknown'],
  [{ message: 'src/app.ts:429:7 unexpected token' }, 'unknown'],
  [{ message: 'app.ts(429,3): error in type' }, 'unknown'],
  [{ message: 'Error at line 429 of the script' }, 'unknown'],
  [{ message: '429 files changed' }, 'unknown'],
  [{ message: 'C:\\work\\429\\timeout.js is missing' }, 'unknown'],
  [{ message: 'module ./src/billing/quota-exceeded.ts has no default export' }, 'unknown'],
  [{ message: 'test/rate-limit.test.ts failed' }, 'unknown'],
  [{ message: 'expected 401 items but got 12' }, 'unknown'],
  [{ message: 'process 503 was killed' }, 'unknown'],
];

function check(rows: readonly Row[]): void {
  for (const [facts, type] of rows) {
    it(`${type}: ${JSON.stringify(facts)}`, () => assert.equal(classifyError(facts).type, type));
  }
}

describe('error classes', () => {
  describe('by status', () => check(byStatus));
  describe('a used-up quota before a rate limit', () => check(quotaFirst));
  describe('status before code before text', () => check(statusOverCodeOverText));
  describe('by code', () => check(byCode));
  describe('by text', () => check(byText));
  describe('numbers and words inside of names and places say nothing', () => check(misleading));
});

describe('what the person is told', () => {
  it('has the sentence and the wait of its class', () => {
    const of = (status: number) => classifyError({ status, message: 'x' });
    assert.deepEqual(of(429), { type: 'rate_limit', message: 'Rate limited — retrying in 15s', retryable: true, retryAfterMs: 15_000 });
    assert.deepEqual(of(529), { type: 'overloaded', message: 'Service overloaded — retrying', retryable: true, retryAfterMs: 30_000 });
    assert.deepEqual(of(408), { type: 'network', message: 'Network error — check connection', retryable: true, retryAfterMs: 5_000 });
    assert.deepEqual(of(401), { type: 'auth', message: 'Authentication failed — check API key', retryable: false });
    assert.deepEqual(of(402), { type: 'quota', message: 'Usage quota exceeded', retryable: false });
  });

  it('tells a key that is wrong from one that has expired, and from one without the right', () => {
    const of = (facts: ErrorFacts) => classifyError(facts).because;
    const cases: [ErrorFacts, ReturnType<typeof of>][] = [
      [{ status: 401, message: 'invalid x-api-key' }, undefined],
      [{ status: 401, message: 'OAuth token has expired. Please obtain a new token.' }, 'expired'],
      [{ status: 401, code: 'token_expired', message: 'no' }, 'expired'],
      [{ message: 'Failed to authenticate. API Error: 401 Your API key expired yesterday' }, 'expired'],
      [{ status: 400, message: 'API key expired. Please renew the API key.' }, 'expired'],
      [{ status: 403, message: 'Your organization has no access to this model.' }, 'forbidden'],
      [{ status: 403, code: 'authentication_failed', message: 'Failed to authenticate. API Error: 403 {"error":"no"}' }, 'forbidden'],
      [{ message: 'API Error: 403 {"type":"permission_error"}' }, 'forbidden'],
      [{ code: 'PERMISSION_DENIED', message: 'no' }, 'forbidden'],
      [{ status: 403, message: 'Invalid API key' }, undefined],
      [{ status: 401, code: 'permission_error', message: 'no' }, undefined],
    ];
    for (const [facts, because] of cases) assert.equal(of(facts), because, JSON.stringify(facts));
    for (const [facts] of cases) assert.match(classifyError(facts).message, /^Authentication failed — check API key/);
    assert.match(classifyError({ status: 403, message: 'no' }).message, /no right to this model/);
    assert.match(classifyError({ code: 'token_expired', message: '' }).message, /Rotate the secret/);
  });

  it('takes the wait that the provider states', () => {
    const waitOf = (message: string) => classifyError({ status: 429, message }).retryAfterMs;
    assert.equal(waitOf('Retry-After: 12'), 12_000);
    assert.equal(waitOf('"retry_after": 7'), 7_000);
    assert.equal(waitOf('please try again in 1m30s'), 90_000);
    assert.equal(waitOf('retry after 250 ms'), 250);
    assert.equal(waitOf('try again in 2.5 seconds, or later'), 2_500);
    assert.equal(waitOf('try again in 900 hours'), 24 * 3_600_000);
    assert.equal(classifyError({ status: 429, message: 'Retry-After: 12' }).message, 'Rate limited — retrying in 12s');
  });

  it('takes the wait of a header, in seconds or as a date', () => {
    const now = Date.parse('Wed, 21 Oct 2026 07:28:00 GMT');
    const waitOf = (facts: Partial<ErrorFacts>) => classifyError({ status: 429, message: '', ...facts }, now).retryAfterMs;
    assert.equal(waitOf({ retryAfter: '12' }), 12_000);
    assert.equal(waitOf({ retryAfter: 0.5 }), 500);
    assert.equal(waitOf({ retryAfter: 'Wed, 21 Oct 2026 07:29:30 GMT' }), 90_000);
    assert.equal(waitOf({ message: 'Retry-After: Wed, 21 Oct 2026 07:28:07 GMT' }), 7_000);
    assert.equal(waitOf({ retryAfter: 'Wed, 21 Oct 2025 07:28:00 GMT' }), 0, 'a time that has passed');
    for (const retryAfter of ['soon', '-1', '', Number.NaN, -3]) assert.equal(waitOf({ retryAfter }), 15_000, String(retryAfter));
    assert.equal(waitOf({ retryAfter: '12', message: 'retry after 99 s' }), 12_000, 'a header is worth more than words');
  });

  it('keeps the original text of an unknown error, and has one when there is none', () => {
    assert.deepEqual(classifyError({ message: 'it broke in two' }), { type: 'unknown', message: 'it broke in two', retryable: false });
    assert.equal(classifyError({ message: ' ' }).message, 'Unexpected error');
  });

  it('is done with a megabyte of slashes in no time', () => {
    assert.equal(classifyError({ message: 'a/'.repeat(500_000) }).type, 'unknown');
  });
});
