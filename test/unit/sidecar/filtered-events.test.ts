import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { SecretFilter } from '../../../server/leaks/secret-filter.ts';
import type { AgentEvent } from '../../../server/protocol/agent-event.ts';
import { FilteredEvents } from '../../../server/sidecar/filtered-events.ts';
import { ids, text, turnEnded } from '../../support/transcripts.ts';

const secret = 'sk-canary-0001';
const dots = '[secret key]';
const item = ids.item();
let emitted: AgentEvent[];
let events: FilteredEvents;

beforeEach(() => {
  const filter = new SecretFilter();
  filter.learn([{ name: 'key', value: secret }]);
  emitted = [];
  events = new FilteredEvents(filter, (event) => emitted.push(event));
});

/** What the texts make when they are put together by their offsets, as the transcript does it. */
function whole(): string {
  return emitted.reduce((said, event) => {
    if (event.type !== 'text') return said;
    assert.ok(event.offset <= said.length, 'a hole');
    return said + event.text.slice(said.length - event.offset);
  }, '');
}

function say(...parts: string[]): void {
  let offset = 0;
  for (const part of parts) {
    events.emit(text(item, offset, part));
    offset += part.length;
  }
}

test('a secret that comes in parts of any size is taken out, and all else stays as it was', () => {
  const said = `It is ${secret}; ${secret}${secret} sk-can and sk-canary-0002. s`;
  for (const size of [1, 2, 3, 5, 7, 13, 14, 200]) {
    emitted = [];
    say(...(said.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []));
    events.emit({ type: 'blockEnded', itemId: item });
    assert.equal(whole(), said.replaceAll(secret, dots), `in parts of ${size}`);
    assert.equal(JSON.stringify(emitted).includes('canary-0001'), false);
  }
});

test('text without a secret is not held back', () => {
  say('Hello, ', 'world.');
  assert.equal(whole(), 'Hello, world.');
});

test('an end that may begin a secret waits for the next part, and for nothing else', () => {
  say('press s');
  assert.equal(whole(), 'press ');
  events.emit({ type: 'notice', level: 'info', text: 'something else' });
  assert.equal(whole(), 'press s');
});

test('what counts tokens belongs to no place in the text, and does not cut a secret in two', () => {
  const usage = { inputTokens: 1, outputTokens: null, cacheReadTokens: null, cacheWriteTokens: null, contextTokens: null };
  events.emit(text(item, 0, 'sk-canary'));
  events.emit({ type: 'usage', usage: { ...usage, contextWindowTokens: null, costUsd: null } });
  events.emit(text(item, 9, '-0001'));
  events.flush();
  assert.equal(whole(), dots);
});

test('a part that comes twice is told once more at most, and a secret across it is taken out', () => {
  events.emit(text(item, 0, 'the sk-can'));
  events.emit(text(item, 0, 'the sk-canary-0001'));
  events.emit({ type: 'blockEnded', itemId: item });
  assert.equal(whole(), `the ${dots}`);
});

test('the text of one item ends what is held of another', () => {
  const other = ids.item();
  events.emit(text(item, 0, 'sk-ca'));
  events.emit(text(other, 0, 'nary'));
  assert.deepEqual(
    emitted.map((event) => (event.type === 'text' ? [event.itemId, event.text] : [])),
    [
      [item, 'sk-ca'],
      [other, 'nary'],
    ],
  );
});

test('the end of the turn lets everything out', () => {
  say('sk-canary-000');
  events.emit(turnEnded(ids.turn()));
  assert.equal(whole(), 'sk-canary-000');
});

test('an encoded secret that comes in parts of any size is taken out, and the text after it keeps its place', () => {
  const said = `${Buffer.from(secret).toString('base64').slice(0, -1)}= then ${encodeURIComponent(secret).replace('-', '%2d')}, ${[...secret].join('\n')}. End.`;
  for (const size of [1, 2, 3, 5, 7, 200]) {
    emitted = [];
    const next = ids.item();
    let offset = 0;
    for (const part of said.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []) {
      events.emit(text(next, offset, part));
      offset += part.length;
    }
    events.emit({ type: 'blockEnded', itemId: next });
    assert.equal(whole(), `${dots}= then ${dots}, ${dots}. End.`, `in parts of ${size}`);
  }
});

test('after a hole the text goes on with the hole in it', () => {
  events.emit(text(item, 0, `${secret} sk-ca`));
  events.emit(text(item, 100, 'nary'));
  const [, held, rest] = emitted.map((event) => (event.type === 'text' ? [event.offset, event.text] : []));
  const end = `${dots} `.length;
  assert.deepEqual(
    [held, rest],
    [
      [end, 'sk-ca'],
      [end + 5 + 100 - `${secret} sk-ca`.length, 'nary'],
    ],
  );
});
