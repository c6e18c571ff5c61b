import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newToken, sameToken } from '../../../server/auth/token.ts';

test('a token is long, random and the same only as itself', () => {
  const [one, two] = [newToken(), newToken()];
  assert.match(one, /^[0-9a-f]{64}$/);
  assert.equal(sameToken(one, one), true);
  for (const other of [two, '', one.slice(1), `${one} `, one.toUpperCase().replace(/[^A-F]/g, 'X')])
    assert.equal(sameToken(other, one), false);
});
