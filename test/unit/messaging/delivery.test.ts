import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import { type MessageId, PartyId, type PromptId, type SessionId } from '../../../server/protocol/ids.ts';
import type { Message } from '../../../server/protocol/message.ts';
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
  world.set['messages.perMinute'] = 1_000;
});
afterEach(() => world.close());

const mail = () => world.messaging.mail;
const idsOf = (messages: readonly Pick<Message, 'id'>[]) => messages.map(({ id }) => id);
const due = ({ id }: Someone) => mail().next(id)?.messageIds ?? [];
const kept = ({ id }: Someone) => idsOf(mail().snapshot(id).unread);
const counted = (event: string) => auditEvents(world.stores).filter((each) => each === event).length;

function claim(who: Someone, messages = due(who)): PromptId {
  const promptId = newId<PromptId>();
  mail().claim(who.id, messages, promptId);
  return promptId;
}

test('what is due is one text: an opening, the envelopes in order, and by name only what is owed', () => {
  const first = world.send(lead, builder, 'first');
  world.giveTurn(builder);
  const [second, third] = [world.send(lead, builder, 'second'), world.send(tester, builder, 'third')];
  assert.equal(mail().isDue(builder.id), true);
  const next = mail().next(builder.id);
  assert.deepEqual(next?.messageIds, [second.id, third.id]);
  assert.equal(
    next?.text,
    `You have mail. 2 messages follow, in their order.\n\n<lead> second\n\n<tester> third\n\nYou still owe an answer to: ${first.id.slice(-8)} from lead.`,
  );
  assert.deepEqual([mail().next(tester.id), mail().isDue(tester.id)], [undefined, false]);
});

test('the envelope is told whom it is from, whether it is an order, and where its files will be', () => {
  const base64 = Buffer.from('x').toString('base64');
  const message = world.send(lead, builder, 'FLAG this', { attachments: [{ name: 'a.txt', base64 }] });
  mail().next(builder.id);
  const { findings, attachments, ...letter } = world.letters.at(-1) ?? assert.fail();
  assert.deepEqual(letter, {
    ...{ id: message.id, replyTo: null, body: 'FLAG this', sentAt: message.sentAt, isOrder: true, seal: `seal of ${builder.id}` },
    ...{ fromName: 'lead', fromRole: 'manager', fromProject: 'shop', toName: 'builder', channelName: null, expectsReply: true },
    isRepeated: false,
  });
  assert.deepEqual([findings.length, attachments[0]?.path], [1, `/agents/${builder.id}/mail/${message.id}/a.txt`]);
});

test('a message goes from queued over delivered to seen with the turn that it began, each with its time and audit row', () => {
  const message = world.send(lead, builder);
  const promptId = claim(builder);
  assert.deepEqual([world.stateOf(message), due(builder), kept(builder)], ['queued', [], []]);
  const mark = `mark of ${message.id} for ${builder.id}`;
  assert.deepEqual(mail().carried(builder.id, promptId), [
    { id: message.id, mark, from: 'lead', expectsReply: true, isUncertain: false, attachments: [] },
  ]);
  world.clock.advance(10);
  for (let again = 0; again < 2; again += 1) mail().turnStarted(builder.id, [promptId], world.moment(builder.id));
  assert.equal(world.stateOf(message), 'delivered');
  world.clock.advance(10);
  for (let again = 0; again < 2; again += 1) mail().turnEnded(builder.id, 'completed', world.moment(builder.id));
  mail().turnStarted(builder.id, [promptId], world.moment(builder.id));
  const [{ state, by, queuedAt, deliveredAt, seenAt } = assert.fail()] = world.look(message).deliveries;
  assert.deepEqual([state, by, queuedAt, deliveredAt, seenAt], ['seen', 'turn', 1_000_000, 1_000_010, 1_000_020]);
  assert.deepEqual(auditEvents(world.stores), ['message_sent', 'message_delivered', 'message_read']);
  assert.deepEqual(idsOf(mail().carried(builder.id, promptId)), [message.id]);
});

test('what was given at the end of a turn is delivered by that, and seen when the program shows it', () => {
  const [first, second] = [world.send(lead, builder, 'a'), world.send(lead, builder, 'b')];
  mail().given(builder.id, [first.id], { ...world.moment(builder.id), by: 'stop' });
  world.clock.advance(5);
  mail().given(builder.id, [second.id], { ...world.moment(builder.id), by: 'context' });
  mail().seen(builder.id, [second.id], world.moment(builder.id));
  assert.deepEqual([world.stateOf(first), world.stateOf(second)], ['seen', 'seen'], 'it takes them in order');
  assert.deepEqual([world.look(first).deliveries[0]?.by, world.look(second).deliveries[0]?.by], ['stop', 'context']);
});

test("an event about somebody else's mail, or about none, changes nothing", () => {
  const message = world.send(lead, builder);
  mail().given(tester.id, [message.id, newId<MessageId>()], { ...world.moment(tester.id), by: 'stop' });
  mail().seen(tester.id, [message.id], world.moment(tester.id));
  mail().turnStarted(tester.id, [claim(builder)], world.moment(tester.id));
  mail().turnEnded(builder.id, 'completed', world.moment(builder.id));
  assert.equal(world.stateOf(message), 'queued');
});

test('a claim holds until its prompt begins, is taken back, or turns out never to have been kept', () => {
  const message = world.send(lead, builder);
  const promptId = claim(builder);
  assert.throws(() => claim(builder, [message.id]), { code: 'conflict' });
  mail().unclaim(promptId);
  assert.deepEqual(due(builder), [message.id]);
  const lost = claim(builder);
  const known = world.send(tester, builder);
  const carries = claim(builder);
  world.reopen('afterKill');
  assert.deepEqual(due(builder), []);
  mail().recoverClaims((id) => id === carries);
  assert.deepEqual(due(builder), [message.id]);
  assert.deepEqual([idsOf(mail().carried(builder.id, lost)), idsOf(mail().carried(builder.id, carries))], [[], [known.id]]);
  // How far the lost prompt came nobody knows, so the program is asked first.
  assert.deepEqual(
    mail()
      .carried(builder.id, claim(builder, [message.id]))
      .map(({ isUncertain }) => isUncertain),
    [true],
  );
});

test('of a claim that does not hold nothing is claimed', () => {
  const [first, second] = [world.send(lead, builder), world.send(lead, builder)];
  mail().given(builder.id, [second.id], { ...world.moment(builder.id), by: 'stop' });
  assert.throws(() => claim(builder, [first.id, second.id]), { code: 'conflict' });
  assert.deepEqual(due(builder), [first.id]);
});

test('nothing of a sender overtakes what of it waits for its prompt; others go on', () => {
  const [first, other] = [world.send(lead, builder, '1'), world.send(tester, builder, '2')];
  const promptId = claim(builder, [first.id]);
  const second = world.send(lead, builder, '3');
  assert.deepEqual([due(builder), kept(builder)], [[other.id], [other.id]]);
  mail().turnStarted(builder.id, [promptId], world.moment(builder.id));
  assert.deepEqual(due(builder), [other.id, second.id]);
});

test('a message over which a program ended waits longer each time, says that it may be known, and dies the fifth time', async () => {
  const message = world.send(lead, builder);
  for (const [attempt, delayMs] of [5_000, 30_000, 120_000, 600_000].entries()) {
    const [given] = world.giveTurn(builder, 'crashed');
    assert.equal(given, message.id, `attempt ${attempt}`);
    assert.deepEqual([world.stateOf(message), due(builder), kept(builder)], ['queued', [], []]);
    await Promise.resolve();
    world.mailFor = [];
    world.clock.advance(delayMs - 1);
    assert.deepEqual(due(builder), []);
    world.clock.advance(1);
    await Promise.resolve();
    assert.deepEqual([due(builder), world.mailFor], [[message.id], [builder.id]]);
    assert.deepEqual([world.letters.at(-1)?.isRepeated, mail().snapshot(builder.id).unread[0]?.isUncertain], [true, true]);
  }
  world.giveTurn(builder, 'crashed');
  assert.equal(world.stateOf(message), 'dead');
  assert.match(world.look(message).deliveries[0]?.reason ?? '', /^builder could not take it in 5 attempts: its program ended over it\.$/);
  assert.deepEqual([counted('message_requeued'), counted('message_dead')], [4, 1]);
  assert.match(world.inbox(lead)[0]?.text ?? '', /was not delivered: builder could not take it in 5 attempts/);
});

test('a turn that failed is tried again too, but nobody doubts what became of it', () => {
  const message = world.send(lead, builder);
  world.giveTurn(builder, 'failed');
  world.clock.advance(5_000);
  assert.deepEqual([due(builder), world.letters.at(-1)?.isRepeated], [[message.id], false]);
});

test('while a message waits for its next attempt, later ones of its sender wait behind it', () => {
  const first = world.send(lead, builder, '1');
  world.giveTurn(builder, 'crashed');
  const [second, other] = [world.send(lead, builder, '2'), world.send(tester, builder, '3')];
  assert.deepEqual(due(builder), [other.id]);
  world.clock.advance(5_000);
  assert.deepEqual(due(builder), [first.id, second.id, other.id]);
});

test('what was seen before the program ended is not given again', () => {
  const message = world.send(lead, builder);
  world.giveTurn(builder, null);
  mail().seen(builder.id, [message.id], world.moment(builder.id));
  mail().turnEnded(builder.id, 'crashed', world.moment(builder.id));
  mail().runGone(builder.id, world.clock.now());
  assert.equal(world.stateOf(message), 'seen');
});

test('when nobody tells any more what became of it, a message waits again, in whatever session it was given', () => {
  const message = world.send(lead, builder);
  world.giveTurn(builder, null);
  world.sessions.set(builder.id, newId<SessionId>());
  world.reopen('afterKill');
  mail().runGone(builder.id, world.clock.now());
  assert.deepEqual(
    [world.stateOf(message), world.look(message).deliveries[0]?.reason],
    ['queued', 'It is tried again: its program ended over it.'],
  );
});

test('the end of a turn in another session says nothing about what this one was given', () => {
  const message = world.send(lead, builder);
  world.giveTurn(builder, null);
  mail().turnEnded(builder.id, 'completed', { sessionId: newId<SessionId>(), at: world.clock.now() });
  assert.equal(world.stateOf(message), 'delivered');
});

test('an agent that is disabled is given nothing, and nothing is lost', () => {
  const message = world.send(lead, builder);
  world.disabled.add(builder.id);
  assert.deepEqual([due(builder), kept(builder)], [[], []]);
  world.disabled.clear();
  assert.deepEqual(due(builder), [message.id]);
});

test('a prompt holds at most 20 messages and 48 KiB, and always one; the sidecar keeps at most 50', () => {
  for (let n = 0; n < 60; n += 1) world.send(n % 2 ? lead : tester, builder, `${n}`);
  assert.deepEqual([due(builder).length, kept(builder).length], [20, 50]);
  for (let n = 0; n < 3; n += 1) world.send(person, lead, 'x'.repeat(n === 0 ? 60_000 : 20_000));
  assert.equal(due(lead).length, 1);
  world.giveTurn(lead);
  assert.equal(due(lead).length, 2);
});

test('mail wakes its agent when it comes, and the sidecar hears when what it keeps has changed', async () => {
  const question = world.send(lead, builder);
  await Promise.resolve();
  assert.deepEqual(world.mailFor.splice(0), [builder.id]);
  world.giveTurn(builder);
  await Promise.resolve();
  assert.deepEqual(world.mailFor.splice(0), [builder.id]);
  world.reply(builder, question);
  await Promise.resolve();
  assert.deepEqual(world.mailFor.toSorted(), [builder.id, lead.id].toSorted());
});

test('what a surrounding transaction takes back is not told', async () => {
  const failing = () =>
    world.stores.btmsg.write(() => {
      world.send(lead, builder);
      throw new Error('the rest failed');
    });
  assert.throws(failing, /the rest failed/);
  await Promise.resolve();
  assert.deepEqual([world.told, due(builder)], [[], []]);
});

test('a note of another feature comes from whom it is about, and to nobody from themselves', () => {
  const { post } = world.messaging;
  post.toAgent(PartyId.parse(builder.id), 'Task 12 is yours.', PartyId.parse(lead.id));
  post.toAgent(PartyId.parse(builder.id), 'nothing', PartyId.parse(builder.id));
  const [note, ...more] = world.inbox(builder);
  assert.deepEqual([note?.from.name, note?.expectsReply, note?.isOrder, more], ['lead', false, true, []]);
});

test("the person's mail waits without an end, and is seen when the person reads it", () => {
  const message = world.send(builder, 'person');
  assert.equal(message.deliveries[0]?.expiresAt, null);
  world.clock.advance(10 * 365 * 24 * 3_600_000);
  world.messaging.endings.sweep();
  assert.deepEqual([world.inbox(person).length, world.stateOf(message)], [1, 'queued']);
  world.messaging.inboxes.read({ message: message.id }, person);
  assert.deepEqual([world.stateOf(message), world.inbox(asBy(person))], ['seen', []]);
});
