import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toldRetry } from '../../../../../server/sidecar/adapters/acp/told-retry.ts';

function told(error: object) {
  return { sessionId: 's1', update: { sessionUpdate: 'session_info_update', _meta: { codex: { error } } } };
}

/** As codex-acp 2.6.0 tells them. */
const waiting = {
  message: 'Reconnecting... waiting for network',
  codexErrorInfo: { responseStreamDisconnected: { httpStatusCode: null } },
  additionalDetails: 'Connection failed: error sending request',
  willRetry: true,
};
const again = {
  message: 'Reconnecting... 1/5',
  codexErrorInfo: { responseStreamDisconnected: { httpStatusCode: 503 } },
  additionalDetails: 'unexpected status 503 Service Unavailable',
  willRetry: true,
};

test('a try of its own is told with its class and its number', () => {
  const retry = toldRetry(told(again), 's1', 0);
  assert.deepEqual([retry?.attempt, retry?.maxAttempts, retry?.failure.type], [1, 5, 'overloaded']);
  const network = toldRetry(told(waiting), 's1', 2);
  assert.deepEqual([network?.attempt, network?.maxAttempts, network?.failure.type], [3, null, 'network']);
});

test('what is not tried again, of another session, or something else is no try', () => {
  assert.equal(toldRetry(told({ ...waiting, willRetry: false }), 's1', 0), null);
  assert.equal(toldRetry(told(waiting), 's2', 0), null);
  assert.equal(toldRetry({ sessionId: 's1', update: { sessionUpdate: 'session_info_update', title: 'A title' } }, 's1', 0), null);
  assert.equal(toldRetry(null, 's1', 0), null);
});
