import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkPageRequest } from '../../../../extension/panels/page-request.ts';
import { AgorError } from '../../../../server/protocol/errors.ts';

const allowed = ['session/items', 'agent/prompt'] as const;
const refusedAs = (code: string) => (error: unknown) => error instanceof AgorError && error.code === code;

test('a method of the list with fitting parameters passes', () => {
  assert.deepEqual(checkPageRequest(allowed, 'session/items', { session: 'abc', limit: 5 }), {
    method: 'session/items',
    params: { session: 'abc', limit: 5 },
  });
});

for (const method of ['backend/stop', 'project/remove', 'no/such', 'toString', '__proto__']) {
  test(`${method} is refused, because the panel does not offer it`, () => {
    assert.throws(() => checkPageRequest(allowed, method, {}), refusedAs('refused'));
  });
}

for (const params of [undefined, null, 'x', {}, { agent: 1, text: 'hi' }, { agent: 'a', text: 'hi', promptId: 'no uuid' }]) {
  test(`parameters that do not fit are refused: ${JSON.stringify(params) ?? 'undefined'}`, () => {
    assert.throws(() => checkPageRequest(allowed, 'agent/prompt', params), refusedAs('badRequest'));
  });
}

test('an answer of a page has to say what was seen', () => {
  const answer = { approval: 'abc', decision: 'allowOnce' };
  assert.throws(() => checkPageRequest(['approval/answer'], 'approval/answer', answer), refusedAs('badRequest'));
  const { params } = checkPageRequest(['approval/answer'], 'approval/answer', { ...answer, hash: 'seen' });
  assert.deepEqual(params, { ...answer, hash: 'seen' });
});
