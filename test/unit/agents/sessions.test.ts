/** How events get into transcripts, and out to whoever looks. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import type { AgentEvent } from '../../../server/protocol/agent-event.ts';
import type { NumberedEvent } from '../../../server/protocol/handshake.ts';
import type { AgentId, SessionId } from '../../../server/protocol/ids.ts';
import type { NotificationParams } from '../../../server/protocol/notifications.ts';
import type { Item } from '../../../server/protocol/session.ts';
import { nothing, SessionsWorld, source } from '../../support/sessions-world.ts';
import { fillDisk } from '../../support/test-stores.ts';
import { ids, Numbered, text, toolStarted, turnEnded, turnStarted } from '../../support/transcripts.ts';

let world: SessionsWorld;

beforeEach(() => {
  world = new SessionsWorld();
});
afterEach(() => world.kept.remove());

describe('events', () => {
  it('are taken in once, however often and in whatever batches they come', () => {
    const [turn, block] = [ids.turn(), ids.item()];
    const batch = world.take(turnStarted(turn), text(block, 0, 'Hello'), { type: 'notice', level: 'info', text: 'note' });
    world.sessions.takeIn(source, batch, nothing);
    world.sessions.takeIn(source, batch.slice(1), nothing);
    const more = world.numbered.of(text(block, 5, ', you'), turnEnded(turn));
    world.again().takeIn(source, [...batch, ...more], nothing);
    world.again().takeIn(source, more, nothing);
    assert.deepEqual(world.texts(), ['Hello, you']);
    assert.deepEqual(world.kinds(), ['text', 'notice', 'turnEnd']);
    const { itemCount, turnCount } = world.sessions.get(world.id);
    assert.deepEqual({ itemCount, turnCount, acked: world.sessions.ackedSeq(source.agentId) }, { itemCount: 3, turnCount: 1, acked: 5 });
  });

  it('tell what is new among them, and nothing when nothing is', () => {
    const seen: number[][] = [];
    const batch = world.numbered.of(turnStarted(ids.turn()), { type: 'notice', level: 'info', text: 'a' });
    const takeIn = (events: NumberedEvent[]) => world.sessions.takeIn(source, events, (fresh) => seen.push(fresh.map(({ seq }) => seq)));
    takeIn(batch.slice(0, 1));
    takeIn(batch);
    takeIn(batch);
    takeIn([]);
    assert.deepEqual(seen, [[1], [2]]);
  });

  it('of an agent do not count for another', () => {
    world.take(turnStarted(ids.turn()));
    assert.equal(world.sessions.ackedSeq(newId<AgentId>()), 0);
  });

  it('that the disk does not take are not there, and are taken when they come again with room', () => {
    const [turn, block] = [ids.turn(), ids.item()];
    world.take(turnStarted(turn), text(block, 0, 'kept'));
    const makeRoom = fillDisk(world.kept.stores.sessions.db);
    const batch = world.numbered.of(text(block, 4, 'x'.repeat(200_000)), toolStarted(ids.item()));
    assert.throws(() => world.sessions.takeIn(source, batch, nothing), { code: 'storage', message: /is full/ });
    assert.deepEqual(world.texts(), ['kept']);
    assert.deepEqual(world.kinds(), ['text']);
    assert.equal(world.sessions.ackedSeq(source.agentId), 2);
    makeRoom();
    world.sessions.takeIn(source, batch, nothing);
    assert.equal(world.texts()[0]?.length, 200_004);
    assert.deepEqual([world.kinds(), world.sessions.get(world.id).itemCount], [['text', 'tool'], 2]);
  });

  it('are all thrown away when what is written with them fails', () => {
    const batch = world.numbered.of(turnStarted(ids.turn()), { type: 'notice', level: 'info', text: 'a' });
    const failing = () => {
      throw new Error('the queue failed');
    };
    assert.throws(() => world.sessions.takeIn(source, batch, failing), /the queue failed/);
    assert.deepEqual([world.items(), world.sessions.runningTurn(world.id)], [[], null]);
    world.sessions.takeIn(source, batch, nothing);
    assert.equal(world.sessions.get(world.id).turnCount, 1);
  });

  it('of a session that the database has lost begin it anew', () => {
    const lost = newId<SessionId>();
    const turn = ids.turn();
    world.sessions.takeIn(source, new Numbered(lost).of(turnStarted(turn), text(ids.item(), 0, 'here'), turnEnded(turn)), nothing);
    assert.deepEqual(
      world.items(lost).map(({ kind }) => kind),
      ['text', 'turnEnd'],
    );
    assert.equal(world.sessions.get(lost).agentId, source.agentId);
  });
});

describe('text that streams', () => {
  const block = ids.item();

  it('is shown at once and kept once, with the event that brings it', () => {
    world.take(turnStarted(ids.turn()));
    world.sessions.stream(world.id, text(block, 0, 'Hel'));
    world.sessions.stream(world.id, text(block, 3, 'lo'));
    assert.deepEqual(world.texts(), ['Hello']);
    world.take(text(block, 0, 'Hello'));
    assert.deepEqual(world.texts(), ['Hello']);
    world.again();
    assert.deepEqual(world.texts(), ['Hello']);
  });

  it('is dropped when no turn runs, or its block was closed before', () => {
    world.sessions.stream(world.id, text(block, 0, 'early'));
    const turn = ids.turn();
    world.take(turnStarted(turn), text(block, 0, 'Hello'), turnEnded(turn));
    world.sessions.stream(world.id, text(block, 0, 'late'));
    world.take(turnStarted(ids.turn()));
    world.sessions.stream(world.id, text(block, 0, 'later'));
    assert.deepEqual(world.texts(), ['Hello']);
    assert.deepEqual(world.kinds(), ['text', 'turnEnd']);
  });

  it('is nothing but text', () => {
    const turn = ids.turn();
    world.take(turnStarted(turn));
    world.sessions.stream(world.id, turnEnded(turn));
    assert.equal(world.sessions.runningTurn(world.id), turn);
  });

  it('that was not kept yet goes with a write that failed, and comes again with its event', () => {
    world.take(turnStarted(ids.turn()));
    world.sessions.stream(world.id, text(block, 0, 'Hello'));
    const makeRoom = fillDisk(world.kept.stores.sessions.db);
    const batch = world.numbered.of(text(block, 0, 'Hello'), { type: 'notice', level: 'info', text: 'x'.repeat(200_000) });
    assert.throws(() => world.sessions.takeIn(source, batch, nothing), { code: 'storage' });
    world.sessions.stream(world.id, text(block, 5, ', you'));
    assert.deepEqual(world.texts(), []);
    makeRoom();
    world.sessions.takeIn(source, batch, nothing);
    world.sessions.stream(world.id, text(block, 5, ', you'));
    assert.deepEqual(world.texts(), ['Hello, you']);
  });
});

describe('who watches', () => {
  it('gets what is there, then each change once and in order, and nothing after it stopped', () => {
    const seen: NotificationParams<'session/changed'>[] = [];
    const watcher = (params: NotificationParams<'session/changed'>) => void seen.push(params);
    const [turn, block] = [ids.turn(), ids.item()];
    world.take(turnStarted(turn), text(block, 0, 'Hel'));
    const snapshot = world.sessions.watch(world.id, watcher, 100);
    assert.deepEqual([snapshot.items.length, snapshot.runningTurnId, snapshot.hasEarlier], [1, turn, false]);
    world.sessions.stream(world.id, text(block, 3, 'lo'));
    world.take(text(block, 0, 'Hello'), turnEnded(turn));
    assert.deepEqual(
      seen.map(({ seq }) => seq),
      [snapshot.seq + 1, snapshot.seq + 2],
    );
    assert.ok(seen.every(({ feed }) => feed === snapshot.feed));
    assert.deepEqual(seen[0]?.changes, [{ op: 'append', itemId: block, offset: 3, text: 'lo' }]);
    world.sessions.unwatch(world.id, watcher);
    world.take(turnStarted(ids.turn()));
    assert.equal(seen.length, 2);
    const later = world.sessions.watch(world.id, watcher, 100);
    assert.equal(later.seq, 3, 'numbers go on while nobody looks');
    world.sessions.unwatchAll(watcher);
    world.take({ type: 'notice', level: 'info', text: 'a' });
    assert.equal(seen.length, 2);
  });

  it('is told of nothing that is not on disk', () => {
    const seen: unknown[] = [];
    world.sessions.watch(world.id, (params) => void seen.push(params), 100);
    fillDisk(world.kept.stores.sessions.db);
    const big: AgentEvent = { type: 'notice', level: 'info', text: 'x'.repeat(200_000) };
    assert.throws(() => world.sessions.takeIn(source, world.numbered.of(turnStarted(ids.turn()), big), nothing), { code: 'storage' });
    assert.deepEqual(seen, []);
  });

  it('is told in the transaction’s wake, when reading and writing work again', () => {
    world.sessions.changed.on((changed) => {
      assert.equal(world.kept.stores.sessions.db.inTransaction, false);
      assert.equal(changed, world.id);
    });
    world.take(turnStarted(ids.turn()));
  });
});

describe('a page', () => {
  const notices = (count: number) => Array.from({ length: count }, (_, n): AgentEvent => ({ type: 'notice', level: 'info', text: `${n}` }));
  const shown = (page: { items: Item[]; hasEarlier: boolean }) => [
    page.items.map((item) => (item.kind === 'notice' ? item.text : item.kind)),
    page.hasEarlier,
  ];

  it('holds the newest items, oldest first, and says whether there are earlier ones', () => {
    world.take(...notices(5));
    assert.deepEqual(shown(world.sessions.page(world.id, undefined, 2)), [['3', '4'], true]);
    assert.deepEqual(shown(world.sessions.page(world.id, 3, 2)), [['1', '2'], true]);
    assert.deepEqual(shown(world.sessions.page(world.id, 1, 2)), [['0'], false]);
    assert.deepEqual(shown(world.sessions.page(world.id, undefined, 5)), [['0', '1', '2', '3', '4'], false]);
  });

  it('shows what is open as it stands now, once and in its place', () => {
    const block = ids.item();
    world.take(...notices(3), turnStarted(ids.turn()), text(block, 0, 'a'), ...notices(1));
    world.sessions.stream(world.id, text(block, 1, 'b'));
    assert.deepEqual(world.texts(), ['ab']);
    assert.deepEqual(shown(world.sessions.page(world.id, undefined, 2)), [['text', '0'], true]);
    assert.deepEqual(shown(world.sessions.page(world.id, undefined, 1)), [['0'], true]);
  });

  it('leaves out a prompt that waits far behind it', () => {
    world.sessions.addPrompt(world.id, { id: ids.prompt(), text: 'wait' }, nothing);
    world.take(...notices(4));
    assert.deepEqual(shown(world.sessions.page(world.id, undefined, 2)), [['2', '3'], true]);
    assert.deepEqual(shown(world.sessions.page(world.id, undefined, 5)), [['prompt', '0', '1', '2', '3'], false]);
  });

  it('shows a row that the disk gave back damaged as such, and those around it', () => {
    world.take(...notices(3));
    world.kept.stores.sessions.db.exec(
      "update items set body = substr(body, 1, 20) where ordinal = 1; update items set body = '{}' where ordinal = 2",
    );
    world.again();
    const [first, ...damaged] = world.items();
    assert.equal(first?.kind === 'notice' && first.text, '0');
    assert.deepEqual(
      damaged.map((item) => item.kind === 'notice' && item.level),
      ['error', 'error'],
    );
  });
});
