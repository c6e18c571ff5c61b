import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RequestError } from '@agentclientprotocol/sdk';
import { errorFacts, failureOf, isAuthRequired, turnEndReason } from '../../../../../server/sidecar/adapters/acp/outcome.ts';

describe('how a turn ended', () => {
  const rows = [
    ['end_turn', 'completed'],
    ['max_tokens', 'limit'],
    ['max_turn_requests', 'limit'],
    ['refusal', 'refused'],
    ['cancelled', 'interrupted'],
    ['of_a_later_version', 'completed'],
  ] as const;
  for (const [stopReason, reason] of rows) it(`${stopReason} is ${reason}`, () => assert.equal(turnEndReason(stopReason), reason));
});

describe('an error of an ACP agent', () => {
  it('takes an HTTP status from wherever the agent puts it', () => {
    assert.equal(errorFacts(new RequestError(429, 'no')).status, 429);
    assert.equal(errorFacts(new RequestError(-32603, 'Internal error', { statusCode: 503 })).status, 503);
    assert.equal(errorFacts(new RequestError(-32603, 'Internal error')).status, undefined);
  });

  it('reads the kind and the hidden text', () => {
    assert.equal(failureOf(new RequestError(-32603, 'Internal error', { errorKind: 'rate_limit' })).type, 'rate_limit');
    assert.equal(failureOf(new RequestError(-32603, 'Internal error', { details: 'connect ECONNREFUSED 1.2.3.4' })).type, 'network');
    assert.equal(failureOf(new RequestError(-32603, 'Internal error', { details: 'it broke' })).message, 'Internal error: it broke');
    assert.equal(failureOf(new RequestError(-32603, 'Internal error', 'it broke')).message, 'Internal error: it broke');
  });

  it('of the server is one of the network where a connection broke', () => {
    const failed = (message: string) => failureOf(new RequestError(-32603, message, { errorKind: 'server_error' })).type;
    assert.equal(failed('Internal error: API Error: Connection refused (ECONNREFUSED)'), 'network');
    assert.equal(failed('Internal error: something went wrong'), 'overloaded');
    assert.equal(failureOf(new RequestError(500, 'exception TypeError: fetch failed sending request')).type, 'network');
    assert.equal(failureOf(new RequestError(500, 'Internal error encountered.')).type, 'overloaded');
  });

  it('that asks for a login is one of authentication', () => {
    const error = RequestError.authRequired();
    assert.ok(isAuthRequired(error));
    assert.equal(failureOf(error).type, 'auth');
  });

  it('may be anything at all', () => {
    assert.equal(failureOf(new Error('plain')).message, 'plain');
    assert.equal(failureOf('a string').message, 'a string');
  });
});
