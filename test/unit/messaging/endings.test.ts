import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import { PartyId, type PromptId, shortId } from '../../../server/protocol/ids.ts';
import { MessagingWorld, person, type Someone } from '../../support/messaging-world.ts';
import { auditEvents, fillDisk } from '../../support/test-stores.ts';

let world: MessagingWorld;
let lead: Someone;
let builder: Someone;
let tester: Someone;
const dayMs = 1440 * 60_000;

beforeEach(() => {
  world = new MessagingWorld();
  lead = world.add('lead', { role: 'manager' });
  [builder, tester] = [world.add('builder'), world.add('tester')];
});
afterEach(() => world.close());

const open = () => world.messaging.deadLetters.list({});
const counted = (event: string) => auditEvents(world.stores).filter((each) => each === event).length;

test('a message that nobody takes in time is a dead letter with its reason, and its sender is told once', async () => {
  const message = world.send(lead, builder, 'are you there?');
  world.messaging.start();
  world.clock.advance(dayMs - 1);
  assert.equal(world.stateOf(message), 'queued');
  world.clock.advance(30_000);
  assert.equal(world.stateOf(message), 'dead');
  const [letter, ...more] = open();
  assert.deepEqual([letter?.from.name, letter?.to.name, letter?.content, more], ['lead', 'builder', 'are you there?', []]);
  assert.equal(letter?.error, 'it waited until 1970-01-02 00:16 UTC and was not taken.');
  const notices = world.inbox(lead);
  assert.equal(notices.length, 1);
  assert.deepEqual([notices[0]?.from.name, notices[0]?.expectsReply, notices[0]?.replyTo], ['system', false, null]);
  assert.match(
    notices[0]?.text ?? '',
    new RegExp(`^Your message ${shortId(message.id)} to builder was not delivered: it waited.*"are you there\\?"$`),
  );
  await Promise.resolve();
  assert.deepEqual([world.deadLetters.length, counted('message_dead')], [1, 1]);
});

test('a notice that nobody takes is a dead letter too, and no notice is sent about it', () => {
  world.send(lead, builder);
  for (let day = 0; day < 4; day += 1) {
    world.clock.advance(dayMs + 1);
    world.messaging.endings.sweep();
  }
  assert.deepEqual([open().length, counted('message_sent'), world.inbox(lead)], [2, 2, []]);
});

test('a dead letter is delivered again once, and dies a second time without a second notice', () => {
  const message = world.send(lead, builder, 'again');
  world.clock.advance(dayMs);
  world.messaging.endings.sweep();
  const { deadLetters, mail } = world.messaging;
  const [letter] = open();
  assert.ok(letter);
  const settled = deadLetters.redeliver(shortId(letter.id), person);
  assert.deepEqual([settled.settlement, open()], ['redelivered', []]);
  assert.deepEqual([world.stateOf(message), world.look(message).deliveries[0]?.expiresAt], ['queued', world.clock.now() + dayMs]);
  assert.deepEqual(mail.next(builder.id)?.messageIds, [message.id]);
  assert.throws(() => deadLetters.redeliver(letter.id, person), { code: 'conflict', message: /was redelivered before/ });
  world.clock.advance(dayMs);
  world.messaging.endings.sweep();
  assert.equal(world.stateOf(message), 'dead');
  assert.deepEqual([counted('message_redelivered'), world.inbox(lead, true).filter(({ text }) => text.includes('again')).length], [1, 0]);
  assert.equal(deadLetters.list({ all: true }).filter(({ messageId }) => messageId === message.id).length, 2);
});

test('a dead letter that was discarded stays in the list of all, and its message stays dead', () => {
  const message = world.send(lead, builder);
  world.clock.advance(dayMs);
  world.messaging.endings.sweep();
  const [letter] = open();
  assert.ok(letter);
  const { deadLetters } = world.messaging;
  deadLetters.discard(letter.id, person);
  assert.deepEqual([open(), deadLetters.list({ all: true })[0]?.settlement, world.stateOf(message)], [[], 'discarded', 'dead']);
  assert.throws(() => deadLetters.redeliver(letter.id, person), { code: 'conflict' });
  assert.throws(() => deadLetters.discard('ffffff', person), { code: 'notFound' });
  assert.equal(counted('message_discarded'), 1);
});

test('what a prompt carries does not expire under it', () => {
  const message = world.send(lead, builder);
  world.messaging.mail.claim(builder.id, [message.id], newId<PromptId>());
  world.clock.advance(dayMs + 1);
  world.messaging.endings.sweep();
  assert.equal(world.stateOf(message), 'queued');
});

test('a message that had arrived before it was given up is delivered after all, and its dead letter is settled', () => {
  const message = world.send(lead, builder);
  const at = world.clock.now();
  world.clock.advance(dayMs + 1);
  world.messaging.endings.sweep();
  world.messaging.mail.given(builder.id, [message.id], { ...world.moment(builder.id), by: 'stop', at });
  assert.deepEqual([world.stateOf(message), open(), world.look(message).deliveries[0]?.deadAt], ['delivered', [], null]);
});

test('the mail of an agent that is removed dies with it, its senders are told, and it leaves its channels', () => {
  const { channels, deadLetters } = world.messaging;
  channels.create({ name: 'talk', members: ['builder', 'tester'] }, person);
  const [queued, held, given] = [world.send(lead, builder, 'a'), world.send(tester, builder, 'HOLD b'), world.send(person, builder, 'c')];
  world.messaging.mail.given(builder.id, [given.id], { ...world.moment(builder.id), by: 'stop' });
  world.remove(builder);
  assert.deepEqual([queued, held, given].map(world.stateOf.bind(world)), ['dead', 'dead', 'dead']);
  assert.deepEqual([world.inbox(lead).length, world.inbox(tester).length, world.inbox(person).length], [1, 1, 1]);
  assert.match(world.inbox(person)[0]?.text ?? '', /to builder \(removed\) was not delivered: it was removed before it had it\./);
  assert.deepEqual(world.messaging.held.held(), []);
  assert.deepEqual(
    channels.list({}, person.party)[0]?.members.map(({ name }) => name),
    ['person', 'tester'],
  );
  const [letter] = open();
  assert.ok(letter);
  assert.throws(() => deadLetters.redeliver(letter.id, person), { code: 'conflict', message: /does not exist any more/ });
});

test('many that expire at once are told in one notice for each message', () => {
  const members = Array.from({ length: 5 }, (_, n) => world.add(`worker${n}`).name);
  world.messaging.channels.create({ name: 'all', members: ['lead', ...members] }, person);
  world.send(lead, '#all', 'everyone');
  world.clock.advance(dayMs);
  world.messaging.endings.sweep();
  assert.equal(open().length, 5);
  assert.deepEqual(
    world.inbox(lead).map(({ text }) => text.includes('to worker0, worker1, worker2, worker3, worker4 was not')),
    [true],
  );
});

test('a full disk does not end the sweeps, and what was due then dies at the next one', () => {
  const messages = Array.from({ length: 20 }, () => world.send(lead, builder, 'x'.repeat(10_000)));
  world.messaging.start();
  const makeRoom = fillDisk(world.stores.btmsg.db);
  world.clock.advance(dayMs + 30_000);
  assert.deepEqual([...new Set(messages.map(world.stateOf.bind(world)))], ['queued']);
  makeRoom();
  world.clock.advance(30_000);
  assert.deepEqual([...new Set(messages.map(world.stateOf.bind(world)))], ['dead']);
});

test('the sweep tells who delivers of what is due again after a restart', async () => {
  const message = world.send(lead, builder);
  world.giveTurn(builder, 'crashed');
  world.clock.advance(60_000);
  world.reopen('afterKill');
  world.mailFor = [];
  world.messaging.start();
  await Promise.resolve();
  assert.deepEqual([world.mailFor, world.messaging.mail.next(builder.id)?.messageIds], [[builder.id], [message.id]]);
});

test('a removed agent is party to nothing that is written later', () => {
  world.send(builder, lead, 'last words');
  world.remove(builder);
  assert.equal(world.inbox(lead)[0]?.from.name, 'builder (removed)');
  assert.throws(() => world.reply(lead, world.inbox(lead)[0]?.id ?? assert.fail()), { code: 'notFound' });
  assert.equal(world.messaging.hasWrittenTo(PartyId.parse(builder.id), PartyId.parse(lead.id)), true);
});
