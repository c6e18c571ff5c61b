import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { PartyId } from '../../../server/protocol/ids.ts';
import { asBy, bank, MessagingWorld, person, type Someone, shop } from '../../support/messaging-world.ts';
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

const channels = () => world.messaging.channels;
const membersOf = (name: string) =>
  channels()
    .list({}, person.party)
    .find((channel) => channel.name === name)
    ?.members.map((member) => member.name);
const history = (channel: string, as: Someone) => world.messaging.inboxes.channelHistory({ channel }, PartyId.parse(as.id));

test('a channel is there once for each team, with or without its sign, and whoever creates it is in it', () => {
  const first = channels().create({ name: '#talk', members: ['tester'] }, asBy(builder));
  const again = channels().create({ name: 'talk' }, asBy(lead));
  assert.deepEqual([first.isNew, again.isNew, again.channel.id, again.channel.name], [true, false, first.channel.id, 'talk']);
  assert.deepEqual(membersOf('talk'), ['builder', 'tester', 'lead']);
  assert.deepEqual(auditEvents(world.stores), ['channel_created', 'channel_joined', 'channel_joined', 'channel_joined']);
  const other = world.add('other', { team: bank });
  assert.notEqual(channels().create({ name: 'talk' }, asBy(other)).channel.id, first.channel.id);
});

test('a message to a channel reaches each member but its sender once, and expects no reply', () => {
  channels().create({ name: 'talk', members: ['tester', 'lead'] }, asBy(builder));
  const message = world.send(builder, '#talk', 'to all');
  assert.deepEqual([message.to, message.channel?.name, message.expectsReply, message.teamId], [null, 'talk', false, shop]);
  assert.deepEqual(
    message.deliveries.map(({ to, state }) => `${to.name} ${state}`),
    ['tester queued', 'lead queued'],
  );
  assert.deepEqual(world.giveTurn(tester), [message.id]);
  assert.equal(world.letters.at(-1)?.channelName, 'talk');
  assert.equal(world.stateOf(message), 'seen queued');
  assert.deepEqual(world.inbox(builder), []);
});

test('a reply in a channel goes to the channel, and answers what its writer was sent', () => {
  channels().create({ name: 'talk', members: ['tester', 'lead'] }, asBy(builder));
  const question = world.send(builder, '#talk', 'who?', { expectsReply: true });
  world.giveTurn(tester);
  world.giveTurn(lead);
  const reply = world.reply(tester, question, 'me');
  assert.deepEqual([reply.channel?.name, reply.threadId], ['talk', question.id]);
  assert.deepEqual(
    reply.deliveries.map(({ to }) => to.name),
    ['builder', 'lead'],
  );
  assert.equal(world.stateOf(question), 'answered seen');
  assert.deepEqual([world.messaging.mail.owed(lead.id).length, world.messaging.mail.owed(tester.id).length], [1, 0]);
});

test('who is not in a channel writes nothing to it and reads nothing of it; the person always may, a manager may look', () => {
  channels().create({ name: 'talk', members: ['builder'] }, person);
  assert.throws(() => world.send(tester, '#talk'), { code: 'refused', message: /You are not in #talk\. Join it first/ });
  assert.throws(() => history('talk', tester), { code: 'refused' });
  const stranger = world.add('stranger', { team: bank });
  assert.throws(() => world.send(stranger, '#talk'), { code: 'notFound' });
  world.send(builder, '#talk', 'a');
  world.send(person, '#talk', 'b');
  assert.deepEqual(
    history('talk', lead).messages.map(({ text }) => text),
    ['a', 'b'],
  );
  channels().add({ channel: 'talk', member: 'tester' }, asBy(tester));
  assert.equal(history('talk', tester).messages.length, 2);
});

test('a channel is joined by oneself, filled by its members, and holds its own team only', () => {
  channels().create({ name: 'talk' }, asBy(builder));
  assert.throws(() => channels().add({ channel: 'talk', member: 'lead' }, asBy(tester)), { code: 'refused' });
  const outsider = world.add('outsider', { team: bank });
  assert.throws(() => channels().add({ channel: 'talk', member: 'outsider' }, asBy(builder)), {
    code: 'badRequest',
    message: /outsider is not in the team shop/,
  });
  assert.throws(() => channels().add({ channel: 'talk', member: 'builder' }, asBy(outsider)), { code: 'notFound' });
  for (let again = 0; again < 2; again += 1) channels().add({ channel: '#talk', member: 'person' }, asBy(builder));
  assert.deepEqual(membersOf('talk'), ['builder', 'person']);
  assert.throws(() => channels().find('none', undefined, person.party), { code: 'notFound', message: /Known: talk/ });
});

test('a name that two teams have is told apart by the team', () => {
  const other = world.add('other', { team: bank });
  for (const who of [builder, other]) channels().create({ name: 'talk' }, asBy(who));
  assert.throws(() => world.send(person, '#talk'), { code: 'ambiguous', message: /shop\/talk|bank\/talk/ });
  assert.equal(world.send(person, '#talk', 'hello', { team: 'bank' }).teamId, bank);
});

test('two who only answer each other in a channel stop at the limit, three who talk do not', () => {
  world.set['messages.maxHops'] = 3;
  channels().create({ name: 'talk', members: ['tester', 'lead'] }, asBy(builder));
  const talk = (...names: Someone[]) => names.map((who) => world.send(who, '#talk').hops);
  assert.deepEqual(talk(builder, tester, builder), [1, 2, 3]);
  assert.throws(() => talk(tester), { code: 'refused' });
  assert.equal(talk(lead).length, 1);
  assert.deepEqual(talk(tester), [1]);
  world.clock.advance(11 * 60_000);
  for (let round = 0; round < 5; round += 1) talk(builder, tester, lead);
});

test('the backend posts to a channel of its own, which those who lead and review are in', () => {
  const reviewer = world.add('reviewer', { role: 'reviewer' });
  const { post, mail } = world.messaging;
  for (const text of ['Task 1 is ready.', 'Task 2 is ready.']) post.toChannel(shop, 'review-queue', text);
  assert.deepEqual(membersOf('review-queue'), ['lead', 'reviewer']);
  assert.equal(mail.next(reviewer.id)?.messageIds.length, 2);
  assert.equal(auditEvents(world.stores).filter((event) => event === 'channel_created').length, 1);
});

test('an agent that went to another team has no part in the channels of the former any more', () => {
  channels().create({ name: 'talk', members: ['tester', 'builder'] }, asBy(lead));
  const before = world.send(lead, '#talk', 'to all');
  world.people.set(builder.id, { ...builder, team: bank });
  const after = world.send(lead, '#talk', 'to those who are left');
  assert.deepEqual(
    after.deliveries.map(({ to }) => to.name),
    ['tester'],
  );
  assert.throws(() => world.reply(builder, before), { code: 'refused' });
  assert.throws(() => world.messaging.inboxes.read({ message: after.id }, asBy(builder)), { code: 'notFound' });
  assert.equal(world.messaging.inboxes.read({ message: before.id }, asBy(builder)).text, 'to all');
});

test('an agent that makes all the channels that are possible takes none from the backend', () => {
  for (let count = 0; count < 500; count += 1) channels().create({ name: `c${count}` }, asBy(builder));
  assert.throws(() => channels().create({ name: 'more' }, asBy(builder)), { code: 'tooLarge', message: /at most 500 channels/ });
  world.messaging.post.toChannel(shop, 'review-queue', 'Task 1 is ready.');
  assert.equal(history('review-queue', lead).messages.length, 1);
});
