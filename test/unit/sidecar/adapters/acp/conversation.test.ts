import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newId } from '../../../../../server/base/uuid.ts';
import type { AgentEvent } from '../../../../../server/protocol/agent-event.ts';
import type { PromptId } from '../../../../../server/protocol/ids.ts';
import { Conversation } from '../../../../../server/sidecar/adapters/acp/conversation.ts';
import { noUsage } from '../../../../../server/sidecar/adapters/acp/usage.ts';

const options = [
  { optionId: 'y', name: 'Yes', kind: 'allow_once' },
  { optionId: 'n', name: 'No', kind: 'reject_once' },
] as const;
const cancelled = { outcome: { outcome: 'cancelled' } };
const tool = { sessionUpdate: 'tool_call', toolCallId: 't', title: 'Write', kind: 'edit', status: 'pending' } as const;
const call = { toolCallId: 't' };

function begun() {
  const events: AgentEvent[] = [];
  const conversation = new Conversation((event) => events.push(event));
  conversation.begin(newId<PromptId>());
  const lastAsked = () => {
    const asked = events.findLast((event) => event.type === 'permissionAsked');
    return asked?.type === 'permissionAsked' ? asked : assert.fail('nothing was asked');
  };
  return { conversation, events, lastAsked, typesAfterStart: () => events.slice(1).map((event) => event.type) };
}

const never = new AbortController().signal;

describe('a question in a conversation', () => {
  it('shows what is known of its tool call, and gives the agent the answer once', async () => {
    const { conversation, lastAsked } = begun();
    conversation.update(tool);
    const answer = conversation.ask({ ...call, rawInput: { command: 'x' } }, options, never);
    const { request, approvalId, toolItemId } = lastAsked();
    assert.deepEqual([request.title, request.command, toolItemId !== null], ['Write', 'x', true]);
    assert.equal(conversation.answer(approvalId, 'allowSession'), false, 'was not offered');
    assert.equal(conversation.answer(approvalId, 'allowOnce'), true);
    assert.equal(conversation.answer(approvalId, 'deny'), false, 'is answered already');
    assert.deepEqual(await answer, { outcome: { outcome: 'selected', optionId: 'y' } });
  });

  it('makes the tool call denied when the person says no', async () => {
    const { conversation, events, lastAsked } = begun();
    conversation.update(tool);
    const answer = conversation.ask(call, options, never);
    conversation.answer(lastAsked().approvalId, 'deny');
    assert.deepEqual(await answer, { outcome: { outcome: 'selected', optionId: 'n' } });
    conversation.update({ sessionUpdate: 'tool_call_update', toolCallId: 't', status: 'failed' });
    const last = events.at(-1);
    assert.equal(last?.type === 'toolEnded' && last.status, 'denied');
  });

  it('is withdrawn by a stop, by the end of the turn and by the agent', async () => {
    for (const withdraw of ['stop', 'end', 'agent']) {
      const { conversation, events, lastAsked } = begun();
      const agent = new AbortController();
      const answer = conversation.ask(call, options, agent.signal);
      if (withdraw === 'stop') conversation.stopAsked();
      if (withdraw === 'end') conversation.end('completed', null);
      if (withdraw === 'agent') agent.abort();
      assert.deepEqual(await answer, cancelled);
      const { approvalId } = lastAsked();
      assert.ok(
        events.some((event) => event.type === 'permissionWithdrawn' && event.approvalId === approvalId),
        withdraw,
      );
      assert.equal(conversation.answer(approvalId, 'allowOnce'), false);
    }
  });

  it('is not put to anybody while the turn is being stopped, outside a turn, or without a tool call', async () => {
    const { conversation, typesAfterStart } = begun();
    assert.deepEqual(await conversation.ask('nonsense', options, never), cancelled);
    conversation.stopAsked();
    assert.deepEqual(await conversation.ask(call, options, never), cancelled);
    conversation.end('interrupted', null);
    assert.deepEqual(await conversation.ask(call, options, never), cancelled);
    assert.deepEqual(typesAfterStart(), ['turnEnded']);
  });
});

describe('a question that is too large to be shown whole', () => {
  it('is denied, with a word to the person and none to answer', async () => {
    const { conversation, events, typesAfterStart } = begun();
    conversation.update(tool);
    const answer = await conversation.ask({ ...call, rawInput: { text: 'x'.repeat(1_100_000) } }, options, never);
    assert.deepEqual(answer, { outcome: { outcome: 'selected', optionId: 'n' } });
    assert.deepEqual(typesAfterStart(), ['toolStarted', 'notice']);
    conversation.update({ sessionUpdate: 'tool_call_update', toolCallId: 't', status: 'failed' });
    const last = events.at(-1);
    assert.equal(last?.type === 'toolEnded' && last.status, 'denied');
  });
});

describe('the end of a turn in a conversation', () => {
  it('comes once, after everything open was closed, but for text that a crash cut', () => {
    const { conversation, typesAfterStart } = begun();
    conversation.update(tool);
    conversation.update({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: 'half a sen' } });
    void conversation.ask(call, options, never);
    conversation.end('crashed', { type: 'unknown', message: 'gone', retryable: false });
    conversation.end('completed', null);
    assert.deepEqual(typesAfterStart(), ['toolStarted', 'text', 'permissionAsked', 'permissionWithdrawn', 'toolEnded', 'turnEnded']);
  });

  it('is followed by one word about what the agent says after it, and by none about a plan', () => {
    const { conversation, typesAfterStart } = begun();
    conversation.end('completed', null);
    conversation.update({ sessionUpdate: 'plan', entries: [] });
    const chunk = { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: 'more' } } as const;
    conversation.update(chunk);
    conversation.update(chunk);
    assert.deepEqual(typesAfterStart(), ['turnEnded', 'notice']);
  });
});

describe('usage and notices in a conversation', () => {
  it('go on from what was known of the session', () => {
    const events: AgentEvent[] = [];
    const conversation = new Conversation((event) => events.push(event), { ...noUsage, inputTokens: 100, costUsd: 2 });
    conversation.addPromptUsage({ inputTokens: 5, outputTokens: 1, cachedReadTokens: undefined, cachedWriteTokens: undefined });
    conversation.update({ sessionUpdate: 'usage_update', used: 1, size: 2, cost: { amount: 0.5, currency: 'USD' } });
    const last = events.at(-1);
    assert.ok(last?.type === 'usage');
    assert.deepEqual([last.usage.inputTokens, last.usage.outputTokens, last.usage.costUsd], [105, 1, 2]);
  });

  it('come through at any time', () => {
    const { conversation, events } = begun();
    conversation.end('completed', null);
    conversation.update({ sessionUpdate: 'usage_update', used: 1, size: 2 });
    conversation.update({ sessionUpdate: 'notice', severity: 'error', title: 'Oh', description: 'no' });
    assert.equal(events.at(-2)?.type, 'usage');
    assert.deepEqual(events.at(-1), { type: 'notice', level: 'error', text: 'Oh: no' });
  });
});
