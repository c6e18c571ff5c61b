import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { AgentEvent } from '../../../../server/protocol/agent-event.ts';
import { AgorError, limits } from '../../../../server/protocol/errors.ts';
import { AgentCalls } from '../../../../server/sidecar/mail/agent-calls.ts';

let asked: { readonly method: string; readonly params: unknown }[];
let kept: AgentEvent[];
let answered: string[];
let isAway: boolean;
/** Whether the backend has what was queued before. */
let isTaken: boolean;
let calls: AgentCalls;

beforeEach(() => {
  asked = [];
  kept = [];
  answered = [];
  isAway = false;
  isTaken = true;
  calls = new AgentCalls({
    ask: async (method, params) => {
      asked.push({ method, params });
      if (isAway) throw new AgorError('unavailable', 'No backend is there just now.');
      return { fine: true };
    },
    keep: (event) => void kept.push(event),
    isTaken: async () => isTaken,
    onAnswered: (method) => void answered.push(method),
  });
});

const message = { to: 'lead', text: 'Done.' };

describe('what an agent asks for itself', () => {
  it('is passed on, and its answer given back', async () => {
    assert.deepEqual(await calls.call('task/list', { all: true }), { fine: true });
    assert.deepEqual(asked, [{ method: 'task/list', params: { all: true } }]);
    assert.deepEqual(answered, ['task/list']);
  });

  it('gets an id for a message before it leaves, so that it is the same message when it goes again', async () => {
    await calls.call('message/send', message);
    assert.match(JSON.stringify(asked[0]?.params), /"messageId":"[0-9a-f-]{36}"/);
  });

  it('puts a message into the outbox while no backend is there, and says that nobody has looked at it', async () => {
    isAway = true;
    const answer = await calls.call('message/send', message);
    const [event] = kept;
    assert.ok(event?.type === 'messageQueued');
    assert.deepEqual(answer, { queued: true, verified: false, messageId: event.messageId });
    assert.deepEqual(event.params, message);
    assert.deepEqual(asked[0]?.params, { ...message, messageId: event.messageId }, 'the id of the first try');
  });

  it('queues a message behind one that still waits, so that they keep their order', async () => {
    isTaken = false;
    await calls.call('message/send', message);
    assert.deepEqual([asked.length, kept.length], [0, 1]);
    await calls.call('task/list', {});
    assert.equal(asked.length, 1, 'what is no message goes on');
  });

  it('queues nothing else: a board that cannot be reached is told', async () => {
    isAway = true;
    await assert.rejects(calls.call('task/move', { task: '1', state: 'done' }), { code: 'unavailable' });
    assert.deepEqual(kept, []);
  });

  it('does not queue what the backend refuses', async () => {
    const refusing = new AgentCalls({
      ask: async () => {
        throw new AgorError('refused', 'You may write to: lead.');
      },
      keep: (event) => void kept.push(event),
      isTaken: async () => true,
      onAnswered: () => {},
    });
    await assert.rejects(refusing.call('message/send', message), { code: 'refused' });
    assert.deepEqual(kept, []);
  });

  for (const [what, params, code] of [
    ['an empty message', { to: 'lead', text: ' \n' }, 'badRequest'],
    ['a message without a text', { to: 'lead' }, 'badRequest'],
    ['a message of a megabyte', { to: 'lead', text: 'x'.repeat(1024 * 1024) }, 'tooLarge'],
    ['a message with files', { ...message, attachments: [{ name: 'a', base64: 'YQ==' }] }, 'unavailable'],
  ] as const) {
    it(`refuses to queue ${what}`, async () => {
      isAway = true;
      await assert.rejects(calls.call('message/send', params), { code });
      assert.deepEqual(kept, []);
    });
  }

  it('names the limit of a message', async () => {
    isAway = true;
    const tooLong = 'x'.repeat(limits.messageBytes + 1);
    await assert.rejects(calls.call('message/send', { ...message, text: tooLong }), /64 KiB/);
  });

  it('refuses parameters that are no object', async () => {
    for (const params of ['to lead', 7, [message]]) await assert.rejects(calls.call('message/send', params), { code: 'badRequest' });
  });
});
