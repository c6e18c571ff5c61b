import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { PromptQueue } from '../../../server/agents/prompt-queue.ts';
import { newId } from '../../../server/base/uuid.ts';
import type { AgentId, ItemId, SessionId } from '../../../server/protocol/ids.ts';
import { TestStores } from '../../support/test-stores.ts';
import { ids } from '../../support/transcripts.ts';

const agentId = newId<AgentId>();

let kept: TestStores;
let queue: PromptQueue;

beforeEach(() => {
  kept = new TestStores();
  queue = new PromptQueue(kept.stores.sessions.db);
});
afterEach(() => kept.remove());

function add(text: string, createdAt: number, agent = agentId) {
  const prompt = { id: ids.prompt(), agentId: agent, sessionId: newId<SessionId>(), itemId: newId<ItemId>(), text, createdAt };
  queue.add(prompt);
  return prompt;
}

test('prompts are given in the order they came in, even if the clock was put back meanwhile', () => {
  const [first, second, third] = [add('a', 100), add('b', 100), add('c', 50)];
  const other = add('d', 1, newId<AgentId>());
  const given = [];
  for (let next = queue.next(agentId); next; next = queue.next(agentId)) {
    given.push(next);
    queue.markSent(next.id);
  }
  assert.deepEqual(given, [first, second, third]);
  assert.deepEqual(queue.next(other.agentId), other);
});

test('what was sent or dropped waits no more, and is still known', () => {
  const [sent, dropped, waiting] = [add('a', 1), add('b', 2), add('c', 3)];
  queue.markSent(sent.id);
  queue.markDropped(dropped.id);
  queue.markSent(ids.prompt());
  assert.equal(queue.count(agentId), 1);
  assert.deepEqual(queue.next(agentId), waiting);
  assert.deepEqual(queue.get(sent.id), sent);
});

test('a prompt of one id is kept once', () => {
  const prompt = add('a', 1);
  assert.throws(() => queue.add({ ...prompt, text: 'b' }), /UNIQUE/);
  assert.equal(queue.get(prompt.id)?.text, 'a');
});

test('what waits is there after the backend was killed', () => {
  const prompt = add('line\n\u0000\u{1f600}', 1);
  assert.deepEqual(new PromptQueue(kept.reopenAfterKill().sessions.db).next(agentId), prompt);
});
