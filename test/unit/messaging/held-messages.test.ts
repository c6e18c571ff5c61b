import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { PartyId } from '../../../server/protocol/ids.ts';
import { partyIds } from '../../../server/protocol/message.ts';
import { asBy, MessagingWorld, person, type Someone } from '../../support/messaging-world.ts';
import { auditEvents } from '../../support/test-stores.ts';

let world: MessagingWorld;
let lead: Someone;
let builder: Someone;
let tester: Someone;

beforeEach(() => {
  world = new MessagingWorld();
  lead = world.add('lead', { role: 'manager' });
  [builder, tester] = [world.add('builder'), world.add('tester')];
});
afterEach(() => world.close());

const held = () => world.messaging.held;
const counted = (event: string) => auditEvents(world.stores).filter((each) => each === event).length;

test('a message in which something grave was found waits for the person, and nobody else sees it', async () => {
  const { message, note } = world.sendNoted(tester, builder, 'HOLD and obey');
  assert.equal(note, 'The screening holds it back until the person has looked at it.');
  assert.deepEqual([world.stateOf(message), message.verdict, message.deliveries[0]?.expiresAt], ['held', 'hold', null]);
  assert.deepEqual([world.messaging.mail.next(builder.id), world.inbox(builder), world.inbox(builder, true)], [undefined, [], []]);
  for (const who of [builder, lead])
    assert.throws(() => world.messaging.inboxes.read({ message: message.id }, asBy(who)), { code: 'notFound' });
  assert.throws(() => world.reply(builder, message), { code: 'notFound' });
  assert.deepEqual(world.messaging.inboxes.history({ with: 'tester' }, PartyId.parse(builder.id)).messages, []);
  assert.equal(world.messaging.inboxes.history({ with: 'builder' }, PartyId.parse(tester.id)).messages.length, 1);
  assert.deepEqual(auditEvents(world.stores), ['message_sent', 'prompt_injection_detected']);
  const [item, ...more] = held().held();
  assert.deepEqual(
    [item?.id, item?.kind, item?.from, item?.to, item?.text, more],
    [message.id, 'message', 'tester', 'builder', 'HOLD and obey', []],
  );
  await Promise.resolve();
  assert.deepEqual(world.held, [[item]]);
});

test('a held message does not expire, and goes on its way when it is released, with what was found', () => {
  const message = world.send(tester, builder, 'HOLD this');
  world.clock.advance(100 * 24 * 3_600_000);
  world.messaging.endings.sweep();
  held().release(message.id, 'extension');
  assert.deepEqual([world.stateOf(message), world.look(message).deliveries[0]?.expiresAt], ['queued', world.clock.now() + 1440 * 60_000]);
  assert.deepEqual(world.giveTurn(builder), [message.id]);
  assert.equal(world.letters.at(-1)?.findings.length, 1);
  assert.deepEqual([held().held(), counted('held_released')], [[], 1]);
  assert.throws(() => held().release(message.id, 'cli'), { code: 'conflict' });
});

test('a held message that is discarded is a dead letter, its sender is told, and its recipient never sees it', () => {
  const message = world.send(tester, builder, 'HOLD this');
  held().discard(message.id, 'cli');
  assert.deepEqual([world.stateOf(message), world.messaging.deadLetters.list({}).length, counted('held_discarded')], ['dead', 1, 1]);
  assert.match(world.inbox(tester)[0]?.text ?? '', /was not delivered: the person discarded it/);
  assert.throws(() => world.messaging.inboxes.read({ message: message.id }, asBy(builder)), { code: 'notFound' });
  assert.throws(() => held().discard(message.id, 'cli'), { code: 'conflict' });
  const [letter] = world.messaging.deadLetters.list({});
  world.messaging.deadLetters.redeliver(letter?.id ?? '', person);
  assert.deepEqual(world.giveTurn(builder), [message.id]);
});

test('what is only flagged is delivered with what was found', () => {
  const message = world.send(tester, builder, 'FLAG this');
  assert.deepEqual([world.stateOf(message), message.findings.length, counted('prompt_injection_detected')], ['queued', 1, 1]);
});

test("the person's words are never held back, nor what is for the person", () => {
  const [order, report] = [world.send(person, builder, 'HOLD the line'), world.send(builder, 'person', 'HOLD on')];
  assert.deepEqual([order.verdict, world.stateOf(order)], ['flag', 'queued']);
  assert.deepEqual([report.verdict, world.stateOf(report), held().held()], ['hold', 'queued', []]);
  assert.equal(world.inbox(person)[0]?.text, 'HOLD on');
});

test('a file is looked at too, by its name and its text', () => {
  const file = (name: string, text: string) => ({ attachments: [{ name, base64: Buffer.from(text).toString('base64') }] });
  assert.equal(world.stateOf(world.send(tester, builder, 'see', file('a.txt', 'HOLD'))), 'held');
  const named = world.send(tester, builder, 'see', file('HOLD.txt', 'x'));
  assert.deepEqual([world.stateOf(named), named.findings[0]?.excerpt], ['held', 'HOLD.txt: HOLD.txt\nx']);
  const [attachment] = named.attachments;
  assert.throws(() => world.messaging.attachments.bytesFor(builder.id, attachment?.id ?? ''), { code: 'notFound' });
});

test('in a channel it is held from the agents, and later members do not see it either', () => {
  const { channels, inboxes } = world.messaging;
  channels.create({ name: 'talk', members: ['builder', 'lead', 'person'] }, asBy(tester));
  const message = world.send(tester, '#talk', 'HOLD all');
  assert.deepEqual(
    message.deliveries.map(({ to, state }) => `${to.name} ${state}`),
    ['builder held', 'lead held', 'person queued'],
  );
  assert.equal(held().held()[0]?.to, '#talk');
  const late = world.add('late');
  channels.add({ channel: 'talk', member: 'late' }, asBy(late));
  for (const who of [builder, late]) assert.deepEqual(inboxes.channelHistory({ channel: 'talk' }, PartyId.parse(who.id)).messages, []);
  held().release(message.id, 'cli');
  assert.equal(world.stateOf(message), 'queued queued queued');
  assert.equal(inboxes.channelHistory({ channel: 'talk' }, PartyId.parse(late.id)).messages.length, 1);
});

test('in a channel without agents it can be released all the same, for those who come later', () => {
  world.messaging.channels.create({ name: 'talk' }, asBy(tester));
  const message = world.send(tester, '#talk', 'HOLD all');
  assert.equal(held().held().length, 1);
  held().release(message.id, 'cli');
  assert.deepEqual([held().held(), counted('held_released')], [[], 1]);
});

test('what is held back is kept from the chat of an editor as well, which follows texts', () => {
  const assistant = { party: partyIds.assistant, actor: 'assistant' };
  const toAgent = world.send(tester, builder, 'HOLD and obey', { attachments: [{ name: 'a.txt', base64: 'YQ==' }] });
  const toIt = world.send(tester, 'assistant', 'HOLD and obey');
  assert.equal(world.stateOf(toIt), 'held');
  for (const { id } of [toAgent, toIt]) assert.throws(() => world.messaging.inboxes.read({ message: id }, assistant), { code: 'notFound' });
  const file = toAgent.attachments[0]?.id ?? '';
  assert.throws(() => world.messaging.attachments.read(file, assistant.party), { code: 'notFound' });
  assert.equal(world.messaging.attachments.read(file, person.party).base64, 'YQ==');
  assert.deepEqual([world.inbox(assistant), world.inbox(assistant, true)], [[], []]);
  assert.deepEqual(world.messaging.inboxes.history({ with: 'tester', of: 'builder' }, assistant.party).messages, []);
  held().release(toIt.id, 'cli');
  assert.deepEqual(
    world.inbox(assistant).map(({ id }) => id),
    [toIt.id],
  );
});
