import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { newId } from '../../../../server/base/uuid.ts';
import type { MessageId } from '../../../../server/protocol/ids.ts';
import { ReplyObligations, refreshEveryMs, settleMs } from '../../../../server/sidecar/mail/reply-obligations.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { settled } from '../../../support/worker-world.ts';

let clock: FakeClock;
let asked: PromiseWithResolvers<unknown>[];
let logged: string[];
let obligations: ReplyObligations;

const owed = { id: newId<MessageId>(), from: 'lead', excerpt: 'How far are you?', sentAt: 1 };

beforeEach(() => {
  clock = new FakeClock();
  asked = [];
  logged = [];
  obligations = new ReplyObligations({
    fetch: () => {
      const question = Promise.withResolvers<unknown>();
      asked.push(question);
      return question.promise;
    },
    clock,
    log: (message) => void logged.push(message),
  });
});

async function answer(mail: unknown): Promise<void> {
  asked.at(-1)?.resolve(mail);
  await settled();
}

describe('what an agent owes', () => {
  it('is unknown, and not nothing, before the backend has said anything', () => {
    assert.deepEqual(obligations.get(), { unread: [], owed: [], isKnown: false, ageMs: null });
    assert.equal(obligations.refreshedAt, null);
  });

  it('is asked at the start and then every ten seconds, however often it is started', async () => {
    obligations.start();
    obligations.start();
    assert.equal(asked.length, 1);
    await answer({ unread: [], owed: [owed] });
    assert.deepEqual(obligations.get().owed, [owed]);
    clock.advance(refreshEveryMs);
    assert.equal(asked.length, 2);
  });

  it('tells its age', async () => {
    obligations.start();
    await answer({ unread: [], owed: [] });
    clock.advance(4_000);
    assert.deepEqual([obligations.get().isKnown, obligations.get().ageMs], [true, 4_000]);
  });

  it('gives a copy, which nobody changes for the others', async () => {
    obligations.start();
    await answer({ unread: [], owed: [owed] });
    obligations.get().owed.pop();
    assert.equal(obligations.get().owed.length, 1);
  });

  it('is asked once for callers at the same time', async () => {
    const both = [obligations.refresh(), obligations.refresh()];
    assert.equal(asked.length, 1);
    await answer({ unread: [], owed: [] });
    await Promise.all(both);
  });

  it('is asked once for a burst of news', async () => {
    for (let time = 0; time < 20; time += 1) obligations.markDirty();
    clock.advance(settleMs - 1);
    assert.equal(asked.length, 0);
    clock.advance(1);
    assert.equal(asked.length, 1);
  });

  it('is asked again when news came while it was being asked', async () => {
    void obligations.refresh();
    obligations.markDirty();
    await answer({ unread: [], owed: [] });
    clock.advance(settleMs);
    assert.equal(asked.length, 2);
  });

  it('stays what it was when the backend does not answer, and says so quietly', async () => {
    obligations.start();
    await answer({ unread: [], owed: [owed] });
    clock.advance(refreshEveryMs);
    asked.at(-1)?.reject(new Error('gone'));
    await settled();
    assert.deepEqual(obligations.get().owed, [owed]);
    assert.equal(logged.length, 1);
  });

  for (const nonsense of [null, 7, 'owed', [], { owed: 'all' }]) {
    it(`is nothing when the answer is ${JSON.stringify(nonsense)}`, async () => {
      obligations.start();
      await answer(nonsense);
      assert.deepEqual(obligations.get().owed, []);
    });
  }

  it('is no longer asked once it is stopped, and a late answer is thrown away', async () => {
    obligations.start();
    obligations.markDirty();
    obligations.stop();
    await answer({ unread: [], owed: [owed] });
    clock.advance(10 * refreshEveryMs);
    assert.deepEqual([asked.length, obligations.get().owed.length], [1, 0]);
  });
});
