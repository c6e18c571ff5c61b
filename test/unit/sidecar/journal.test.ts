import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import type { AgentEvent } from '../../../server/protocol/agent-event.ts';
import type { ItemId, SessionId, TurnId } from '../../../server/protocol/ids.ts';
import { appendTextEveryMs, Journal, streamEveryMs } from '../../../server/sidecar/journal.ts';
import type { NewEvent } from '../../../server/sidecar/outbox.ts';
import { mostTextChars } from '../../../server/sidecar/text-block.ts';
import { progressEveryMs } from '../../../server/sidecar/tool-progress.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const sessionId = newId<SessionId>();

function setUp() {
  const clock = new FakeClock();
  const appended: AgentEvent[] = [];
  const dedupeKeys: (string | undefined)[] = [];
  const streamed: AgentEvent[] = [];
  const state = { sentSeq: Number.POSITIVE_INFINITY };
  const outbox = {
    get lastSeq() {
      return appended.length;
    },
    append: ({ event, mode, dedupeKey }: NewEvent) => {
      dedupeKeys.push(mode === 'coalesce' ? dedupeKey : undefined);
      return Promise.resolve(appended.push(event));
    },
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
  return { clock, appended, dedupeKeys, streamed, state, journal, say };
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
  journal.appendPending();
  assert.deepEqual(parts(appended), ['0:one', '0:two']);
});

test('a part that comes twice is kept once, and one that would leave a hole is left out', () => {
  const { appended, journal, say } = setUp();
  const id = newId<ItemId>();
  say(id, 0, 'abc');
  say(id, 1, 'bcd');
  say(id, 9, 'z');
  journal.appendPending();
  assert.deepEqual(parts(appended), ['0:abcd']);
});

test('a new backend is streamed the open text that it cannot have, from the last part acknowledged', () => {
  const { clock, streamed, journal, say } = setUp();
  const id = newId<ItemId>();
  say(id, 0, 'abc');
  journal.appendPending();
  say(id, 3, 'def');
  journal.appendPending();
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
  journal.appendPending();
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

test('a lot of text is kept at once, in pieces that never split a character, and streamed in such pieces', () => {
  const { appended, streamed, clock, journal, say } = setUp();
  const id = newId<ItemId>();
  const text = `x${'😀'.repeat(mostTextChars)}`;
  say(id, 0, text);
  assert.ok(appended.length > 1, 'without waiting for the second');
  journal.appendPending();
  for (let pieces = 0; pieces < 5; pieces += 1) clock.advance(streamEveryMs);
  for (const events of [appended, streamed]) {
    const pieces = events.map((event) => (event.type === 'text' ? event.text : ''));
    assert.equal(pieces.join(''), text);
    assert.ok(pieces.every((piece) => piece.length <= mostTextChars && piece.isWellFormed()));
  }
});

test('a second’s worth of small parts does not grow beyond one event’s bound', () => {
  const { appended, say } = setUp();
  const id = newId<ItemId>();
  const part = 'x'.repeat(mostTextChars / 4);
  for (let count = 0; count < 4; count += 1) say(id, count * part.length, part);
  assert.equal(appended.length, 1);
});

test('the progress of a tool is told at once, then only the last word of each interval, and never after its end', () => {
  const { appended, clock, journal } = setUp();
  const itemId = newId<ItemId>();
  const progress = (title: string) => journal.record(sessionId, { type: 'toolProgressed', itemId, title });
  const titles = () => appended.map((event) => (event.type === 'toolProgressed' ? event.title : event.type));
  journal.record(sessionId, { type: 'toolProgressed', itemId, status: 'running', title: '1' });
  for (const title of ['2', '3']) progress(title);
  assert.deepEqual(titles(), ['1']);
  clock.advance(progressEveryMs);
  assert.deepEqual(titles(), ['1', '3']);
  progress('4');
  progress('5');
  journal.record(sessionId, { type: 'toolEnded', itemId, status: 'ok' });
  clock.advance(10 * progressEveryMs);
  assert.deepEqual(titles(), ['1', '3', '5', 'toolEnded']);
  assert.equal(clock.waiting, 0);
});

test('what a burst of progress told of different things is all kept', () => {
  const { appended, clock, journal } = setUp();
  const itemId = newId<ItemId>();
  for (const change of [{ status: 'running' }, { title: 'a' }, { input: { b: 1 } }] as const) {
    journal.record(sessionId, { type: 'toolProgressed', itemId, ...change });
  }
  clock.advance(progressEveryMs);
  assert.deepEqual(appended.at(-1), { type: 'toolProgressed', itemId, title: 'a', input: { b: 1 } });
});

test('an event that is far too large is cut before it is kept', () => {
  const { appended, journal } = setUp();
  journal.record(sessionId, { type: 'notice', level: 'info', text: 'x'.repeat(20_000_000) });
  assert.match(appended[0]?.type === 'notice' ? appended[0].text.slice(-60) : '', /more characters were left out/);
});

test('of plans and usage only the newest of a turn and session must arrive, of all else everything', () => {
  const { dedupeKeys, journal } = setUp();
  const [first, second] = [newId<TurnId>(), newId<TurnId>()];
  const plan: AgentEvent = { type: 'plan', entries: [] };
  const usage: AgentEvent = {
    type: 'usage',
    usage: {
      ...{ inputTokens: 1, outputTokens: null, cacheReadTokens: null, cacheWriteTokens: null },
      ...{ contextTokens: null, contextWindowTokens: null, costUsd: null },
    },
  };
  const keysOf = (...events: AgentEvent[]) => {
    for (const event of events) journal.record(sessionId, event);
    return dedupeKeys.splice(0);
  };
  const start = (turnId: TurnId): AgentEvent => ({ type: 'turnStarted', turnId, promptIds: [] });
  const [none, ofFirst, alsoOfFirst, usageOfFirst] = keysOf(start(first), plan, plan, usage);
  assert.equal(none, undefined);
  assert.ok(ofFirst !== undefined && ofFirst === alsoOfFirst && usageOfFirst !== undefined && usageOfFirst !== ofFirst);
  const [, afterwards] = keysOf({ type: 'turnEnded', turnId: first, reason: 'completed', failure: null }, usage);
  const [, ofSecond] = keysOf(start(second), plan);
  assert.equal(new Set([ofFirst, usageOfFirst, afterwards, ofSecond]).size, 4, 'an earlier turn keeps what it had');
  journal.record(newId<SessionId>(), usage);
  assert.notEqual(dedupeKeys[0], afterwards);
});
