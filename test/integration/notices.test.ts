/** What a person is told of who does not look, with a real backend and a real agent. */
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { isSameProcess } from '../../server/base/process-identity.ts';
import type { Connection } from '../../server/cli/connection.ts';
import type { Agent } from '../../server/protocol/agent.ts';
import type { NotificationParams } from '../../server/protocol/notifications.ts';
import { Followed, LiveBackend, until } from '../support/live-backend.ts';

type Change = NotificationParams<'notice/changed'>;

let backend: LiveBackend;
let connection: Connection;
let agent: Agent;

before(async () => {
  backend = await LiveBackend.create();
  connection = await backend.connect();
  agent = await backend.demoAgent(connection);
});
after(() => backend.close());

it('a turn that nobody watches is told when it has ended, and leads to its end in its session', async () => {
  const told = nextNews();
  const { sessionId } = await connection.call('agent/prompt', { agent: 'demo', text: 'hello' });
  const { notices, raised, unread } = await told;
  assert.deepEqual(raised, [notices[0]?.id]);
  assert.equal(unread, 1);
  const [{ type, title, text, place } = assert.fail('nothing was told')] = notices;
  assert.deepEqual([type, title, text], ['agent_complete', 'demo has finished', 'hello']);
  const { items } = await connection.call('session/items', { session: sessionId });
  const end = items.findLast(({ kind }) => kind === 'turnEnd');
  assert.deepEqual(place, { kind: 'turn', agentId: agent.id, sessionId, itemId: end?.id });
});

it('the next one is counted, and one that somebody watches is not told', async () => {
  const told = nextNews();
  const { sessionId } = await connection.call('agent/prompt', { agent: 'demo', text: 'hello' });
  assert.equal((await told).notices[0]?.count, 2);
  const watching = await backend.connect();
  const followed = await Followed.session(watching, sessionId);
  const turns = () => followed.ordered().filter(({ kind }) => kind === 'turnEnd').length;
  const before = turns();
  await connection.call('agent/prompt', { agent: 'demo', text: 'hello' });
  await followed.until(() => turns() > before);
  const { notices } = await connection.call('notice/list', {});
  assert.deepEqual(
    notices.map(({ count }) => count),
    [2],
  );
  await watching.call('session/unwatch', { session: sessionId });
});

it('a window that shows the session without being looked at has seen nothing', async () => {
  const away = await backend.connect();
  await away.call('window/setFocus', { isFocused: false });
  const { sessions } = await away.call('session/list', { agent: 'demo' });
  await Followed.session(away, sessions[0]?.id ?? '');
  const told = nextNews();
  await connection.call('agent/prompt', { agent: 'demo', text: 'hello' });
  assert.equal((await told).notices[0]?.count, 3);
});

it('of two windows the one that is looked at may show it, once', async () => {
  const [looked, other] = [await backend.connect(), await backend.connect()];
  await looked.call('window/setFocus', { isFocused: true });
  await other.call('window/setFocus', { isFocused: false });
  const [notice] = (await connection.call('notice/list', {})).notices;
  const claim = { notice: notice?.id ?? '', count: notice?.count ?? 0 };
  const claims = [other, looked, looked].map((window) => () => window.call('notice/claim', claim));
  const answers: boolean[] = [];
  for (const ask of claims) answers.push((await ask()).isYours);
  assert.deepEqual(answers, [false, true, false]);
});

it('what was told is still there after the backend was restarted', async () => {
  await connection.call('agent/add', { project: 'project', name: 'broken', provider: 'acp', command: ['/nowhere/at/all'] });
  const told = nextNews();
  await connection.call('agent/prompt', { agent: 'broken', text: 'hello' });
  const [notice] = (await told).notices;
  assert.deepEqual([notice?.type, notice?.title], ['agent_error', 'broken has failed']);
  const owner = backend.owner();
  await connection.call('backend/stop', {});
  await until(() => !isSameProcess(owner));
  connection = await backend.connect();
  const { notices } = await connection.call('notice/list', { unread: true });
  assert.deepEqual(
    notices.map(({ title }) => title),
    ['broken has failed', 'demo has finished'],
  );
  assert.deepEqual(await connection.call('notice/markRead', {}), { marked: 2 });
});

function nextNews(): Promise<Change> {
  return new Promise((resolve) => {
    connection.on('notice/changed', (change) => {
      if (change.raised.length > 0) resolve(change);
    });
  });
}
