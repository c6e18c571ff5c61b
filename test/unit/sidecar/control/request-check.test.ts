import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refused, requireCaller } from '../../../../server/sidecar/control/request-check.ts';

const socket = { authority: 'agent', token: 'of-the-run' } as const;
const loopback = { ...socket, host: '127.0.0.1:4711' };
const authorization = 'Bearer of-the-run';

for (const [name, door, headers] of [
  ['the token on the socket', socket, { authorization, host: 'localhost' }],
  ['the token in another spelling of the scheme', socket, { authorization: 'bearer of-the-run' }],
  ['the token on loopback', loopback, { authorization, host: '127.0.0.1:4711' }],
] as const) {
  test(`${name} lets a caller in`, () => requireCaller(headers, door));
}

for (const [name, door, headers, status] of [
  ['no token', socket, {}, 401],
  ['an empty token', socket, { authorization: 'Bearer ' }, 401],
  ['another token', socket, { authorization: 'Bearer of-the-run2' }, 401],
  ['part of the token', socket, { authorization: 'Bearer of-the-ru' }, 401],
  ['the token twice', socket, { authorization: 'Bearer of-the-run of-the-run' }, 401],
  ['the token as a password', socket, { authorization: 'Basic of-the-run' }, 401],
  ['a token without end', socket, { authorization: `Bearer ${'x'.repeat(10_000)}` }, 401],
  ['a page of another site', loopback, { authorization, host: '127.0.0.1:4711', origin: 'https://evil.example' }, 403],
  ['a page of this machine', loopback, { authorization, host: '127.0.0.1:4711', origin: 'http://127.0.0.1:4711' }, 403],
  ['a page without an origin', loopback, { authorization, host: '127.0.0.1:4711', origin: 'null' }, 403],
  ['a browser that sends no origin', loopback, { authorization, host: '127.0.0.1:4711', 'sec-fetch-site': 'none' }, 403],
  ['a name that was made to mean this machine', loopback, { authorization, host: 'evil.example:4711' }, 403],
  ['the name of this machine', loopback, { authorization, host: 'localhost:4711' }, 403],
  ['another port', loopback, { authorization, host: '127.0.0.1' }, 403],
  ['no host', loopback, { authorization }, 403],
  ['a page that found the socket', socket, { authorization, origin: 'https://evil.example' }, 403],
] as const) {
  test(`${name} is refused with ${status}`, () => {
    assert.throws(
      () => requireCaller(headers, door),
      (error) => error instanceof Refused && error.status === status,
    );
  });
}
