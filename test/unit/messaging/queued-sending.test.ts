import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import type { MessageId } from '../../../server/protocol/ids.ts';
import { MessagingWorld, person, type Someone } from '../../support/messaging-world.ts';
import { auditEvents, fillDisk } from '../../support/test-stores.ts';

let world: MessagingWorld;
let builder: Someone;
let tester: Someone;

beforeEach(() => {
  world = new MessagingWorld();
  [builder, tester] = [world.add('builder'), world.add('tester')];
});
afterEach(() => world.close());

type Method = 'message/send' | 'message/reply';

function take(
  params: unknown,
  { method = 'message/send' as Method, messageId = newId<MessageId>(), at = world.clock.now() } = {},
): MessageId {
  world.stores.btmsg.write(() => world.messaging.mail.takeQueued(builder.id, { messageId, method, params }, at));
  return messageId;
}

const letters = () => world.messaging.deadLetters.list({});

test('what was written without the backend is sent under its id, with the time of its writing, once', () => {
  const messageId = take({ to: 'tester', text: 'later' }, { at: 500 });
  take({ to: 'tester', text: 'later' }, { messageId });
  const [message, ...more] = world.inbox(tester);
  assert.deepEqual([message?.id, message?.sentAt, message?.from.name, more], [messageId, 500, 'builder', []]);
  assert.equal(message?.deliveries[0]?.queuedAt, world.clock.now());
});

test('a reply that was written without the backend answers its message', () => {
  const question = world.send(tester, builder);
  take({ message: question.id, text: 'yes' }, { method: 'message/reply' });
  assert.deepEqual([world.stateOf(question), world.inbox(tester)[0]?.replyTo], ['answered', question.id]);
});

for (const [what, params, reason] of [
  ['is for nobody', { to: 'nobody', text: 'hello' }, /^There is no agent "nobody"\./],
  ['is empty', { to: 'tester', text: ' ' }, /^The message is empty/],
  ['is too long', { to: 'tester', text: 'x'.repeat(100_000) }, /^The message has 100000 bytes/],
  ['has no text', { to: 'tester' }, /^"text" cannot be used/],
  ['is no message at all', 'hello', /cannot be used/],
  ['is nothing', null, /cannot be used/],
] as const) {
  test(`one that ${what} comes back to its sender as a notice, and is a dead letter, once`, () => {
    const messageId = take(params);
    take(params, { messageId });
    const [letter, ...more] = letters();
    assert.deepEqual([letter?.messageId, letter?.from.name, more], [messageId, 'builder', []]);
    assert.match(letter?.error ?? '', reason);
    const [notice, ...others] = world.inbox(builder);
    assert.deepEqual([notice?.from.name, notice?.expectsReply, notice?.replyTo, others], ['system', false, null, []]);
    assert.match(notice?.text ?? '', /was not sent: /);
    assert.deepEqual(auditEvents(world.stores), ['message_dead', 'message_sent']);
    assert.throws(() => world.messaging.deadLetters.redeliver(letter?.id ?? '', person), {
      code: 'conflict',
      message: /was never taken in/,
    });
  });
}

test('whom it was for is named in the dead letter, by the name that was used when there is nobody of it', () => {
  take({ to: 'nobody\u0000', text: 'hello' });
  world.forbidden.add(`${builder.id} ${tester.id}`);
  take({ to: 'tester', text: 'hello' });
  assert.deepEqual(
    letters()
      .map(({ to }) => to.name)
      .toSorted(),
    ['nobody\u0000', 'tester'],
  );
});

test('an answer to a message of others is refused like any', () => {
  const foreign = world.send(tester, 'person');
  take({ message: foreign.id, text: 'mine' }, { method: 'message/reply' });
  assert.match(letters()[0]?.error ?? '', /There is no message/);
});

test('that they come all at once costs the sender nothing, that they were written all at once does', () => {
  world.set['messages.perMinute'] = 6;
  for (let n = 0; n < 20; n += 1) take({ to: 'tester', text: `${n}` }, { at: n * 10_000 });
  assert.equal(letters().length, 0);
  for (let n = 0; n < 8; n += 1) take({ to: 'tester', text: `more ${n}` }, { at: 10 ** 6 });
  assert.equal(letters().length, 2);
});

test('a full disk refuses nothing: the event is taken when there is room again', () => {
  const makeRoom = fillDisk(world.stores.btmsg.db);
  const messageId = newId<MessageId>();
  const params = { to: 'tester', text: 'x'.repeat(60_000) };
  assert.throws(() => take(params, { messageId }), { code: 'storage' });
  makeRoom();
  take(params, { messageId });
  assert.deepEqual([world.inbox(tester).map(({ id }) => id), letters()], [[messageId], []]);
});

test('a disk that is full for long takes nothing from the allowance of the sender', () => {
  world.set['messages.perMinute'] = 2;
  const makeRoom = fillDisk(world.stores.btmsg.db);
  const [messageId, params, at] = [newId<MessageId>(), { to: 'tester', text: 'x'.repeat(60_000) }, world.clock.now()];
  for (let again = 0; again < 5; again += 1) assert.throws(() => take(params, { messageId, at }), { code: 'storage' });
  makeRoom();
  take(params, { messageId, at });
  take({ to: 'tester', text: 'second' }, { at });
  take({ to: 'tester', text: 'third' }, { at });
  assert.deepEqual([world.inbox(tester).length, letters().length], [2, 1]);
});

test('what a person has taken from the sender meanwhile is not sent, and comes back to it', () => {
  world.revoked.add(`${builder.id} message/send`);
  take({ to: 'tester', text: 'later' });
  assert.deepEqual(world.inbox(tester), []);
  assert.deepEqual(
    letters().map(({ error }) => error),
    ['The person has revoked that.'],
  );
});
