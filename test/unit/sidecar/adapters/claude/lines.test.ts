/** Which lines are understood, and what a surprise in one costs. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseLine } from '../../../../../server/sidecar/adapters/claude/lines.ts';

test('a known line is parsed, with fields that we do not know', () => {
  const parsed = parseLine('{"duration_ms":3,"is_error":false,"subtype":"success","new_field":{"a":1},"type":"result"}');
  assert.equal(parsed.kind, 'line');
});

test('a field of an unexpected shape counts as absent and does not cost the line', () => {
  const parsed = parseLine('{"type":"result","subtype":"success","total_cost_usd":"free","user_message_uuids":"none","modelUsage":[]}');
  assert.ok(parsed.kind === 'line' && parsed.line.type === 'result');
  assert.equal(parsed.line.total_cost_usd, undefined);
  assert.equal(parsed.line.user_message_uuids, undefined);
});

const kinds: [string, string][] = [
  ['Warning: something', 'garbage'],
  ['', 'garbage'],
  ['null', 'misfit'],
  ['[1]', 'misfit'],
  ['{"no":"type"}', 'misfit'],
  ['{"type":"brand_new"}', 'unused'],
  ['{"type":"system","subtype":"brand_new"}', 'unused'],
  ['{"type":"stream_event","event":{"type":"ping"}}', 'unused'],
  ['{"type":"assistant","message":"text"}', 'misfit'],
  ['{"type":"result"}', 'misfit'],
];
for (const [line, kind] of kinds) {
  test(`${line === '' ? 'an empty line' : line} is ${kind}`, () => assert.equal(parseLine(line).kind, kind));
}
