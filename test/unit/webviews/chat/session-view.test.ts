import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Approval } from '../../../../server/protocol/approval.ts';
import type { Item, SessionChange, SessionSnapshot } from '../../../../server/protocol/session.ts';
import {
  applyBatch,
  keptItems,
  mostItems,
  openQuestions,
  type SessionView,
  turnCostUsd,
  withApproval,
  withEarlier,
  withoutOldest,
  withSnapshot,
} from '../../../../webviews/chat/session-view.ts';
import { askToRun, id, numbered, sampleSession, usage } from '../../../support/chat-harness/sample-data.ts';

test('a snapshot is the view', () => {
  const view = withSnapshot(null, snapshot(texts('a', 'b')));
  assert.deepEqual(read(view), ['a', 'b']);
  assert.equal(view.seq, 10);
});

test('changes are applied in their order and leave the view before as it was', () => {
  const before = withSnapshot(null, snapshot(texts('a')));
  const [, added] = texts('a', 'b');
  const after = applied(before, 11, [{ op: 'put', item: must(added) }, append(2, 1, 'c'), append(1, 1, '!')]);
  assert.deepEqual(read(after), ['a!', 'bc']);
  assert.deepEqual(read(before), ['a']);
});

test('of a long conversation the newest items are kept, and the rest is an earlier page', () => {
  const view = withSnapshot(null, snapshot(texts(...Array.from({ length: mostItems }, (_, index) => `${index}`))));
  assert.equal(withoutOldest(view), view);
  const longer = applied(view, 11, [{ op: 'put', item: { ...must(view.items[0]), id: id('17e3', 9_999), ordinal: 9_999 } }]);
  const kept = withoutOldest(longer);
  assert.deepEqual([kept.items.length, kept.hasEarlier], [keptItems, true]);
  assert.deepEqual(kept.items.at(-1), longer.items.at(-1));
  const first = must(kept.items[0]);
  assert.equal(withEarlier(kept, { items: longer.items.slice(0, -keptItems), hasEarlier: false }).items.length, longer.items.length);
  // What happens to one that was left out is in its page when that is loaded.
  assert.deepEqual(applied(kept, 12, [append(1, 0, 'x')]).items[0], first);
});

test('what can still change is kept, however old it is', () => {
  const view = withSnapshot(null, snapshot(texts(...Array.from({ length: mostItems + 1 }, (_, index) => `${index}`))));
  const open = { ...must(view.items[10]), complete: false };
  const kept = withoutOldest({ ...view, items: view.items.with(10, open) });
  assert.equal(kept.items[0], open);
  const first = { ...must(view.items[0]), complete: false };
  assert.equal(withoutOldest({ ...view, items: view.items.with(0, first) }).items.length, mostItems + 1);
});

test('text that arrives twice, or overlaps what is there, counts once', () => {
  const view = withSnapshot(null, snapshot(texts('hello')));
  assert.deepEqual(read(applied(view, 11, [append(1, 0, 'hello')])), ['hello']);
  assert.deepEqual(read(applied(view, 11, [append(1, 3, 'lo world')])), ['hello world']);
});

test('a hole in the text, in the sequence, or another feed asks for a new snapshot', () => {
  const view = withSnapshot(null, snapshot(texts('hello')));
  assert.equal(applyBatch(view, { feed: 'feed', seq: 11, changes: [append(1, 6, '!')] }), 'gap');
  assert.equal(applyBatch(view, { feed: 'feed', seq: 12, changes: [] }), 'gap');
  assert.equal(applyBatch(view, { feed: 'other', seq: 11, changes: [] }), 'gap');
});

test('a batch that was seen before changes nothing', () => {
  const view = withSnapshot(null, snapshot(texts('a')));
  assert.equal(applyBatch(view, { feed: 'feed', seq: 10, changes: [append(1, 1, 'x')] }), view);
});

test('text for an item that is not there belongs to a page that is not loaded, or to nothing', () => {
  const partial = withSnapshot(null, snapshot(texts('a'), true));
  assert.deepEqual(read(applied(partial, 11, [append(99, 0, 'x')])), ['a']);
  const full = withSnapshot(null, snapshot(texts('a')));
  assert.equal(applyBatch(full, { feed: 'feed', seq: 11, changes: [append(99, 0, 'x')] }), 'gap');
});

test('an item that is put again replaces itself, and moves when its place changed', () => {
  const [first, second, third] = texts('a', 'b', 'c');
  const view = withSnapshot(null, snapshot([must(first), must(second), must(third)]));
  const replaced = applied(view, 11, [{ op: 'put', item: { ...must(second), text: 'B' } }]);
  assert.deepEqual(read(replaced), ['a', 'B', 'c']);
  const moved = applied(view, 11, [{ op: 'put', item: { ...must(first), ordinal: 9 } }]);
  assert.deepEqual(read(moved), ['b', 'c', 'a']);
});

test('an item comes to stand by its place, and before the first loaded one it waits for its page', () => {
  const [first, second, third] = texts('a', 'b', 'c');
  const view = withSnapshot(null, snapshot([must(second)]));
  assert.deepEqual(read(applied(view, 11, [put(third), put(first)])), ['a', 'b', 'c']);
  const partial = withSnapshot(null, snapshot([must(second)], true));
  assert.deepEqual(read(applied(partial, 11, [put(first)])), ['b']);
});

test('the session itself may change', () => {
  const view = withSnapshot(null, snapshot([]));
  const session = { ...view.session, title: 'Named' };
  assert.equal(applied(view, 11, [{ op: 'session', session }]).session.title, 'Named');
});

test('what went into an archive goes from the view, and the first turn that is left has no cost of its own', () => {
  const items = texts('a', 'b', 'c');
  const view = withSnapshot(null, snapshot(items));
  const archived = { items: 2, firstAt: 1, lastAt: 2, upToOrdinal: must(items[1]).ordinal, archivedAt: 3, archives: ['x'] };
  const session = { ...view.session, archived };
  assert.deepEqual(read(applied(view, 11, [{ op: 'session', session }])), ['c']);
  // The connection was away while it went: the pages that were loaded before hold it still.
  assert.deepEqual(read(withSnapshot(view, { ...snapshot([must(items[2])], true), session })), ['c']);
  const left = withSnapshot(null, { ...snapshot(numbered([turnEnd(0.2)])), session });
  assert.equal(turnCostUsd(left, 0), null);
});

test('an earlier page goes before what is there, once', () => {
  const items = texts('a', 'b', 'c', 'd');
  const view = withSnapshot(null, snapshot(items.slice(2), true));
  const paged = withEarlier(view, { items: items.slice(0, 3), hasEarlier: false });
  assert.deepEqual(read(paged), ['a', 'b', 'c', 'd']);
  assert.equal(paged.hasEarlier, false);
});

test('a new snapshot keeps the earlier pages that are loaded', () => {
  const items = texts('a', 'b', 'c', 'd', 'e');
  const view = withSnapshot(null, snapshot(items.slice(0, 4), true));
  const next = withSnapshot(view, { ...snapshot(items.slice(3), true), feed: 'next', seq: 1 });
  assert.deepEqual(read(next), ['a', 'b', 'c', 'd', 'e']);
  assert.deepEqual([next.feed, next.seq, next.hasEarlier], ['next', 1, true]);
});

test('a new snapshot that does not touch the loaded pages, or is of another session, stands alone', () => {
  const items = texts('a', 'b', 'c', 'd');
  const view = withSnapshot(null, snapshot(items.slice(0, 2), true));
  assert.deepEqual(read(withSnapshot(view, snapshot(items.slice(3), true))), ['d']);
  const other = { ...snapshot(items.slice(1), true), session: sampleSession(2, 'Other') };
  assert.deepEqual(read(withSnapshot(view, other)), ['b', 'c', 'd']);
});

test('of the loaded pages nothing is kept that may have changed meanwhile', () => {
  const [a, b, c, d] = texts('a', 'b', 'c', 'd');
  const unfinished = { ...must(b), complete: false };
  const view = withSnapshot(null, snapshot([must(a), unfinished, must(c), must(d)]));
  const next = withSnapshot(view, snapshot([must(d)], true));
  assert.deepEqual(read(next), ['c', 'd']);
  assert.equal(next.hasEarlier, true);
});

test('the answer to a question closes it before its item changes, and never opens it again', () => {
  const view = withSnapshot(null, snapshot([question('open')]));
  assert.equal(openQuestions(view.items).length, 1);
  const answered = withApproval(view, approval('denied'));
  assert.equal(openQuestions(answered.items).length, 0);
  assert.equal(withApproval(answered, approval('open')), answered);
});

test('a turn costs what was added to the total since the turn before', () => {
  const items = numbered([turnEnd(0.05), turnEnd(null), turnEnd(0.2), turnEnd(0.5)]);
  const view = withSnapshot(null, snapshot(items));
  assert.deepEqual(
    items.map((_, index) => turnCostUsd(view, index)?.toFixed(2) ?? null),
    ['0.05', null, null, '0.30'],
  );
  const partial = withSnapshot(null, snapshot(items, true));
  assert.equal(turnCostUsd(partial, 0), null);
});

type Text = Extract<Item, { kind: 'text' | 'thinking' }>;

function texts(...contents: string[]): Text[] {
  const items = numbered(contents.map((text) => ({ kind: 'text', text, complete: true, interrupted: false })));
  return items.flatMap((item) => (item.kind === 'text' ? [item] : []));
}

function snapshot(items: readonly Item[], hasEarlier = false): SessionSnapshot {
  return { session: sampleSession(1, 'Sample'), feed: 'feed', seq: 10, items: [...items], hasEarlier, runningTurnId: null };
}

function append(itemNumber: number, offset: number, text: string): SessionChange {
  return { op: 'append', itemId: id('17e3', itemNumber), offset, text };
}

function put(item: Item | undefined): SessionChange {
  return { op: 'put', item: must(item) };
}

function applied(view: SessionView, seq: number, changes: SessionChange[]): SessionView {
  const result = applyBatch(view, { feed: 'feed', seq, changes });
  assert.notEqual(result, 'gap');
  return result === 'gap' ? view : result;
}

function read(view: SessionView): string[] {
  return view.items.map((item) => ('text' in item ? item.text : item.kind));
}

function must<T>(value: T | undefined): T {
  assert.ok(value !== undefined);
  return value;
}

function question(state: Approval['state']): Item {
  const rest = { toolItemId: null, request: askToRun, hash: 'hash', answeredBy: null, answeredAt: null };
  return must(numbered([{ kind: 'permission', approvalId: id('a440', 1), state, ...rest }])[0]);
}

function approval(state: Approval['state']): Approval {
  const ids = { id: id<Approval['id']>('a440', 1), agentId: id<Approval['agentId']>('a9e7', 1) };
  const { id: sessionId, projectId } = sampleSession(1, '');
  const terms = { kind: 'k', kindLabel: 'k', expiresAt: null, rule: null, askedBecause: null };
  return { ...ids, ...terms, projectId, sessionId, request: askToRun, hash: 'hash', state, askedAt: 0, answeredAt: 1, answeredBy: 'cli' };
}

function turnEnd(costUsd: number | null) {
  return { kind: 'turnEnd', reason: 'completed', failure: null, durationMs: 1, usage: { ...usage, costUsd } } as const;
}
