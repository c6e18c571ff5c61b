import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AgentEvent } from '../../../server/protocol/agent-event.ts';
import type { ItemId } from '../../../server/protocol/ids.ts';
import { MergedText } from '../../../server/sidecar/merged-text.ts';

// Ids made up for the test.
const [one, two] = ['one', 'two'] as ItemId[] as [ItemId, ItemId];
const text = (offset: number, said: string, itemId = one): AgentEvent => ({ type: 'text', itemId, offset, text: said });
const ended: AgentEvent = { type: 'blockEnded', itemId: one };

function merging(): { merged: MergedText; told: AgentEvent[] } {
  const told: AgentEvent[] = [];
  return { merged: new MergedText((event) => told.push(event)), told };
}

test('pieces that come together are told as one, before anything else gets its turn', async () => {
  const { merged, told } = merging();
  for (const event of [text(0, 'a'), text(1, 'bc'), text(3, 'd')]) merged.emit(event);
  assert.deepEqual(told, []);
  await Promise.resolve();
  assert.deepEqual(told, [text(0, 'abcd')]);
});

test('what comes behind a text does not overtake it', () => {
  const { merged, told } = merging();
  for (const event of [text(0, 'a'), text(1, 'b'), ended]) merged.emit(event);
  assert.deepEqual(told, [text(0, 'ab'), ended]);
});

test('another text, another kind, a hole and a piece that comes twice stay apart', () => {
  const { merged, told } = merging();
  const events = [text(0, 'a'), text(0, 'x', two), text(5, 'y', two), text(5, 'y', two)];
  const thought: AgentEvent = { type: 'thinking', itemId: two, offset: 6, text: 'z' };
  for (const event of [...events, thought]) merged.emit(event);
  merged.flush();
  assert.deepEqual(told, [...events, thought]);
});

test('a flood without a pause is told in parts, with nothing missing', () => {
  const { merged, told } = merging();
  const piece = 'x'.repeat(1_000);
  for (let number = 0; number < 200; number += 1) merged.emit(text(number * 1_000, piece));
  merged.flush();
  assert.ok(told.length > 1 && told.length < 10, `${told.length} parts`);
  assert.equal(told.map((event) => (event.type === 'text' ? event.text : '')).join(''), piece.repeat(200));
});

test('what was given is left as it was', () => {
  const { merged } = merging();
  const first = text(0, 'a');
  merged.emit(first);
  merged.emit(text(1, 'b'));
  assert.deepEqual(first, text(0, 'a'));
});

test('texts of two chunks are told apart, each at once', async () => {
  const { merged, told } = merging();
  merged.emit(text(0, 'a'));
  await Promise.resolve();
  merged.emit(text(1, 'b'));
  await Promise.resolve();
  assert.deepEqual(told, [text(0, 'a'), text(1, 'b')]);
});
