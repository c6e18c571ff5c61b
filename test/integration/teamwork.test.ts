/** Two real Claude Code agents and a demo agent work together on one board, through one backend. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Connection } from '../../server/cli/connection.ts';
import type { Message } from '../../server/protocol/message.ts';
import { claudeProgram } from '../support/claude-program.ts';
import { done, handingOn } from '../support/handing-on.ts';
import { LiveBackend, until } from '../support/live-backend.ts';
import { type ModelApi, startModelApi } from '../support/model-api.ts';

describe('agents that work together', () => {
  let backend: LiveBackend;
  let connection: Connection;
  let model: ModelApi;

  before(async () => {
    model = await startModelApi();
    backend = await LiveBackend.create();
    connection = await backend.connect();
    await connection.call('project/add', { path: backend.project, trusted: true });
    await addClaude('lead');
    await addClaude('builder');
    await connection.call('agent/add', { project: 'project', name: 'tester', provider: 'demo', environment: { AGOR_DEMO_SPEED: '0' } });
    await connection.call('team/configure', { agent: 'lead', role: 'manager', wakeStrategy: 'smart', wakeIntervalMin: 60 });
    await connection.call('team/configure', { agent: 'tester', role: 'tester' });
    for (const agent of ['lead', 'builder', 'tester']) await connection.call('agent/start', { agent });
  });
  after(async () => {
    await backend.close();
    await model.close();
  });

  it('hand work on, answer, and ask for review', async () => {
    await connection.call('agent/prompt', { agent: 'lead', text: handingOn });
    await until(async () => (await task())?.state === 'review', 60_000);
    await until(async () => (await between('lead', 'builder')).some(({ from, text }) => from.name === 'builder' && text.includes(done)));
    await until(async () => (await between('lead', 'tester')).length >= 2);
    assert.equal((await task())?.assignee?.name, 'builder');
  });

  it('see each message once, and every state has its time', async () => {
    await until(async () => {
      const { messages } = await connection.call('message/feed', {});
      return messages.every(({ deliveries }) =>
        deliveries.every(({ state, to }) => to.id === 'person' || !['queued', 'delivered'].includes(state)),
      );
    });
    const [question] = (await between('lead', 'builder')).filter(({ text }) => text.includes('reply_message'));
    assert.ok(question);
    const [delivery] = question.deliveries;
    assert.ok(delivery);
    assert.equal(delivery.state, 'answered');
    assert.ok(question.isOrder, 'a manager’s word is signed');
    const times = [delivery.queuedAt, delivery.deliveredAt, delivery.seenAt, delivery.answeredAt];
    assert.ok(
      times.every((time, index) => time !== null && time >= (times[index - 1] ?? 0)),
      JSON.stringify(times),
    );
    const answer = (await between('lead', 'builder')).find(({ replyTo }) => replyTo === question.id);
    assert.equal(answer?.threadId, question.threadId);
    const seen = model.requests.filter(({ messages }) => JSON.stringify(messages.at(-1)).includes(question.id.slice(-8)));
    assert.ok(seen.length > 0, 'the model was sent the message');
  });

  it('a move to review is posted in the review queue', async () => {
    const { channel, messages } = await connection.call('channel/history', { channel: '#review-queue' });
    assert.equal(channel.name, 'review-queue');
    assert.match(messages[0]?.text ?? '', /Task 1 .*ready for review/);
  });

  it('the manager is woken with what its team is about', async () => {
    const { promptId } = await connection.call('wake/now', { agent: 'lead' });
    await until(async () => {
      const { wakes } = await connection.call('wake/list', { agent: 'lead' });
      return wakes.some((wake) => wake.promptId === promptId && wake.state === 'done');
    });
    const { wakes } = await connection.call('wake/list', { agent: 'lead' });
    assert.match(wakes[0]?.summary ?? '', /builder/);
    const woken = model.requests.some(({ messages }) => JSON.stringify(messages).includes('btmsg inbox'));
    assert.ok(woken, 'the model was sent the summary');
  });

  it('an agent that owes a reply is held once at the end of its turn', async () => {
    const before = model.requests.length;
    await connection.call('message/send', { to: 'builder', text: 'text I will think about it.' });
    await until(async () => (await teammate('builder'))?.owed === 1 && (await state('builder')) === 'idle');
    const asked = model.requests.slice(before).map(({ messages }) => JSON.stringify(messages.at(-1)));
    assert.equal(asked.filter((text) => text.includes('You owe a reply to this message')).length, 1);
  });

  it('all of it is in the audit log, and the log holds', async () => {
    const { records } = await connection.call('audit/list', { limit: 500 });
    const events = new Set(records.map(({ event }) => event));
    for (const event of [
      'message_sent',
      'message_delivered',
      'message_read',
      'channel_created',
      'task_created',
      'task_status_changed',
      'wake_event',
    ])
      assert.ok(events.has(event), event);
    assert.deepEqual((await connection.call('audit/verify', {})).breaks, []);
  });

  async function addClaude(name: string): Promise<void> {
    const environment = { ANTHROPIC_BASE_URL: model.url, CLAUDE_CODE_MAX_RETRIES: '0' };
    const command = [await claudeProgram()];
    const secrets = { ANTHROPIC_API_KEY: 'not-a-key' };
    const path = process.env.PATH ?? '';
    await connection.call('agent/add', { project: 'project', name, provider: 'claude', command, environment, secrets, path });
  }

  async function task() {
    return (await connection.call('task/list', { all: true })).tasks.find(({ number }) => number === 1);
  }

  async function between(one: string, other: string): Promise<Message[]> {
    return (await connection.call('message/history', { of: one, with: other })).messages;
  }

  async function teammate(name: string) {
    const { agents } = await connection.call('agent/list', {});
    const id = agents.find((agent) => agent.name === name)?.id;
    return (await connection.call('team/list', {})).teammates.find(({ agentId }) => agentId === id);
  }

  async function state(name: string) {
    return (await connection.call('agent/list', {})).agents.find((agent) => agent.name === name)?.state;
  }
});
