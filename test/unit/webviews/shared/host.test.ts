import assert from 'node:assert/strict';
import { test } from 'node:test';
import { webviewProtocolVersion } from '../../../../server/protocol/webview.ts';
import { Host, RequestFailure } from '../../../../webviews/shared/host.ts';

function subject() {
  const posted: unknown[] = [];
  const target = new EventTarget();
  const host = new Host({ api: { postMessage: (message) => posted.push(message) }, target });
  const arrive = (data: unknown) => target.dispatchEvent(new MessageEvent('message', { data }));
  return { host, posted, arrive };
}

test('a page says that it is ready, with the version both sides know', () => {
  const { host, posted } = subject();
  host.start();
  assert.deepEqual(posted, [{ type: 'ready', version: webviewProtocolVersion }]);
});

test('each request gets its own answer, in whatever order they come', async () => {
  const { host, posted, arrive } = subject();
  host.start();
  const agents = host.request('agent/list', {});
  const sessions = host.request('session/list', { limit: 5 });
  assert.deepEqual(posted.slice(1), [
    { type: 'request', id: 1, method: 'agent/list', params: {} },
    { type: 'request', id: 2, method: 'session/list', params: { limit: 5 } },
  ]);
  arrive({ type: 'response', id: 2, result: { sessions: [] } });
  arrive({ type: 'response', id: 1, result: { agents: [] } });
  assert.deepEqual([await agents, await sessions], [{ agents: [] }, { sessions: [] }]);
});

test('a refusal keeps its code and its sentence', async () => {
  const { host, arrive } = subject();
  host.start();
  const asked = host.request('agent/list', {});
  arrive({ type: 'failure', id: 1, code: 'unavailable', message: 'The backend is away.' });
  await assert.rejects(asked, (error) => error instanceof RequestFailure && error.code === 'unavailable' && /away/.test(error.message));
});

test('messages reach who listens for them, until they no longer do; the rest is nothing', () => {
  const { host, arrive } = subject();
  host.start();
  const heard: unknown[] = [];
  const stop = host.subscribe('agent/removed', (params) => heard.push(params));
  host.on('connection', ({ state }) => heard.push(state));
  const notification = { type: 'notification', method: 'agent/removed', params: { agentId: 'a' } };
  arrive(notification);
  arrive({ type: 'connection', state: 'away' });
  stop();
  for (const data of [notification, null, 'text', {}, { type: 'response', id: 99, result: 1 }]) arrive(data);
  assert.deepEqual(heard, [{ agentId: 'a' }, 'away']);
});
