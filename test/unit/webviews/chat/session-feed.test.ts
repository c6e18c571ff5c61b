import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Item, SessionChange } from '../../../../server/protocol/session.ts';
import { SessionFeed } from '../../../../webviews/chat/session-feed.ts';
import { keptItems, mostItems } from '../../../../webviews/chat/session-view.ts';
import { id, numbered, sampleSession } from '../../../support/chat-harness/sample-data.ts';
import { FakeHost } from '../../../support/fake-host.ts';

const session = sampleSession(1, 'First');

function subject(items: Item[] = texts('a')) {
  const fake = new FakeHost();
  const later: (() => void)[] = [];
  const state = { items, feed: 'feed', seq: 1, hasEarlier: false, changes: 0, isAtEnd: true };
  fake.answer('session/watch', (params) => ({ session: { ...session, id: params.session }, ...state, runningTurnId: null }));
  fake.answer('session/unwatch', () => ({}));
  const feed = new SessionFeed({
    request: fake.host.request,
    onChange: () => {
      state.changes += 1;
    },
    isAtEnd: () => state.isAtEnd,
    later: (task) => later.push(task),
  });
  const change = (seq: number, ...changes: SessionChange[]) => feed.receive({ sessionId: session.id, feed: state.feed, seq, changes });
  return { fake, later, state, feed, change };
}

test('a session is watched, its changes are shown, and it is let go when another one is shown', async () => {
  const { fake, feed, change } = subject();
  await feed.show(session.id);
  change(2, append('!'));
  assert.deepEqual(read(feed), ['a!']);
  await feed.show(sampleSession(2, 'Second').id);
  assert.deepEqual(fake.asked('session/unwatch'), [{ session: session.id }]);
  change(3, append('?'));
  assert.deepEqual(read(feed), ['a']);
});

test('what is far up is let go only while the reader is at the end', async () => {
  const { feed, change, state } = subject(texts(...Array.from({ length: mostItems + 1 }, (_, index) => `${index}`)));
  state.isAtEnd = false;
  await feed.show(session.id);
  change(2);
  assert.equal(feed.view?.items.length, mostItems + 1);
  state.isAtEnd = true;
  change(3);
  assert.deepEqual([feed.view?.items.length, feed.view?.hasEarlier], [keptItems, true]);
});

test('changes that arrive while the snapshot is on its way are applied after it, once', async () => {
  const { feed, change, state } = subject(texts('ab'));
  state.seq = 2;
  const shown = feed.show(session.id);
  change(2, append('b', 1));
  change(3, append('c', 2));
  await shown;
  assert.deepEqual(read(feed), ['abc']);
});

test('a gap brings a new snapshot, and a feed that never fits at most one a second', async () => {
  const { fake, feed, change, later, state } = subject();
  await feed.show(session.id);
  state.seq = 7;
  state.items = texts('whole');
  change(5, append('x'));
  await settled();
  assert.deepEqual(read(feed), ['whole']);
  change(9, append('x'));
  change(10, append('x'));
  await settled();
  assert.equal(fake.asked('session/watch').length, 2);
  later.shift()?.();
  await settled();
  assert.equal(fake.asked('session/watch').length, 3);
});

test('the answer to an older question is dropped', async () => {
  const { fake, feed } = subject();
  const answers: ((value: unknown) => void)[] = [];
  fake.answer('session/watch', () => new Promise((resolve) => answers.push(resolve)));
  const first = feed.show(session.id);
  const second = feed.refresh();
  const snapshot = { session, feed: 'feed', seq: 1, hasEarlier: false, runningTurnId: null };
  answers[1]?.({ ...snapshot, items: texts('new') });
  answers[0]?.({ ...snapshot, items: texts('old') });
  await Promise.all([first, second]);
  assert.deepEqual(read(feed), ['new']);
});

test('a session that cannot be watched says why, and what was shown stays', async () => {
  const { fake, feed } = subject();
  await feed.show(session.id);
  fake.answer('session/watch', () => {
    throw new Error('The backend cannot be reached.');
  });
  await feed.refresh();
  assert.equal(feed.failure, 'The backend cannot be reached.');
  assert.deepEqual(read(feed), ['a']);
});

test('earlier items are loaded once at a time, and the next snapshot asks for as many as are shown', async () => {
  const all = texts(...Array.from({ length: 500 }, (_, index) => `t${index}`));
  const { fake, feed, state } = subject(all.slice(300));
  state.hasEarlier = true;
  fake.answer('session/items', () => ({ session, items: all.slice(100, 300), hasEarlier: true }));
  await feed.show(session.id);
  await Promise.all([feed.loadEarlier(), feed.loadEarlier()]);
  assert.deepEqual(fake.asked('session/items'), [{ session: session.id, beforeOrdinal: 301, limit: 200 }]);
  assert.equal(feed.view?.items.length, 400);
  assert.equal(feed.isLoadingEarlier, false);
  await feed.refresh();
  assert.deepEqual(
    fake.asked('session/watch').map(({ limit }) => limit),
    [200, 400],
  );
});

test('a page that cannot be loaded may be asked for again', async () => {
  const { fake, feed, state } = subject();
  state.hasEarlier = true;
  fake.answer('session/items', () => {
    throw new Error('away');
  });
  await feed.show(session.id);
  await feed.loadEarlier();
  await feed.loadEarlier();
  assert.equal(fake.asked('session/items').length, 2);
});

function texts(...contents: string[]): Item[] {
  return numbered(contents.map((text) => ({ kind: 'text', text, complete: true, interrupted: false })));
}

function append(text: string, offset = 1): SessionChange {
  return { op: 'append', itemId: id('17e3', 1), offset, text };
}

function read(feed: SessionFeed): string[] {
  return feed.view?.items.map((item) => ('text' in item ? item.text : item.kind)) ?? [];
}

/** All promises that can go on have gone on. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
