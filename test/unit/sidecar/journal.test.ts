import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import type { AgentEvent } from '../../../server/protocol/agent-event.ts';
import type { ItemId, SessionId, TurnId } from '../../../server/protocol/ids.ts';
import { appendTextEveryMs, Journal, streamEveryMs } from '../../../server/sidecar/journal.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const sessionId = newId<SessionId>();

function setUp() {
  const clock = new FakeClock();
  const appended: AgentEvent[] = [];
  const streamed: AgentEvent[] = [];
  const state = { sentSeq: Number.POSITIVE_INFINITY };
  const outbox = {
    get lastSeq() {
      return appended.length;
    },
    append: ({ event }: { event: AgentEvent }) => Promise.resolve(appended.push(event)),
  };
  const journal = new Journal({
    outbox,
    clock,
    stream: (_, event) => streamed.push(event),
    sentSeq: () => state.sentSeq,
    log: () => {},
  });
  /** Says text as an adapter does: delta by delta. */
  const say = (itemId: ItemId, offset: number, text: string) => journal.record(sessionId, { type: 'text', itemId, offset, text });
  return { clock, appended, streamed, state, journal, say };
}

function parts(events: readonly AgentEvent[]): string[] {
  return events.map((event) => (event.type === 'text' ? `${event.offset}:${event.text}` : event.type));
}

test('the first delta is streamed at once, the next ones together after 16 ms', () => {
  const { clock, streamed, say } = setUp();
  const id = newId<ItemId>();
  say(id, 0, 'a');
  say(id, 1, 'b');
  say(id, 2, 'c');
  assert.deepEqual(parts(streamed), ['0:a']);
  clock.advance(streamEveryMs);
  assert.deepEqual(parts(streamed), ['0:a', '1:bc']);
  say(id, 3, 'd');
  assert.deepEqual(parts(streamed), ['0:a', '1:bc']);
  clock.advance(streamEveryMs);
  assert.deepEqual(parts(streamed), ['0:a', '1:bc', '3:d']);
});

test('text is kept every second and at the end of its block, each part once', () => {
  const { clock, appended, journal, say } = setUp();
  const id = newId<ItemId>();
  say(id, 0, 'ab');
  assert.deepEqual(parts(appended), []);
  clock.advance(appendTextEveryMs);
  say(id, 2, 'cd');
  say(id, 4, 'ef');
  assert.deepEqual(parts(appended), ['0:ab']);
  clock.advance(appendTextEveryMs);
  say(id, 6, 'g');
  journal.record(sessionId, { type: 'blockEnded', itemId: id });
  assert.deepEqual(parts(appended), ['0:ab', '2:cdef', '6:g', 'blockEnded']);
  clock.advance(10 * appendTextEveryMs);
  assert.equal(appended.length, 4);
  assert.equal(clock.waiting, 0);
});

test('everything else is kept at once and after the text that came before it', () => {
  const { appended, journal, say } = setUp();
  say(newId<ItemId>(), 0, 'before');
  journal.record(sessionId, { type: 'notice', level: 'info', text: 'x' });
  say(newId<ItemId>(), 0, 'after');
  journal.record(sessionId, { type: 'turnEnded', turnId: newId<TurnId>(), reason: 'completed', failure: null });
  assert.deepEqual(parts(appended), ['0:before', 'notice', '0:after', 'turnEnded']);
});

test('a new block keeps the text of the one before it first', () => {
  const { appended, journal, say } = setUp();
  say(newId<ItemId>(), 0, 'one');
  say(newId<ItemId>(), 0, 'two');
  journal.appendText();
  assert.deepEqual(parts(appended), ['0:one', '0:two']);
});

test('a part that comes twice is kept once, and one that would leave a hole is left out', () => {
  const { appended, journal, say } = setUp();
  const id = newId<ItemId>();
  say(id, 0, 'abc');
  say(id, 1, 'bcd');
  say(id, 9, 'z');
  journal.appendText();
  assert.deepEqual(parts(appended), ['0:abcd']);
});

test('a new backend is streamed the open text that it cannot have, from the last part acknowledged', () => {
  const { clock, streamed, journal, say } = setUp();
  const id = newId<ItemId>();
  say(id, 0, 'abc');
  journal.appendText();
  say(id, 3, 'def');
  journal.appendText();
  say(id, 6, 'gh');
  clock.advance(streamEveryMs);
  journal.acked(1);
  streamed.length = 0;
  journal.restream();
  clock.advance(streamEveryMs);
  assert.deepEqual(parts(streamed), ['3:defgh']);
});

test('text that is acknowledged before it could be streamed is not streamed, and what follows has its right place', () => {
  const { clock, streamed, state, journal, say } = setUp();
  state.sentSeq = -1;
  const id = newId<ItemId>();
  say(id, 0, 'abc');
  journal.appendText();
  journal.acked(1);
  say(id, 3, 'de');
  state.sentSeq = 1;
  clock.advance(streamEveryMs);
  assert.deepEqual(parts(streamed), ['3:de']);
});

test('what is complete is not streamed again', () => {
  const { clock, streamed, journal, say } = setUp();
  const id = newId<ItemId>();
  say(id, 0, 'abc');
  journal.record(sessionId, { type: 'blockEnded', itemId: id });
  streamed.length = 0;
  journal.restream();
  clock.advance(streamEveryMs);
  assert.deepEqual(streamed, []);
});

test('streamed text waits until everything before its block was sent', () => {
  const { clock, streamed, state, journal, say } = setUp();
  state.sentSeq = 0;
  journal.record(sessionId, { type: 'turnStarted', turnId: newId<TurnId>(), promptIds: [] });
  say(newId<ItemId>(), 0, 'abc');
  clock.advance(5 * streamEveryMs);
  assert.deepEqual(streamed, []);
  state.sentSeq = 1;
  clock.advance(streamEveryMs);
  assert.deepEqual(parts(streamed), ['0:abc']);
  clock.advance(5 * streamEveryMs);
  assert.equal(streamed.length, 1);
});

test('an event that does not fit the contract becomes a notice, because the backend would refuse it and all behind it', () => {
  const { appended, journal } = setUp();
  // What a faulty adapter might emit.
  journal.record(sessionId, { type: 'blockEnded', itemId: 'no id' } as unknown as AgentEvent);
  assert.deepEqual(parts(appended), ['notice']);
});
