import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AgentState } from '../../../../server/protocol/agent.ts';
import { chatTexts } from '../../../../server/protocol/chat-texts.ts';
import { agentStatus, contextShare } from '../../../../webviews/chat/agent-status.ts';
import { usage } from '../../../support/chat-harness/sample-data.ts';

test('every state has a word, and one of start and stop', () => {
  for (const state of AgentState.options) assert.ok(chatTexts[agentStatus({ state, paused: false }).word], state);
});

test('a turn can be stopped while it runs or waits for an answer', () => {
  const busy = AgentState.options.filter((state) => agentStatus({ state, paused: false }).isBusy);
  assert.deepEqual(busy, ['running', 'waitingForApproval']);
});

test('a paused agent says so, unless something is wrong with it', () => {
  assert.equal(agentStatus({ state: 'idle', paused: true }).word, 'paused');
  assert.equal(agentStatus({ state: 'failed', paused: true }).word, 'stateFailed');
  assert.equal(agentStatus({ state: 'running', paused: true }).isBusy, true);
});

test('the share of the context is known only where the agent tells both numbers', () => {
  assert.equal(contextShare(usage), 0.342);
  assert.equal(contextShare(null), null);
  assert.equal(contextShare({ ...usage, contextWindowTokens: null }), null);
  assert.equal(contextShare({ ...usage, contextTokens: 300_000 }), 1);
});
