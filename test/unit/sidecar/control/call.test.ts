/** What an agent asks for itself at its door: whose token opens it, how much it takes, and how a refusal is told. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { newToken } from '../../../../server/auth/token.ts';
import { AgorError, type ErrorCode } from '../../../../server/protocol/errors.ts';
import { MessageId } from '../../../../server/protocol/ids.ts';
import { mostCallBytes } from '../../../../server/sidecar/control/routes.ts';
import { askControl } from '../../../support/control-client.ts';
import { ControlWorld } from '../../../support/control-world.ts';
import { seededRandom } from '../../../support/mutations.ts';

let world: ControlWorld;
let calls: unknown[];

beforeEach(async () => {
  world = await new ControlWorld().open();
  calls = [];
  world.answerCall = async (method, params) => {
    calls.push([method, params]);
    return { sent: true };
  };
});
afterEach(() => world.remove());

test('a call is passed on as it is, and what comes back is its result', async () => {
  const reply = await world.asAgent('POST', '/call', { method: 'message/send', params: { to: 'bob', text: 'hi' } });
  assert.deepEqual([reply.status, reply.json], [200, { result: { sent: true } }]);
  assert.deepEqual(calls, [['message/send', { to: 'bob', text: 'hi' }]]);
});

test('a call that says nothing of what is asked for is refused with what is missing', async () => {
  const reply = await world.asAgent('POST', '/call', { params: {} });
  assert.equal(reply.status, 400);
  assert.deepEqual(reply.json, { error: 'method must name what is asked for, like "message/inbox".', code: 'badRequest' });
});

const told: readonly [ErrorCode, number][] = [
  ['badRequest', 400],
  ['ambiguous', 400],
  ['refused', 403],
  ['notFound', 404],
  ['conflict', 409],
  ['tooLarge', 413],
  ['unavailable', 503],
  ['storage', 500],
];
for (const [code, status] of told) {
  test(`a refusal as ${code} comes as ${status}, with its sentence and its code`, async () => {
    world.answerCall = () => Promise.reject(new AgorError(code, 'Name another one.'));
    const reply = await world.asAgent('POST', '/call', { method: 'task/show' });
    assert.deepEqual([reply.status, reply.json], [status, { error: 'Name another one.', code }]);
  });
}

test('a failure of ours is no business of the agent', async () => {
  world.answerCall = () => Promise.reject(new Error('stack and all'));
  const reply = await world.asAgent('POST', '/call', { method: 'task/list' });
  assert.equal(reply.status, 500);
  assert.equal(reply.text.includes('stack and all'), false);
});

test('a message with its attachments fits, one byte more than a call may have does not', async () => {
  const overhead = Buffer.byteLength(JSON.stringify({ method: 'm', params: '' }));
  const largest = { method: 'm', params: 'x'.repeat(mostCallBytes - overhead) };
  assert.equal((await world.asAgent('POST', '/call', largest)).status, 200);
  const larger = { method: 'm', params: 'x'.repeat(mostCallBytes - overhead + 1) };
  assert.equal((await world.asAgent('POST', '/call', larger)).status, 413);
  assert.equal((await world.asAgent('POST', '/status', { status: 'busy', filler: 'x'.repeat(70_000) })).status, 413);
});

test('of many calls at once those that are too many are told to come back, and the door stays open', async () => {
  const release = Promise.withResolvers<unknown>();
  world.answerCall = () => release.promise;
  const first = Array.from({ length: 16 }, () => world.asAgent('POST', '/call', { method: 'task/list' }));
  const refused = await Promise.race([...first, manyUntilRefused()]);
  assert.equal(refused.status, 503);
  assert.match(refused.text, /16 calls of this agent are under way/);
  release.resolve({});
  for (const reply of await Promise.all(first)) assert.equal(reply.status, 200);
  assert.equal((await world.asAgent('POST', '/call', { method: 'task/list' })).status, 200);
});

/** Those before it may still be on their way to the server. */
async function manyUntilRefused() {
  for (;;) {
    const reply = await Promise.race([
      world.asAgent('POST', '/call', { method: 'task/list' }),
      world.asAgent('POST', '/call', { method: 'task/list' }),
    ]);
    if (reply.status === 503) return reply;
  }
}

test('the person’s token does not speak for the agent', async () => {
  assert.equal((await world.asPerson('POST', '/call', { method: 'message/send' })).status, 403);
  assert.deepEqual(calls, []);
});

test('of 1,000 forged or altered tokens none is accepted', async () => {
  const { agentSocket, runToken, forPerson } = world.control;
  const tokens = forgedTokens(runToken, [world.record.token, forPerson.token]);
  assert.equal(new Set(tokens).size, 1_000);
  const statuses = new Set<number>();
  for (const token of tokens) {
    const wish = { method: 'POST', path: '/call', body: { method: 'message/inbox' }, headers: { authorization: `Bearer ${token}` } };
    statuses.add((await askControl({ socketPath: agentSocket }, wish)).status);
  }
  assert.deepEqual([...statuses], [401]);
  assert.deepEqual(calls, []);
});

test('what is owed is told from memory, with how old it is', async () => {
  const id = MessageId.parse('0197c1d8-1111-7000-8000-000000000001');
  const owed = [{ id, from: 'bob', excerpt: 'Is it done?', sentAt: 1_000 }];
  world.owed = { owed, unread: [id], asOf: 2_000, ageMs: 500, known: true };
  assert.deepEqual((await world.asAgent('GET', '/reply-obligations')).json, world.owed);
  assert.deepEqual((await world.asPerson('POST', '/reply-obligations', {})).json, world.owed);
});

/** Of other runs and doors, cut, grown, in other letters, and with single characters changed. */
function forgedTokens(token: string, others: readonly string[]): string[] {
  const random = seededRandom(7);
  const place = () => Math.floor(random() * token.length);
  const made = new Set([
    ...others,
    token.toUpperCase(),
    `${token}0`,
    `0${token}`,
    `${token},${token}`,
    'null',
    'undefined',
    '0'.repeat(64),
  ]);
  for (let length = 1; length < token.length; length += 1) made.add(token.slice(0, length)).add(token.slice(length));
  while (made.size < 700) {
    const at = place();
    const other = '0123456789abcdef'[Math.floor(random() * 16)] ?? '';
    made.add(token.slice(0, at) + other + token.slice(at + 1));
  }
  while (made.size < 1_000) made.add(newToken());
  made.delete(token);
  while (made.size < 1_000) made.add(newToken());
  return [...made];
}
