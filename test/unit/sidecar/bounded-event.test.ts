import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import { AgentEvent } from '../../../server/protocol/agent-event.ts';
import type { ItemId } from '../../../server/protocol/ids.ts';
import { boundedEvent, mostEventBytes } from '../../../server/sidecar/bounded-event.ts';

const bytesOf = (event: AgentEvent) => Buffer.byteLength(JSON.stringify(event));
const started = (more: Partial<Extract<AgentEvent, { type: 'toolStarted' }>>): AgentEvent => ({
  type: 'toolStarted',
  itemId: newId<ItemId>(),
  parentItemId: null,
  name: 'write',
  title: 'a.txt',
  kind: 'edit',
  input: null,
  content: [],
  ...more,
});

test('what fits stays as it is', () => {
  const event = started({ input: { text: 'x'.repeat(1024 * 1024) } });
  assert.equal(boundedEvent(event), event);
});

test('an input and a diff that are too large are cut, with a word on how much', () => {
  const newText = 'é'.repeat(5_000_000);
  const event = boundedEvent(started({ input: { newText }, content: [{ type: 'diff', path: 'a', oldText: null, newText }] }));
  assert.ok(event.type === 'toolStarted');
  assert.ok(bytesOf(event) <= mostEventBytes);
  const [diff] = event.content;
  assert.match(diff?.type === 'diff' ? diff.newText : '', /é\n… \d+ more characters were left out\.$/);
  assert.equal(event.title, 'a.txt');
});

test('many parts, many entries and many fields are cut, and what is left still fits the contract', () => {
  const text = 'x'.repeat(1_000);
  const events = [
    started({ content: Array.from({ length: 10_000 }, () => ({ type: 'text' as const, text })) }),
    started({ input: Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`${index}`, text])) }),
    { type: 'plan' as const, entries: Array.from({ length: 10_000 }, () => ({ text, status: 'done' as const })) },
  ];
  for (const event of events.map((event) => boundedEvent(event))) {
    assert.ok(bytesOf(event) <= mostEventBytes);
    assert.ok(AgentEvent.safeParse(event).success);
    assert.match(JSON.stringify(event), /more (fields )?were left out/);
  }
});

test('an input that is nested without end does not stop anything', () => {
  const input: unknown = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
  const event = boundedEvent(started({ input }));
  assert.equal(event.type, 'toolStarted');
  assert.match(JSON.stringify(event), /deeper levels/);
});
