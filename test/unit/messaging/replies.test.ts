import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import { type MessageId, PartyId, shortId } from '../../../server/protocol/ids.ts';
import { bank, MessagingWorld, person, type Someone } from '../../support/messaging-world.ts';
import { auditEvents } from '../../support/test-stores.ts';

let world: MessagingWorld;
let lead: Someone;
let builder: Someone;
let tester: Someone;

beforeEach(() => {
  world = new MessagingWorld();
  lead = world.add('lead', { role: 'manager' });
  [builder, tester] = [world.add('builder'), world.add('tester')];
  world.set['messages.perMinute'] = 1_000;
});
afterEach(() => world.close());

const counted = (event: string) => auditEvents(world.stores).filter((each) => each === event).length;
const owed = ({ id }: Someone) => world.messaging.mail.owed(id).map(({ id }) => id);

test('an answer goes to whoever wrote, in the thread, and the message is answered with its times', () => {
  const question = world.send(lead, builder, 'how far?');
  world.clock.advance(1_000);
  world.giveTurn(builder);
  assert.deepEqual(owed(builder), [question.id]);
  world.clock.advance(1_000);
  const answer = world.reply(builder, question, 'half');
  assert.deepEqual(
    [answer.to?.name, answer.threadId, answer.replyTo, answer.expectsReply, answer.hops],
    ['lead', question.id, question.id, false, 2],
  );
  const [{ state, deliveredAt, seenAt, answeredAt } = assert.fail()] = world.look(question).deliveries;
  assert.deepEqual([state, deliveredAt, seenAt, answeredAt], ['answered', 1_001_000, 1_001_000, 1_002_000]);
  assert.deepEqual(owed(builder), []);
  assert.deepEqual(auditEvents(world.stores), ['message_sent', 'message_delivered', 'message_read', 'message_sent']);
});

test('whoever answers a message that was not given yet has seen it, and is not given it again', () => {
  const question = world.send(lead, builder);
  world.reply(builder, shortId(question.id) as MessageId);
  assert.equal(world.stateOf(question), 'answered');
  assert.equal(world.messaging.mail.next(builder.id), undefined);
  assert.equal(counted('message_read'), 1);
});

test('a second answer changes nothing of the first, and the same one again is the same', () => {
  const question = world.send(lead, builder);
  const messageId = newId<MessageId>();
  const first = world.reply(builder, question, 'a', { messageId });
  world.clock.advance(5);
  const { answeredAt } = world.look(question).deliveries[0] ?? assert.fail();
  assert.deepEqual(world.reply(builder, question, 'a', { messageId }).id, first.id);
  world.reply(builder, question, 'b');
  assert.equal(world.look(question).deliveries[0]?.answeredAt, answeredAt);
  assert.throws(() => world.reply(builder, question, 'c', { messageId }), { code: 'conflict' });
});

test('only its recipient replies to a message; what is not theirs is not there for others', () => {
  const message = world.send(lead, builder);
  assert.throws(() => world.reply(tester, message), { code: 'notFound' });
  assert.throws(() => world.reply(lead, message), { code: 'refused', message: /was for builder, who alone can reply/ });
  assert.throws(() => world.reply(person, message), { code: 'refused' });
  const toPerson = world.send(lead, 'person');
  assert.equal(world.reply(person, toPerson).to?.name, 'lead');
});

test('a reference finds a message by either end of its id, among those that the reader may see', () => {
  const message = world.send(lead, builder);
  const read = (reference: string, who: Someone) =>
    world.messaging.inboxes.read({ message: reference }, { party: PartyId.parse(who.id), actor: 'agent' });
  for (const reference of [message.id, shortId(message.id), message.id.slice(-4), message.id.toUpperCase(), ` ${message.id} `])
    assert.equal(read(reference, builder).id, message.id);
  const stranger = world.add('stranger', { team: bank, role: 'manager' });
  for (const who of [tester, stranger]) assert.throws(() => read(message.id, who), { code: 'notFound' });
  assert.equal(read(message.id, lead).id, message.id);
  for (const reference of ['%', '_', "'", 'zz', '#']) assert.throws(() => read(reference, builder), { code: 'notFound' });
  world.send(lead, builder);
  assert.throws(() => read(message.id.slice(0, 6), builder), { code: 'ambiguous', message: /fits 2 messages/ });
});

test('a manager sees what its team writes, and does not read it in the place of others', () => {
  const message = world.send(builder, tester);
  world.messaging.inboxes.read({ message: message.id }, { party: PartyId.parse(lead.id), actor: 'agent' });
  assert.equal(world.stateOf(message), 'queued');
});

test('an answer to somebody who was removed, and to the backend, is refused in words', () => {
  const question = world.send(lead, builder);
  world.remove(lead);
  assert.throws(() => world.reply(builder, question), { code: 'notFound', message: /lead \(removed\) cannot be written to any more/ });
  assert.deepEqual(owed(builder), []);
  world.messaging.post.toAgent(PartyId.parse(builder.id), 'a note', PartyId.parse('system'));
  const [notice] = world.inbox(builder).slice(-1);
  assert.ok(notice);
  assert.throws(() => world.reply(builder, notice), { code: 'refused', message: /reads no answers/ });
});

test('two agents that only answer each other stop at the limit, and others go on', () => {
  let message = world.send(lead, builder);
  for (let n = 1; n < 8; n += 1) message = world.reply(n % 2 === 1 ? builder : lead, message);
  assert.equal(message.hops, 8);
  world.giveTurn(lead);
  world.giveTurn(builder);
  assert.deepEqual([owed(lead), owed(builder)].flat().includes(message.id), false);
  for (let again = 0; again < 3; again += 1)
    assert.throws(() => world.reply(lead, message), {
      code: 'refused',
      message: /You and builder have answered each other 8 times and nothing else happened/,
    });
  assert.equal(counted('loop_broken'), 1);
  world.send(lead, tester);
  world.send(tester, builder);
});

test('plain messages back and forth are answers too, for ten minutes', () => {
  const chatter = (times: number) => {
    for (let n = 0; n < times; n += 1) world.send(n % 2 === 0 ? builder : tester, n % 2 === 0 ? tester : builder);
  };
  chatter(8);
  assert.throws(() => world.send(builder, tester), { code: 'refused' });
  world.clock.advance(10 * 60_000 + 1);
  assert.equal(world.send(builder, tester).hops, 1);
});

for (const [what, happen] of [
  ['the person writes to who answers', () => void world.send(person, builder)],
  ['another agent writes to who answers', () => void world.send(lead, builder)],
  ['a task moves on', () => void Object.assign(world, { progressAt: world.clock.now() + 1 })],
] as const) {
  test(`when ${what}, the count begins anew`, () => {
    world.set['messages.maxHops'] = 2;
    const first = world.send(builder, tester);
    const second = world.reply(tester, first);
    assert.throws(() => world.reply(builder, second), { code: 'refused' });
    happen();
    assert.equal(world.reply(builder, second).hops, 1);
  });
}

test('a notice of the backend is nothing that happened', () => {
  world.set['messages.maxHops'] = 2;
  const second = world.reply(tester, world.send(builder, tester));
  world.messaging.post.toAgent(PartyId.parse(builder.id), 'a note', PartyId.parse('system'));
  assert.throws(() => world.reply(builder, second), { code: 'refused' });
});

test('the person and an agent can go on for ever', () => {
  world.set['messages.maxHops'] = 2;
  let message = world.send(person, builder);
  for (let n = 0; n < 10; n += 1) {
    message = world.reply(builder, message);
    message = world.reply(person, message);
  }
  assert.equal(message.hops, 0);
});

test('the inbox lists what is unread, reading makes it seen once, and the newest of all come oldest first', () => {
  const [first, second] = [world.send(lead, builder, 'a'), world.send(lead, builder, 'b')];
  const { inboxes } = world.messaging;
  const by = { party: PartyId.parse(builder.id), actor: 'agent' };
  assert.deepEqual(inboxes.inbox({}, by.party), { messages: [world.look(first), world.look(second)], unread: 2 });
  const read = inboxes.read({ message: first.id }, by);
  assert.deepEqual([read.deliveries[0]?.state, read.deliveries[0]?.by], ['seen', 'command']);
  inboxes.read({ message: first.id }, by);
  assert.equal(counted('message_read'), 1);
  assert.deepEqual(inboxes.unread(by.party), { unread: 1, owed: 1 });
  assert.deepEqual(
    inboxes.inbox({ all: true, limit: 1 }, by.party).messages.map(({ text }) => text),
    ['b'],
  );
  const seen = world.stores.btmsg.db.prepare('select session_id from seen_messages').pluck().all();
  assert.deepEqual(seen, [world.sessions.get(builder.id)]);
});

test('the history of two goes back page by page, and a person may look at any', () => {
  for (let n = 0; n < 5; n += 1) world.send(n % 2 === 0 ? lead : builder, n % 2 === 0 ? builder : lead, `${n}`);
  world.send(lead, tester, 'to another');
  const { inboxes } = world.messaging;
  const page = inboxes.history({ with: 'builder', limit: 3 }, PartyId.parse(lead.id));
  assert.deepEqual([page.messages.map(({ text }) => text), page.hasEarlier], [['2', '3', '4'], true]);
  const before = page.messages[0]?.id;
  const earlier = inboxes.history({ with: 'builder', of: 'lead', limit: 3, before }, person.party);
  assert.deepEqual([earlier.messages.map(({ text }) => text), earlier.hasEarlier], [['0', '1'], false]);
  assert.throws(() => inboxes.history({ with: 'builder', of: 'lead' }, PartyId.parse(tester.id)), { code: 'refused' });
  assert.throws(() => inboxes.history({ with: 'builder', before: newId<MessageId>() }, PartyId.parse(lead.id)), { code: 'notFound' });
});

test('a feed is for the person and for managers of the team', () => {
  world.send(builder, tester, 'a');
  world.send(lead, builder, 'b');
  const stranger = world.add('stranger', { team: bank });
  const { inboxes } = world.messaging;
  const texts = (params: Parameters<typeof inboxes.feed>[0], as: PartyId) => inboxes.feed(params, as).messages.map(({ text }) => text);
  assert.deepEqual(texts({ agent: 'tester' }, person.party), ['a']);
  assert.deepEqual(texts({}, PartyId.parse(lead.id)), ['a', 'b']);
  assert.deepEqual(texts({ agent: 'builder' }, PartyId.parse(lead.id)), ['a', 'b']);
  assert.throws(() => texts({ agent: stranger.id }, PartyId.parse(lead.id)), { code: 'refused' });
  assert.throws(() => texts({}, PartyId.parse(builder.id)), { code: 'refused' });
});

test('a page stays below what fits into a frame', () => {
  for (let n = 0; n < 100; n += 1) world.send(person, builder, 'x'.repeat(64_000));
  const page = world.messaging.inboxes.history({ with: 'builder', limit: 100 }, person.party);
  assert.ok(page.messages.length > 50 && page.messages.length < 70, `${page.messages.length}`);
  assert.equal(page.hasEarlier, true);
  assert.equal(world.inbox(builder).length, 50);
});

test('of a message that is not for them nobody hears whether there are any', () => {
  const other = world.send(lead, builder, 'between us');
  assert.throws(() => world.reply(tester, other, 'me too'), {
    code: 'notFound',
    message: /There is no message ".*" for you\. "inbox --all"/,
  });
});
