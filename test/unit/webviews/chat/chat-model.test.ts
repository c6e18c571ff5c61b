import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Agent } from '../../../../server/protocol/agent.ts';
import type { Item } from '../../../../server/protocol/session.ts';
import { ChatModel } from '../../../../webviews/chat/chat-model.ts';
import { nothingSaved, type SavedState } from '../../../../webviews/chat/saved-state.ts';
import { askToRun, id, numbered, sampleAgent, sampleSession } from '../../../support/chat-harness/sample-data.ts';
import { FakeHost } from '../../../support/fake-host.ts';

const [current, earlier] = [sampleSession(1, 'Current'), sampleSession(2, 'Earlier')];

function subject(saved: SavedState = nothingSaved) {
  const fake = new FakeHost();
  const state = { agent: sampleAgent(), items: [] as Item[], saved: nothingSaved, savedNow: [] as SavedState[], prompts: 0, now: 1000 };
  const sessions = [current, earlier];
  fake.answer('agent/list', () => ({ agents: [state.agent] }));
  fake.answer('session/list', () => ({ sessions }));
  fake.answer('approval/list', () => ({ approvals: [] }));
  fake.answer('session/watch', ({ session }) => ({
    session: sessions.find((candidate) => candidate.id === session) ?? { ...current, id: session },
    ...{ feed: 'feed', seq: 1, items: state.items, hasEarlier: false, runningTurnId: null },
  }));
  fake.answer('session/unwatch', () => ({}));
  fake.answer('session/resume', ({ session }) => sessions.find((candidate) => candidate.id === session));
  fake.answer('agent/prompt', ({ promptId }) => ({ promptId, sessionId: current.id, queued: false }));
  const deps = {
    host: fake.host,
    save: (value: SavedState, when: 'soon' | 'now') => {
      state.saved = value;
      if (when === 'now') state.savedNow.push(value);
    },
    now: () => state.now,
    newPromptId: () => {
      state.prompts += 1;
      return id<never>('9409', state.prompts);
    },
    later: () => undefined,
    onChange: () => undefined,
  };
  const model = new ChatModel(deps, saved);
  model.start();
  return { fake, state, model };
}

async function opened(saved?: SavedState) {
  const all = subject(saved);
  all.fake.tell('init', { agentId: all.state.agent.id, sessionId: null, connection: 'connected', texts: {} });
  await settled();
  return all;
}

test('a page shows the current session of its agent, and tells the panel', async () => {
  const { model, fake } = await opened();
  assert.equal(model.phase, 'ready');
  assert.equal(model.sessionId, current.id);
  assert.deepEqual(fake.posted, [{ type: 'showing', agentId: model.agent?.id, sessionId: current.id }]);
  assert.equal(model.sessions.length, 2);
});

test('a page that comes back shows what it showed, with its draft', async () => {
  const { model } = await opened({ ...nothingSaved, sessionId: earlier.id, draft: 'half a thought' });
  assert.equal(model.sessionId, earlier.id);
  assert.equal(model.isEarlierSession, true);
  assert.equal(model.draft, 'half a thought');
});

test('a command that asks for a session while the page still loads gets that session', async () => {
  const { model, fake, state } = subject();
  fake.tell('init', { agentId: state.agent.id, sessionId: null, connection: 'connected', texts: {} });
  fake.tell('show', { agentId: state.agent.id, sessionId: earlier.id });
  await settled();
  assert.equal(model.sessionId, earlier.id);
});

test('an earlier session is resumed without a prompt, and is then the current one', async () => {
  const { model, fake } = await opened({ ...nothingSaved, sessionId: earlier.id });
  await model.resumeSession(earlier.id);
  assert.deepEqual(fake.asked('session/resume'), [{ session: earlier.id }]);
  assert.equal(model.isEarlierSession, false);
});

test('without an agent, or with one that is gone, there is nothing to talk to', async () => {
  const { model, fake } = subject();
  fake.tell('init', { agentId: null, sessionId: null, connection: 'connected', texts: {} });
  assert.equal(model.phase, 'noAgent');
  fake.answer('agent/list', () => ({ agents: [] }));
  await model.show('elsewhere', null);
  assert.equal(model.phase, 'gone');
});

test('a prompt is sent once, and the composer is free when it is acknowledged', async () => {
  const { model, fake, state } = await opened();
  model.edit('do it');
  const sent = model.send('do it');
  assert.equal(model.draft, '');
  assert.equal(state.saved.draft, 'do it');
  await Promise.all([sent, model.send('do it')]);
  assert.equal(fake.asked('agent/prompt').length, 1);
  assert.deepEqual([state.saved.draft, state.saved.attempt, model.problem], ['', null, null]);
});

test('a prompt that is sent while the one before it is still on its way goes out behind it, in order, each once', async () => {
  const { model, fake, state } = await opened();
  const sent: Promise<void>[] = [];
  for (const text of ['first', 'second', 'third']) {
    model.edit(text);
    sent.push(model.send(text));
  }
  assert.equal(model.draft, '');
  assert.equal(state.saved.draft, 'first\nsecond\nthird');
  model.edit('not yet');
  await Promise.all(sent);
  assert.deepEqual(
    fake.asked('agent/prompt').map(({ text }) => text),
    ['first', 'second', 'third'],
  );
  assert.equal(new Set(fake.asked('agent/prompt').map(({ promptId }) => promptId)).size, 3);
  assert.deepEqual([model.draft, model.isSending, state.saved.draft, state.saved.attempt], ['not yet', false, 'not yet', null]);
});

test('when one is refused, it and all that was sent behind it are in the composer again, in order', async () => {
  const { model, fake } = await opened();
  fake.answer('agent/prompt', ({ text, promptId }) => {
    if (text === 'second') throw new Error('The disk is full.');
    return { promptId, sessionId: current.id, queued: false };
  });
  const sent: Promise<void>[] = [];
  for (const text of ['first', 'second', 'third']) {
    model.edit(text);
    sent.push(model.send(text));
  }
  model.edit('and');
  await Promise.all(sent);
  assert.deepEqual([model.draft, model.problem], ['second\nthird\nand', 'The disk is full.']);
  assert.equal(fake.asked('agent/prompt').length, 2);
});

test('of two kept drafts the one that was changed last counts', async () => {
  const { model, state } = await opened({ ...nothingSaved, draft: 'newer', savedAt: 20 });
  model.recall({ draft: 'older', attempt: null, savedAt: 10 });
  assert.equal(model.draft, 'newer');
  model.recall({ draft: 'newest', attempt: null, savedAt: 30 });
  assert.equal(model.draft, 'newest');
  model.edit('typed');
  assert.equal(state.saved.savedAt, state.now);
  model.recall({ draft: 'older', attempt: null, savedAt: 40 });
  assert.equal(model.draft, 'typed');
});

test('a prompt that was accepted is gone from what is kept, at once, and does not come back', async () => {
  const { model, fake, state } = await opened();
  await model.send('do it');
  const [sent, accepted] = state.savedNow;
  assert.equal(sent?.attempt?.text, 'do it');
  assert.deepEqual([accepted?.draft, accepted?.attempt], ['', null]);
  model.recall({ draft: 'do it', attempt: sent?.attempt ?? null, savedAt: state.now - 1 });
  await model.send('do it');
  const [first, again] = fake.asked('agent/prompt');
  assert.notEqual(first?.promptId, again?.promptId);
});

test('a prompt that is refused stays, with the reason, and is the same prompt when it is sent again', async () => {
  const { model, fake } = await opened();
  fake.answer('agent/prompt', () => {
    throw new Error('The backend cannot be reached. Try again.');
  });
  await model.send('do it');
  assert.equal(model.draft, 'do it');
  assert.equal(model.problem, 'The backend cannot be reached. Try again.');
  await model.send('do it');
  const [first, again] = fake.asked('agent/prompt');
  assert.equal(first?.promptId, again?.promptId);
});

test('a prompt that is too long never leaves the page', async () => {
  const { model, fake } = await opened();
  await model.send('a'.repeat(5 * 1024 * 1024));
  assert.match(model.problem ?? '', /5 MB/);
  assert.equal(fake.asked('agent/prompt').length, 0);
});

test('a prompt in an earlier session makes that session the current one first', async () => {
  const { model, fake } = await opened();
  await model.showSession(earlier.id);
  assert.equal(model.isEarlierSession, true);
  fake.answer('agent/prompt', ({ promptId }) => ({ promptId, sessionId: earlier.id, queued: false }));
  await model.send('go on');
  const methods = fake.requests.map(({ method }) => method);
  assert.ok(methods.indexOf('session/resume') < methods.indexOf('agent/prompt'));
  assert.equal(model.isEarlierSession, false);
});

test('the page follows its agent to a new session, unless the person reads an earlier one', async () => {
  const { model, fake, state } = await opened();
  const changed = (sessionId: Agent['sessionId']) => fake.tell('agent/changed', { agent: { ...state.agent, sessionId } });
  changed(id('ce55', 7));
  await settled();
  assert.equal(model.sessionId, id('ce55', 7));
  await model.showSession(earlier.id);
  changed(id('ce55', 8));
  await settled();
  assert.equal(model.sessionId, earlier.id);
});

test('what happens to other agents is no matter of this page', async () => {
  const { model, fake, state } = await opened();
  fake.tell('agent/changed', { agent: { ...state.agent, id: id('a9e7', 9), name: 'other' } });
  fake.tell('agent/removed', { agentId: id('a9e7', 9) });
  assert.equal(model.agent?.name, 'reviewer');
  assert.equal(model.phase, 'ready');
});

test('when the connection comes back everything is loaded anew', async () => {
  const { model, fake } = await opened();
  fake.tell('connection', { state: 'away' });
  assert.equal(model.connection, 'away');
  fake.tell('connection', { state: 'connected' });
  await settled();
  assert.equal(fake.asked('session/watch').length, 2);
  assert.equal(fake.asked('agent/list').length, 2);
});

test('an answer names the hash of what was seen, and is sent once', async () => {
  const all = subject();
  const question = { kind: 'permission', approvalId: id('a440', 1), toolItemId: null, request: askToRun, hash: 'seen' } as const;
  all.state.items = numbered([{ ...question, approvalId: id('a440', 1), state: 'open', answeredBy: null, answeredAt: null }]);
  all.fake.tell('init', { agentId: all.state.agent.id, sessionId: null, connection: 'connected', texts: {} });
  await settled();
  const [item] = all.model.view?.items ?? [];
  assert.ok(item?.kind === 'permission');
  all.fake.answer('approval/answer', () => {
    throw new Error('It was answered already, in another window.');
  });
  await Promise.all([all.model.answer(item, 'allowOnce'), all.model.answer(item, 'deny')]);
  assert.deepEqual(all.fake.asked('approval/answer'), [{ approval: item.approvalId, decision: 'allowOnce', hash: 'seen' }]);
  assert.equal(all.model.problem, 'It was answered already, in another window.');
  assert.equal(all.model.questions.answering.size, 0);
});

/** All promises that can go on have gone on. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
