import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toAgorError, wasNeverSent } from '../../../../extension/backend/rpc-failure.ts';
import { AgorError, rpcErrorCode } from '../../../../server/protocol/errors.ts';
import { plainTranslate as t } from '../../../support/plain-translate.ts';

const failing = (message: string, fields: object = {}) => Object.assign(new Error(message), fields);

const away: [string, unknown][] = [
  ['a request on a connection that is disposed', failing('Connection is disposed.', { code: 2 })],
  [
    'a request that was pending when the connection closed',
    failing('Pending response rejected since connection got disposed', { code: -32097 }),
  ],
  ['a request to a client that does not run', failing('Client is not running', { code: -32096 })],
  ['a request that could not be written', failing('write EPIPE', { code: -32099 })],
  ['a request that a stop overtook', failing('Starting server failed')],
];
for (const [name, error] of away) {
  test(`${name} is one "unavailable"`, () => assert.equal(toAgorError(error, t).code, 'unavailable'));
}

test('an error of the backend keeps its code and its sentence', () => {
  const error = toAgorError(failing('No agent has the name "x".', { code: rpcErrorCode, data: { code: 'notFound' } }), t);
  assert.equal(error.code, 'notFound');
  assert.equal(error.message, 'No agent has the name "x".');
});

test('a cancelled request is "cancelled"', () => assert.equal(toAgorError(failing('cancelled', { code: -32800 }), t).code, 'cancelled'));

test('an AgorError stays what it is', () => {
  const error = new AgorError('conflict', 'It was answered already.');
  assert.equal(toAgorError(error, t), error);
});

for (const odd of [failing('boom'), 'a string', undefined, null, 7, failing('x', { code: rpcErrorCode, data: { code: 'nonsense' } })]) {
  test(`anything else is "internal": ${JSON.stringify(odd) ?? 'undefined'}`, () => assert.equal(toAgorError(odd, t).code, 'internal'));
}

test('only what failed before it went out was never sent', () => {
  const failures = [
    { code: 2, message: 'Connection is disposed.' },
    { code: -32096, message: 'Client is not running' },
    { code: -32097, message: 'Pending response rejected since connection got disposed' },
    { code: -32000, message: 'Something went wrong inside the backend.', data: { code: 'internal' } },
    new Error('read ECONNRESET'),
  ];
  assert.deepEqual(failures.map(wasNeverSent), [true, true, false, false, false]);
});
