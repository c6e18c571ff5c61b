/** What is told of a program that acts without a question. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newId } from '../../../../../server/base/uuid.ts';
import type { AgentEvent } from '../../../../../server/protocol/agent-event.ts';
import type { PromptId } from '../../../../../server/protocol/ids.ts';
import type { ToolFields } from '../../../../../server/sidecar/adapters/acp/acp-update.ts';
import { Conversation } from '../../../../../server/sidecar/adapters/acp/conversation.ts';

const options = [
  { optionId: 'y', name: 'Yes', kind: 'allow_once' },
  { optionId: 'a', name: 'Always', kind: 'allow_always' },
] as const;
const never = new AbortController().signal;

function session() {
  const events: AgentEvent[] = [];
  const conversation = new Conversation((event) => events.push(event));
  const begin = () => void conversation.begin(newId<PromptId>());
  const run = (fields: Partial<ToolFields> = {}) => {
    const call = { toolCallId: newId<string>(), title: 'touch made.txt', kind: 'execute', ...fields };
    conversation.update({ sessionUpdate: 'tool_call', ...call, status: 'pending' });
    conversation.update({ sessionUpdate: 'tool_call_update', toolCallId: call.toolCallId, status: fields.status ?? 'completed' });
  };
  const ask = (answer: 'allowOnce' | 'allowSession') => {
    void conversation.ask({ toolCallId: 'q' }, options, never);
    const asked = events.findLast((event) => event.type === 'permissionAsked');
    assert.ok(asked?.type === 'permissionAsked');
    conversation.answer(asked.approvalId, answer);
  };
  const notices = () => events.flatMap((event) => (event.type === 'notice' ? [event.text] : []));
  begin();
  return { conversation, begin, run, ask, notices };
}

describe('a program that acts without asking', () => {
  it('is told of, once in a session', () => {
    const { conversation, begin, run, notices } = session();
    run();
    run({ kind: 'edit' });
    conversation.end('completed', null);
    begin();
    run();
    assert.equal(notices().length, 1);
    assert.match(notices()[0] ?? '', /^The agent did "touch made\.txt" without asking you\./);
  });

  it('is told of in a later turn too, though it asked in an earlier one', () => {
    const { conversation, begin, run, ask, notices } = session();
    ask('allowOnce');
    run();
    conversation.end('completed', null);
    assert.deepEqual(notices(), []);
    begin();
    run({ kind: 'delete' });
    assert.equal(notices().length, 1);
  });

  it('is not told of where the person allowed it for the session, or it asked in this turn', () => {
    const { conversation, begin, run, ask, notices } = session();
    ask('allowSession');
    conversation.end('completed', null);
    begin();
    run();
    assert.deepEqual(notices(), []);
  });

  it('is not told of for what only looks, what failed, and what says nothing of its kind', () => {
    const { run, notices } = session();
    for (const kind of ['read', 'search', 'fetch', 'think', 'other', null, undefined]) run({ kind });
    run({ status: 'failed' });
    run({ status: 'of-tomorrow' });
    assert.deepEqual(notices(), []);
  });
});
