import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it, test } from 'node:test';
import { Sessions, type Source } from '../../../server/agents/sessions.ts';
import { newId } from '../../../server/base/uuid.ts';
import type { AgentEvent } from '../../../server/protocol/agent-event.ts';
import type { NumberedEvent } from '../../../server/protocol/handshake.ts';
import type { AgentId, ProjectId, SessionId } from '../../../server/protocol/ids.ts';
import type { NotificationParams } from '../../../server/protocol/notifications.ts';
import type { Item } from '../../../server/protocol/session.ts';
import { fillDisk, hashOf, TestStores } from '../../support/test-stores.ts';
import { ids, Numbered, permissionAsked, text, toolStarted, turnEnded, turnStarted } from '../../support/transcripts.ts';

const source: Source = { agentId: newId<AgentId>(), projectId: newId<ProjectId>() };
const nothing = () => {};

let kept: TestStores;
let sessions: Sessions;
let id: SessionId;
let numbered: Numbered;
let clock: number;

beforeEach(() => {
  kept = new TestStores();
  clock = 5_000;
  sessions = open();
  id = sessions.create(source.agentId, source.projectId).id;
  numbered = new Numbered(id);
});
afterEach(() => kept.remove());

function open(): Sessions {
  return new Sessions({ file: kept.stores.sessions, now: () => clock++, hashOf });
}

/** As a backend does that took over: nothing in memory. */
function again(): Sessions {
  sessions = open();
  return sessions;
}

function take(...events: AgentEvent[]): NumberedEvent[] {
  const batch = numbered.of(...events);
  sessions.takeIn(source, batch, nothing);
  return batch;
}

function items(of: SessionId = id): Item[] {
  return sessions.page(of, undefined, 1_000).items;
}

function texts(): string[] {
  return items().flatMap((item) => (item.kind === 'text' ? item.text : []));
}

function kinds(): string[] {
  return items().map(({ kind }) => kind);
}

describe('events', () => {
  it('are taken in once, however often and in whatever batches they come', () => {
    const [turn, block] = [ids.turn(), ids.item()];
    const batch = take(turnStarted(turn), text(block, 0, 'Hello'), { type: 'notice', level: 'info', text: 'note' });
    sessions.takeIn(source, batch, nothing);
    sessions.takeIn(source, batch.slice(1), nothing);
    const more = numbered.of(text(block, 5, ', you'), turnEnded(turn));
    again().takeIn(source, [...batch, ...more], nothing);
    again().takeIn(source, more, nothing);
    assert.deepEqual(texts(), ['Hello, you']);
    assert.deepEqual(kinds(), ['text', 'notice', 'turnEnd']);
    const { itemCount, turnCount } = sessions.get(id);
    assert.deepEqual({ itemCount, turnCount, acked: sessions.ackedSeq(source.agentId) }, { itemCount: 3, turnCount: 1, acked: 5 });
  });

  it('tell what is new among them, and nothing when nothing is', () => {
    const seen: number[][] = [];
    const batch = numbered.of(turnStarted(ids.turn()), { type: 'notice', level: 'info', text: 'a' });
    const takeIn = (events: NumberedEvent[]) => sessions.takeIn(source, events, (fresh) => seen.push(fresh.map(({ seq }) => seq)));
    takeIn(batch.slice(0, 1));
    takeIn(batch);
    takeIn(batch);
    takeIn([]);
    assert.deepEqual(seen, [[1], [2]]);
  });

  it('of an agent do not count for another', () => {
    take(turnStarted(ids.turn()));
    assert.equal(sessions.ackedSeq(newId<AgentId>()), 0);
  });

  it('that the disk does not take are not there, and are taken when they come again with room', () => {
    const [turn, block] = [ids.turn(), ids.item()];
    take(turnStarted(turn), text(block, 0, 'kept'));
    const makeRoom = fillDisk(kept.stores.sessions.db);
    const batch = numbered.of(text(block, 4, 'x'.repeat(200_000)), toolStarted(ids.item()));
    assert.throws(() => sessions.takeIn(source, batch, nothing), { code: 'storage', message: /is full/ });
    assert.deepEqual(texts(), ['kept']);
    assert.deepEqual(kinds(), ['text']);
    assert.equal(sessions.ackedSeq(source.agentId), 2);
    makeRoom();
    sessions.takeIn(source, batch, nothing);
    assert.equal(texts()[0]?.length, 200_004);
    assert.deepEqual([kinds(), sessions.get(id).itemCount], [['text', 'tool'], 2]);
  });

  it('are all thrown away when what is written with them fails', () => {
    const batch = numbered.of(turnStarted(ids.turn()), { type: 'notice', level: 'info', text: 'a' });
    const failing = () => {
      throw new Error('the queue failed');
    };
    assert.throws(() => sessions.takeIn(source, batch, failing), /the queue failed/);
    assert.deepEqual([items(), sessions.runningTurn(id)], [[], null]);
    sessions.takeIn(source, batch, nothing);
    assert.equal(sessions.get(id).turnCount, 1);
  });

  it('of a session that the database has lost begin it anew', () => {
    const lost = newId<SessionId>();
    const turn = ids.turn();
    sessions.takeIn(source, new Numbered(lost).of(turnStarted(turn), text(ids.item(), 0, 'here'), turnEnded(turn)), nothing);
    assert.deepEqual(
      items(lost).map(({ kind }) => kind),
      ['text', 'turnEnd'],
    );
    assert.equal(sessions.get(lost).agentId, source.agentId);
  });
});

describe('text that streams', () => {
  const block = ids.item();

  it('is shown at once and kept once, with the event that brings it', () => {
    take(turnStarted(ids.turn()));
    sessions.stream(id, text(block, 0, 'Hel'));
    sessions.stream(id, text(block, 3, 'lo'));
    assert.deepEqual(texts(), ['Hello']);
    take(text(block, 0, 'Hello'));
    assert.deepEqual(texts(), ['Hello']);
    again();
    assert.deepEqual(texts(), ['Hello']);
  });

  it('is dropped when no turn runs, or its block was closed before', () => {
    sessions.stream(id, text(block, 0, 'early'));
    const turn = ids.turn();
    take(turnStarted(turn), text(block, 0, 'Hello'), turnEnded(turn));
    sessions.stream(id, text(block, 0, 'late'));
    take(turnStarted(ids.turn()));
    sessions.stream(id, text(block, 0, 'later'));
    assert.deepEqual(texts(), ['Hello']);
    assert.deepEqual(kinds(), ['text', 'turnEnd']);
  });

  it('is nothing but text', () => {
    const turn = ids.turn();
    take(turnStarted(turn));
    sessions.stream(id, turnEnded(turn));
    assert.equal(sessions.runningTurn(id), turn);
  });

  it('that was not kept yet goes with a write that failed, and comes again with its event', () => {
    take(turnStarted(ids.turn()));
    sessions.stream(id, text(block, 0, 'Hello'));
    const makeRoom = fillDisk(kept.stores.sessions.db);
    const batch = numbered.of(text(block, 0, 'Hello'), { type: 'notice', level: 'info', text: 'x'.repeat(200_000) });
    assert.throws(() => sessions.takeIn(source, batch, nothing), { code: 'storage' });
    sessions.stream(id, text(block, 5, ', you'));
    assert.deepEqual(texts(), []);
    makeRoom();
    sessions.takeIn(source, batch, nothing);
    sessions.stream(id, text(block, 5, ', you'));
    assert.deepEqual(texts(), ['Hello, you']);
  });
});

describe('who watches', () => {
  it('gets what is there, then each change once and in order, and nothing after it stopped', () => {
    const seen: NotificationParams<'session/changed'>[] = [];
    const watcher = (params: NotificationParams<'session/changed'>) => void seen.push(params);
    const [turn, block] = [ids.turn(), ids.item()];
    take(turnStarted(turn), text(block, 0, 'Hel'));
    const snapshot = sessions.watch(id, watcher, 100);
    assert.deepEqual([snapshot.items.length, snapshot.runningTurnId, snapshot.hasEarlier], [1, turn, false]);
    sessions.stream(id, text(block, 3, 'lo'));
    take(text(block, 0, 'Hello'), turnEnded(turn));
    assert.deepEqual(
      seen.map(({ seq }) => seq),
      [snapshot.seq + 1, snapshot.seq + 2],
    );
    assert.ok(seen.every(({ feed }) => feed === snapshot.feed));
    assert.deepEqual(seen[0]?.changes, [{ op: 'append', itemId: block, offset: 3, text: 'lo' }]);
    sessions.unwatch(id, watcher);
    take(turnStarted(ids.turn()));
    assert.equal(seen.length, 2);
    const later = sessions.watch(id, watcher, 100);
    assert.equal(later.seq, 3, 'numbers go on while nobody looks');
    sessions.unwatchAll(watcher);
    take({ type: 'notice', level: 'info', text: 'a' });
    assert.equal(seen.length, 2);
  });

  it('is told of nothing that is not on disk', () => {
    const seen: unknown[] = [];
    sessions.watch(id, (params) => void seen.push(params), 100);
    fillDisk(kept.stores.sessions.db);
    const big: AgentEvent = { type: 'notice', level: 'info', text: 'x'.repeat(200_000) };
    assert.throws(() => sessions.takeIn(source, numbered.of(turnStarted(ids.turn()), big), nothing), { code: 'storage' });
    assert.deepEqual(seen, []);
  });

  it('is told in the transaction’s wake, when reading and writing work again', () => {
    sessions.changed.on((changed) => {
      assert.equal(kept.stores.sessions.db.inTransaction, false);
      assert.equal(changed, id);
    });
    take(turnStarted(ids.turn()));
  });
});

describe('a page', () => {
  const notices = (count: number) => Array.from({ length: count }, (_, n): AgentEvent => ({ type: 'notice', level: 'info', text: `${n}` }));
  const shown = (page: { items: Item[]; hasEarlier: boolean }) => [
    page.items.map((item) => (item.kind === 'notice' ? item.text : item.kind)),
    page.hasEarlier,
  ];

  it('holds the newest items, oldest first, and says whether there are earlier ones', () => {
    take(...notices(5));
    assert.deepEqual(shown(sessions.page(id, undefined, 2)), [['3', '4'], true]);
    assert.deepEqual(shown(sessions.page(id, 3, 2)), [['1', '2'], true]);
    assert.deepEqual(shown(sessions.page(id, 1, 2)), [['0'], false]);
    assert.deepEqual(shown(sessions.page(id, undefined, 5)), [['0', '1', '2', '3', '4'], false]);
  });

  it('shows what is open as it stands now, once and in its place', () => {
    const block = ids.item();
    take(...notices(3), turnStarted(ids.turn()), text(block, 0, 'a'), ...notices(1));
    sessions.stream(id, text(block, 1, 'b'));
    assert.deepEqual(texts(), ['ab']);
    assert.deepEqual(shown(sessions.page(id, undefined, 2)), [['text', '0'], true]);
    assert.deepEqual(shown(sessions.page(id, undefined, 1)), [['0'], true]);
  });

  it('leaves out a prompt that waits far behind it', () => {
    sessions.addPrompt(id, ids.prompt(), 'wait', nothing);
    take(...notices(4));
    assert.deepEqual(shown(sessions.page(id, undefined, 2)), [['2', '3'], true]);
    assert.deepEqual(shown(sessions.page(id, undefined, 5)), [['prompt', '0', '1', '2', '3'], false]);
  });

  it('shows a row that the disk gave back damaged as such, and those around it', () => {
    take(...notices(3));
    kept.stores.sessions.db.exec(
      "update items set body = substr(body, 1, 20) where ordinal = 1; update items set body = '{}' where ordinal = 2",
    );
    again();
    const [first, ...damaged] = items();
    assert.equal(first?.kind === 'notice' && first.text, '0');
    assert.deepEqual(
      damaged.map((item) => item.kind === 'notice' && item.level),
      ['error', 'error'],
    );
  });
});

describe('a prompt', () => {
  it('is in the transcript and in the queue, or in neither', () => {
    const fails = () => {
      throw new Error('no room in the queue');
    };
    assert.throws(() => sessions.addPrompt(id, ids.prompt(), 'go', fails), /no room/);
    assert.deepEqual([items(), sessions.get(id).title], [[], '']);
    sessions.addPrompt(id, ids.prompt(), 'go', nothing);
    assert.deepEqual(kinds(), ['prompt']);
  });

  it('that is taken back is shown as dropped', () => {
    const promptId = ids.prompt();
    sessions.addPrompt(id, promptId, 'go', nothing);
    sessions.dropPrompt(id, promptId, nothing);
    const [item] = items();
    assert.equal(item?.kind === 'prompt' && item.state, 'dropped');
  });

  it('that could not be given is a turn that failed, and says why', () => {
    const promptId = ids.prompt();
    sessions.addPrompt(id, promptId, 'go', nothing);
    let wasMarked = false;
    const mark = () => {
      wasMarked = true;
    };
    sessions.failPrompt(id, promptId, { type: 'unknown', message: 'no such program', retryable: false }, mark);
    const end = items().at(-1);
    assert.deepEqual(kinds(), ['prompt', 'turnEnd']);
    assert.equal(end?.kind === 'turnEnd' && end.failure?.message, 'no such program');
    assert.deepEqual([wasMarked, sessions.runningTurn(id)], [true, null]);
  });

  for (const [name, prompt, title] of [
    ['its first line', 'Fix the build\nplease', 'Fix the build'],
    ['the first line that says something', '\n   \n  Fix it  \nnow', 'Fix it'],
    ['the beginning of a long line', 'x'.repeat(200), `${'x'.repeat(79)}…`],
    ['never half a character', `${'x'.repeat(78)}\u{1f600}\u{1f600}`, `${'x'.repeat(78)}…`],
  ] as const) {
    it(`gives the session its title: ${name}`, () => {
      sessions.addPrompt(id, ids.prompt(), prompt, nothing);
      sessions.addPrompt(id, ids.prompt(), 'something else', nothing);
      assert.equal(sessions.get(id).title, title);
      assert.equal(again().get(id).title, title);
    });
  }
});

describe('a session', () => {
  it('is found by its id, in any case, or the beginning or end of it', () => {
    const other = sessions.create(source.agentId, source.projectId);
    for (const part of [id, id.toUpperCase(), id.slice(-8), id.slice(0, 20)]) {
      if (!other.id.startsWith(part)) assert.equal(sessions.find(part).id, id);
    }
    assert.throws(() => sessions.find(id.slice(0, 8)), { code: 'ambiguous' });
    assert.throws(() => sessions.find('fffffffff'), { code: 'notFound' });
    assert.throws(() => sessions.find(newId()), { code: 'notFound' });
    assert.throws(() => sessions.find('undefined/undefined'), { code: 'notFound' });
  });

  it('is listed newest first, by agent, by project and to a limit', () => {
    const other = sessions.create(newId<AgentId>(), source.projectId);
    sessions.addPrompt(id, ids.prompt(), 'go', nothing);
    const list = (filter: Partial<Parameters<Sessions['list']>[0]>) =>
      sessions.list({ agentId: null, projectId: null, limit: 10, ...filter }).map((session) => session.id);
    assert.deepEqual(list({}), [id, other.id]);
    assert.deepEqual(list({ agentId: other.agentId }), [other.id]);
    assert.deepEqual(list({ projectId: newId<ProjectId>() }), []);
    assert.deepEqual(list({ limit: 1 }), [id]);
  });

  it('in which a turn ran when the backend was killed is known, and can be ended', () => {
    const turn = ids.turn();
    take(turnStarted(turn), text(ids.item(), 0, 'Hel'));
    assert.deepEqual(
      again()
        .running()
        .map((session) => session.id),
      [id],
    );
    sessions.endTurn(id, 'crashed', null);
    sessions.endTurn(id, 'crashed', null);
    assert.deepEqual(kinds(), ['text', 'turnEnd']);
    assert.deepEqual(sessions.running(), []);
  });

  it('whose tools run on is closed with the agent, also one that is not its current one', () => {
    const turn = ids.turn();
    take(turnStarted(turn), toolStarted(ids.item()), turnEnded(turn));
    const other = sessions.create(source.agentId, source.projectId);
    sessions.takeIn(source, new Numbered(other.id, 10).of(toolStarted(ids.item())), nothing);
    again().closeTools(source.agentId);
    for (const session of [id, other.id]) {
      const [tool] = items(session);
      assert.equal(tool?.kind === 'tool' && tool.status, 'interrupted');
    }
  });

  it('shows an answer once, and a session that is gone has none to show', () => {
    const approvalId = ids.approval();
    take(turnStarted(ids.turn()), permissionAsked(approvalId));
    const [asked] = items();
    assert.ok(asked?.kind === 'permission');
    const settled = { id: approvalId, ...source, request: asked.request, hash: asked.hash, askedAt: 1, answeredAt: 2 } as const;
    sessions.showAnswer({ ...settled, sessionId: id, state: 'denied', answeredBy: 'cli' });
    sessions.showAnswer({ ...settled, sessionId: id, state: 'allowedOnce', answeredBy: 'extension' });
    sessions.showAnswer({ ...settled, sessionId: newId<SessionId>(), state: 'denied', answeredBy: 'cli' });
    const [shown] = items();
    assert.equal(shown?.kind === 'permission' && shown.state, 'denied');
  });
});

test('many sessions can be looked at without any of them being forgotten', () => {
  const block = ids.item();
  take(turnStarted(ids.turn()));
  sessions.stream(id, text(block, 0, 'not kept yet'));
  for (let count = 0; count < 500; count += 1) sessions.get(sessions.create(source.agentId, source.projectId).id);
  assert.deepEqual(texts(), ['not kept yet']);
});
