import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolveReference } from '../../../server/base/resolve-reference.ts';

const agents = [
  { id: '01900000-0000-7000-8000-0000000000aa', name: 'demo', within: 'shop' },
  { id: '01900000-0000-7000-8000-0000000000bb', name: 'demo', within: 'site' },
  { id: '01900001-0000-7000-8000-0000000000cc', name: 'claude', within: 'shop' },
  { id: '01900001-0000-7000-8000-00000000dada', name: 'dada', within: 'site' },
  { id: '01900002-0000-7000-8000-00000dadabee', name: 'abbé', within: 'a/b' },
];

for (const [reference, index] of [
  ['claude', 2],
  ['shop/demo', 0],
  ['site/demo', 1],
  ['a/b/abbé', 4],
  ['abbé', 4],
  ['dada', 3],
  ['01900000-0000-7000-8000-0000000000aa', 0],
  ['01900000-0000-7000-8000-0000000000AA', 0],
  ['0000000000bb', 1],
  ['0cc', 2],
  ['01900002', 4],
] as const) {
  test(`"${reference}" means one thing`, () => assert.equal(resolveReference('agent', reference, agents), agents[index]));
}

for (const [reference, said] of [
  ['demo', /"demo" fits 2 agents: shop\/demo \(000000aa\), site\/demo \(000000bb\)\. Give more of the id\./],
  ['0190000', /fits 5 agents/],
  ['01900001', /fits 2 agents: shop\/claude .*, site\/dada/],
] as const) {
  test(`"${reference}" is ambiguous, and says between what`, () => {
    assert.throws(() => resolveReference('agent', reference, agents), { code: 'ambiguous', message: said });
  });
}

for (const reference of ['nobody', 'Claude', 'cc', 'undefined/demo', 'shop/', 'x0cc', '-', ' claude', '7000-8000-0000', '%', '.*']) {
  test(`"${reference}" means nothing`, () => {
    assert.throws(() => resolveReference('agent', reference, agents), {
      code: 'notFound',
      message: `There is no agent "${reference}". Known: demo, claude, dada, abbé.`,
    });
  });
}

test('things without names are told apart by their ids', () => {
  const sessions = agents.map(({ id }) => ({ id }));
  assert.throws(() => resolveReference('session', '0190000', sessions), { message: /fits 5 sessions: 000000aa, 000000bb/ });
  for (const reference of ['undefined', 'undefined/undefined']) {
    assert.throws(() => resolveReference('session', reference, sessions), { message: `There is no session "${reference}".` });
  }
  assert.throws(() => resolveReference('session', 'abc', []), { message: 'There is no session "abc". There are no sessions.' });
});
