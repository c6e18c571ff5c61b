import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DraftKeeper } from '../../../../webviews/chat/draft-keeper.ts';
import { nothingSaved, type SavedState } from '../../../../webviews/chat/saved-state.ts';
import { id } from '../../../support/chat-harness/sample-data.ts';
import { FakeHost } from '../../../support/fake-host.ts';

const agentId = 'agent';

function subject() {
  const fake = new FakeHost();
  const states = new Map<string, string>();
  fake.answer('view/put', ({ key, state }) => states.set(String(key), String(state)) && {});
  fake.answer('view/get', ({ key }) => ({ state: states.get(String(key)) ?? null }));
  const tasks: (() => void)[] = [];
  const keeper = new DraftKeeper({ host: fake.host, later: (task) => tasks.push(task) });
  const passDelay = () => {
    for (const task of tasks.splice(0)) task();
  };
  return { fake, states, keeper, passDelay };
}

function typed(draft: string, savedAt: number): SavedState {
  return { ...nothingSaved, agentId, draft, savedAt };
}

test('what is typed is kept after the delay, once for several keys', async () => {
  const { fake, keeper, passDelay } = subject();
  keeper.keep(typed('h', 1));
  keeper.keep(typed('hi', 2));
  assert.equal(fake.asked('view/put').length, 0);
  passDelay();
  assert.equal(fake.asked('view/put').length, 1);
  const kept = await keeper.recall(agentId);
  assert.deepEqual([kept?.draft, kept?.savedAt], ['hi', 2]);
});

test('a page that goes away keeps its last words without the delay', () => {
  const { fake, keeper, passDelay } = subject();
  keeper.keep(typed('last words', 1));
  keeper.flush();
  assert.equal(fake.asked('view/put').length, 1);
  passDelay();
  assert.equal(fake.asked('view/put').length, 1);
});

test('scrolling keeps nothing, because the draft did not change', () => {
  const { fake, keeper } = subject();
  keeper.keep(typed('text', 1));
  keeper.flush();
  keeper.keep({ ...typed('text', 1), place: { kind: 'item', itemId: id('17e3', 1), offsetPx: 3 } });
  keeper.flush();
  assert.equal(fake.asked('view/put').length, 1);
});

test('what could not be kept is kept with the next change', async () => {
  const { fake, keeper, states } = subject();
  fake.answer('view/put', () => {
    throw new Error('away');
  });
  keeper.keep(typed('text', 1));
  keeper.flush();
  await new Promise((resolve) => setImmediate(resolve));
  fake.answer('view/put', ({ key, state }) => states.set(String(key), String(state)) && {});
  keeper.keep(typed('text', 1));
  keeper.flush();
  assert.match(states.get(agentId) ?? '', /text/);
});

test('without a draft, or while the backend is away, there is nothing to recall', async () => {
  const { fake, keeper } = subject();
  assert.equal(await keeper.recall(agentId), null);
  fake.answer('view/get', () => {
    throw new Error('away');
  });
  assert.equal(await keeper.recall(agentId), null);
});
