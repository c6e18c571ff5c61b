/** What each thing that an agent does makes of notices, and where they lead, with a real backend and a real agent. */
import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import type { Connection } from '../../server/cli/connection.ts';
import type { Agent } from '../../server/protocol/agent.ts';
import type { Notice } from '../../server/protocol/notice.ts';
import type { Item } from '../../server/protocol/session.ts';
import { LiveBackend, until } from '../support/live-backend.ts';

let backend: LiveBackend;
let connection: Connection;
let agent: Agent;

before(async () => {
  backend = await LiveBackend.create();
  connection = await backend.connect();
  agent = await backend.demoAgent(connection);
  // Everything that is told goes on beside what is looked for.
  await connection.call('settings/put', { values: { 'notifications.desktop': 'off' } });
});
after(() => backend.close());

it('a question is told when it is asked, leads to where it is asked, and is read once it is answered', async () => {
  const { sessionId } = await connection.call('agent/prompt', { agent: 'demo', text: 'ask' });
  const { type, about, place } = await noticed('question');
  assert.deepEqual([type, about.kind === 'question' && about.agent], ['warning', 'demo']);
  const [approval = assert.fail('nothing is asked')] = (await connection.call('approval/list', {})).approvals;
  const asked = (await items(sessionId)).findLast(({ kind }) => kind === 'permission');
  assert.deepEqual(place, { kind: 'question', agentId: agent.id, sessionId, itemId: asked?.id, approvalId: approval.id });
  await connection.call('approval/answer', { approval: approval.id, decision: 'deny', hash: approval.hash });
  await until(async () => (await all()).some((notice) => notice.about.kind === 'question' && notice.isRead));
  await noticed('turnFinished');
});

it('a message to the person is told with what it says, leads to it, and is read with it', async () => {
  await prompt('tell person Which port shall I take?');
  const { type, text, place } = await noticed('message');
  assert.equal(text, 'Which port shall I take?');
  assert.ok(type === 'info' || type === 'warning');
  const [message] = (await connection.call('message/feed', { agent: 'demo' })).messages;
  assert.deepEqual(place, { kind: 'message', agentId: agent.id, messageId: message?.id });
  await connection.call('message/read', { message: message?.id ?? '' });
  await until(async () => (await all()).every((notice) => notice.about.kind !== 'message' || notice.isRead));
});

it('a task that the agent finished is told, and one that the person did is not', async () => {
  const own = await connection.call('task/add', { title: 'Build the door' });
  await connection.call('task/move', { task: own.id, state: 'done' });
  const task = await connection.call('task/add', { title: 'Paint the door', assign: 'demo' });
  await connection.call('team/configure', { agent: 'demo', role: 'manager' });
  await prompt(`move ${task.number} done`);
  const { type, about, place } = await noticed('taskDone');
  assert.deepEqual([type, about], ['success', { kind: 'taskDone', number: task.number, task: 'Paint the door', by: 'demo' }]);
  assert.deepEqual(place, { kind: 'task', teamId: task.teamId, taskId: task.id });
});

it('a turn that failed and one whose program crashed are told, each with its reason', async () => {
  await connection.call('notice/clear', {});
  await prompt('error');
  assert.match((await noticed('turnFailed')).text, /told to fail/);
  await connection.call('notice/clear', {});
  await prompt('crash');
  const { type, title, place } = await noticed('turnFailed');
  assert.deepEqual([type, title, place.kind], ['agent_error', 'demo crashed in the middle of a turn', 'turn']);
});

it('a turn that the backend ended, because its sidecar was killed, is told and leads to its end', async () => {
  await connection.call('notice/clear', {});
  const { sessionId } = await connection.call('agent/prompt', { agent: 'demo', text: 'ask' });
  await noticed('question');
  process.kill(backend.run(agent.id)?.sidecar?.pid ?? assert.fail('there is no sidecar'), 'SIGKILL');
  const { about, place } = await noticed('turnFailed');
  assert.equal(about.kind === 'turnFailed' && about.reason, 'crashed');
  assert.equal((await noticed('question')).isRead, true);
  const end = (await items(sessionId)).findLast(({ kind }) => kind === 'turnEnd');
  assert.deepEqual(place, { kind: 'turn', agentId: agent.id, sessionId, itemId: end?.id });
});

async function prompt(text: string): Promise<void> {
  await connection.call('agent/prompt', { agent: 'demo', text });
}

async function all(): Promise<Notice[]> {
  return (await connection.call('notice/list', {})).notices;
}

async function noticed(kind: Notice['about']['kind']): Promise<Notice> {
  const find = async () => (await all()).find(({ about }) => about.kind === kind);
  await until(async () => (await find()) !== undefined);
  return (await find()) ?? assert.fail();
}

async function items(session: string): Promise<Item[]> {
  return (await connection.call('session/items', { session })).items;
}
