import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agentNameFault } from '../../../server/protocol/team.ts';

for (const name of [
  'builder',
  'Zoë',
  '建築家',
  'a b',
  'x#1',
  'r\u{1f469}\u200d\u{1f4bb}',
  '\u2699\ufe0f builder',
  '\u{1f44d}\u{1f3fd}',
  'deadbeef',
]) {
  test(`${JSON.stringify(name)} can be the name of an agent`, () => assert.equal(agentNameFault(name), null));
}

for (const [name, said] of [
  ['a/b', /may not contain/],
  ['#all', /channel/],
  ['Person', /somebody else/],
  ['none', /somebody else/],
  ['\uff50erson', /somebody else/],
  ['lead\u200b', /nobody sees/],
  ['lead\ufe0f', /nobody sees/],
  ['l\u200dead', /nobody sees/],
  ['a\u202eb', /nobody sees/],
  ['a\u001b[31m', /nobody sees/],
  ['a\nb', /nobody sees/],
  ['\ud800', /nobody sees/],
] as const) {
  test(`${JSON.stringify(name)} cannot: ${said}`, () => assert.match(agentNameFault(name) ?? '', said));
}
