import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, test } from 'node:test';
import { coalesceMs, type Fact, Notices, type NoticesChange } from '../../../server/notices/notices.ts';
import { ApprovalId } from '../../../server/protocol/ids.ts';
import { keptNotices, NoticePlace } from '../../../server/protocol/notice.ts';
import { fillDisk, TestStores } from '../../support/test-stores.ts';

let kept: TestStores;
let at: number;
let notices: Notices;
let told: NoticesChange[];

beforeEach(() => {
  kept = new TestStores();
  at = 1_000_000_000;
  open();
});
afterEach(() => kept.remove());

test('what happened is kept and told, and leads somewhere', async () => {
  notices.raise(fact({ about: { kind: 'turnFinished', agent: 'demo', session: 'Fix the login' } }));
  await settled();
  const [notice] = notices.list(false).notices;
  assert.deepEqual([notice?.title, notice?.text], ['demo has finished', 'Fix the login']);
  assert.deepEqual([notice?.count, notice?.isRead], [1, false]);
  assert.deepEqual(told, [{ notices: [notice], raised: [notice?.id], isCleared: false, unread: 1 }]);
});

test('the same occurrence told again is no news, not even after a restart or when the history was cleared', async () => {
  notices.raise(fact({ key: 'turn 1' }));
  notices.clear();
  kept.reopenAfterKill();
  open();
  notices.raise(fact({ key: 'turn 1' }));
  await settled();
  assert.deepEqual(notices.list(false), { notices: [], unread: 0 });
  assert.deepEqual(told, []);
});

test('the same kind again within a short time counts up, says the newest, and comes first', async () => {
  notices.raise(fact({ kind: 'finished', ...said('one') }));
  notices.raise(fact({ kind: 'other' }));
  await settled();
  at += coalesceMs - 1;
  notices.raise(fact({ kind: 'finished', ...said('two') }));
  await settled();
  const { notices: list, unread } = notices.list(false);
  assert.deepEqual(
    list.map(({ text, count }) => [text, count]),
    [
      ['two', 2],
      ['text', 1],
    ],
  );
  assert.equal(unread, 2);
  assert.deepEqual(told.at(-1)?.raised, [list[0]?.id]);
});

test('after a while, or once it was read, the same kind is a new one', () => {
  notices.raise(fact({ kind: 'finished' }));
  at += coalesceMs;
  notices.raise(fact({ kind: 'finished' }));
  notices.markRead(undefined);
  notices.raise(fact({ kind: 'finished' }));
  assert.deepEqual(
    notices.list(false).notices.map(({ count }) => count),
    [1, 1, 1],
  );
});

test('a clock that is set back changes neither the order nor what is kept', () => {
  for (let index = 0; index < keptNotices + 20; index++) {
    at -= 2 * coalesceMs;
    notices.raise(fact(said(String(index))));
  }
  const { notices: list } = notices.list(false);
  assert.equal(list.length, keptNotices);
  assert.deepEqual([list[0]?.text, list.at(-1)?.text], ['119', '20']);
});

test('one is marked as read by a part of its id, all without one, and both are told', async () => {
  for (const kind of ['a', 'b', 'c']) notices.raise(fact({ kind }));
  await settled();
  const [first] = notices.list(false).notices;
  assert.equal(notices.markRead(first?.id.slice(-8)), 1);
  assert.equal(notices.list(true).notices.length, 2);
  assert.equal(notices.markRead(undefined), 2);
  assert.equal(notices.markRead(undefined), 0);
  assert.deepEqual(
    told.slice(1).map(({ raised, unread, notices: read }) => [raised.length, unread, read.every(({ isRead }) => isRead)]),
    [
      [0, 2, true],
      [0, 0, true],
    ],
  );
  assert.throws(() => notices.markRead('nothing-like-it'), { code: 'notFound' });
});

test('what is cleared is gone, and told once', () => {
  notices.raise(fact({}));
  assert.deepEqual([notices.clear(), notices.clear()], [1, 0]);
  assert.deepEqual(
    told.filter(({ isCleared }) => isCleared),
    [{ notices: [], raised: [], isCleared: true, unread: 0 }],
  );
});

test('what leads to something that needs nobody any more is read, and told as such', async () => {
  const approvalId = ApprovalId.parse(randomUUID());
  notices.raise(fact({ place: questionPlace(approvalId) }));
  notices.raise(fact({}));
  await settled();
  notices.settle((place) => place.kind === 'question' && place.approvalId === approvalId);
  notices.settle((place) => place.kind === 'question');
  assert.deepEqual(
    notices.list(false).notices.map(({ place, isRead }) => [place.kind, isRead]),
    [
      ['backend', false],
      ['question', true],
    ],
  );
  assert.deepEqual(
    told.slice(1).map(({ raised, unread, notices: read }) => [raised.length, unread, read.length]),
    [[0, 1, 1]],
  );
});

test('what the disk gave back damaged hides nothing else', () => {
  notices.raise(fact({}));
  notices.raise(fact({}));
  kept.stores.sessions.db.prepare("update notices set about = '{' where seq = 1").run();
  kept.stores.sessions.db.prepare("update notices set place = '{}' where seq = 2").run();
  notices.raise(fact({}));
  assert.equal(notices.list(false).notices.length, 1);
});

test('a notice of a transaction that failed was never there', async () => {
  const { sessions } = kept.stores;
  assert.throws(() =>
    sessions.write(() => {
      notices.raise(fact({ key: 'turn 1' }));
      throw new Error('the fact was not kept');
    }),
  );
  await settled();
  assert.deepEqual(told, []);
  notices.raise(fact({ key: 'turn 1' }));
  assert.equal(notices.list(false).unread, 1);
});

test('a full disk refuses a notice as what it is', () => {
  const makeRoom = fillDisk(kept.stores.sessions.db);
  const long = () => {
    for (let index = 0; index < 100; index++) notices.raise(fact({ kind: String(index), ...said('x'.repeat(500)) }));
  };
  assert.throws(long, { code: 'storage' });
  makeRoom();
  notices.raise(fact({}));
});

test('long texts are cut, never within a character', () => {
  notices.raise(fact(said(`${'x'.repeat(498)}😀😀`)));
  notices.raise(fact(said('😀'.repeat(600))));
  const [faces, letters] = notices.list(false).notices;
  assert.equal(letters?.text, `${'x'.repeat(498)}…`);
  assert.ok(faces?.text.isWellFormed() && faces.text.length <= 500);
});

function open(): void {
  told = [];
  notices = new Notices({ file: kept.stores.sessions, now: () => at });
  notices.changed.on((change) => told.push(change));
}

function questionPlace(approvalId: ApprovalId): Fact['place'] {
  return NoticePlace.parse({ kind: 'question', agentId: randomUUID(), sessionId: randomUUID(), itemId: null, approvalId });
}

let facts = 0;

function fact(fields: Partial<Fact>): Fact {
  facts += 1;
  const place = { kind: 'backend' } as const;
  return { type: 'info', ...said('text'), place, key: `key ${facts}`, kind: `kind ${facts}`, ...fields };
}

function said(problem: string): Pick<Fact, 'about'> {
  return { about: { kind: 'problem', problem } };
}

/** It is told in a microtask. */
async function settled(): Promise<void> {
  await Promise.resolve();
}
