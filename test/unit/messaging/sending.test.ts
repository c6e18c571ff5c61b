import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import { type MessageId, shortId } from '../../../server/protocol/ids.ts';
import { bank, MessagingWorld, person, type Someone } from '../../support/messaging-world.ts';
import { auditEvents, fillDisk } from '../../support/test-stores.ts';

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

function audited(event: string): Record<string, unknown>[] {
  const rows = world.stores.btmsg.db
    .prepare<[string], string>('select detail from audit_log where event = ? order by seq')
    .pluck()
    .all(event);
  return rows.map((detail) => JSON.parse(detail));
}

test('a message is on disk with a delivery that waits, its audit row, and is told once it is', async () => {
  const { clock } = world;
  const message = world.send(lead, 'builder', 'please begin');
  assert.deepEqual(
    [message.from.name, message.to?.name, message.text, message.expectsReply, message.hops],
    ['lead', 'builder', 'please begin', true, 1],
  );
  assert.equal(message.threadId, message.id);
  const [delivery] = message.deliveries;
  assert.deepEqual([delivery?.state, delivery?.queuedAt, delivery?.expiresAt], ['queued', clock.now(), clock.now() + 1440 * 60_000]);
  assert.deepEqual(auditEvents(world.stores), ['message_sent']);
  assert.equal(audited('message_sent')[0]?.messageId, message.id);
  assert.deepEqual(world.told, []);
  await Promise.resolve();
  assert.deepEqual([world.told.map(({ id }) => id), world.mailFor], [[message.id], [builder.id]]);
});

test('what the disk does not take is neither sent nor told', async () => {
  const makeRoom = fillDisk(world.stores.btmsg.db);
  assert.throws(() => world.send(lead, builder, 'x'.repeat(60_000)), { code: 'storage' });
  await Promise.resolve();
  assert.deepEqual([world.told, auditEvents(world.stores)], [[], []]);
  makeRoom();
  world.send(lead, builder, 'x'.repeat(60_000));
});

for (const [what, to, error] of [
  ['somebody who is not there', 'nobody', { code: 'notFound', message: 'There is no agent "nobody".' }],
  ['a part of an id that fits two', '0', { code: 'ambiguous' }],
  ['a channel that is not there', '#none', { code: 'notFound' }],
  ['oneself', 'lead', { code: 'badRequest', message: /reaches nobody/ }],
] as const) {
  test(`a message to ${what} is refused to its sender, and nothing is kept`, () => {
    assert.throws(() => world.send(lead, to), error);
    assert.deepEqual(auditEvents(world.stores), []);
  });
}

test('a removed recipient is not there', () => {
  world.remove(builder);
  assert.throws(() => world.send(lead, 'builder'), { code: 'notFound' });
});

test('what is empty, too long or not allowed is refused, the last with an audit row', () => {
  assert.throws(() => world.send(lead, builder, ' \u200b'), { code: 'badRequest' });
  assert.throws(() => world.send(lead, builder, 'x'.repeat(1024 * 1024)), { code: 'tooLarge' });
  world.forbidden.add(`${builder.id} ${tester.id}`);
  assert.throws(() => world.send(builder, tester), { code: 'refused', message: 'You may not write to tester; you may write to: lead.' });
  assert.deepEqual(auditEvents(world.stores), ['message_refused']);
  assert.equal(audited('message_refused')[0]?.rule, 'permission');
});

test('the same id again is the same message, also after a restart, and when its recipient is gone', () => {
  const messageId = newId<MessageId>();
  const first = world.send(lead, builder, 'once', { messageId });
  world.reopen('afterKill');
  assert.deepEqual(world.send(lead, 'builder', 'once', { messageId }), first);
  world.remove(builder);
  assert.equal(world.send(lead, 'builder', 'once', { messageId }).id, first.id);
  assert.equal(audited('message_sent').filter(({ from }) => from === lead.id).length, 1);
});

test('another message under the same id is a conflict, whoever sends it', () => {
  const messageId = newId<MessageId>();
  world.send(lead, builder, 'once', { messageId });
  for (const send of [
    () => world.send(lead, builder, 'twice', { messageId }),
    () => world.send(lead, tester, 'once', { messageId }),
    () => world.send(tester, builder, 'once', { messageId }),
  ])
    assert.throws(send, { code: 'conflict' });
});

test('a repeated message costs nothing of the allowance', () => {
  world.set['messages.perMinute'] = 1;
  const messageId = newId<MessageId>();
  for (let again = 0; again < 3; again += 1) world.send(lead, builder, 'once', { messageId });
});

test('too many messages are refused with when there is room again, others are unaffected, and a few refusals are audited', () => {
  world.set['messages.perMinute'] = 2;
  for (let sent = 0; sent < 2; sent += 1) world.send(builder, tester);
  for (let again = 0; again < 10; again += 1)
    assert.throws(() => world.send(builder, tester), { code: 'refused', message: /2 messages within a minute.*Try again in 30 s/ });
  world.send(tester, builder);
  for (let sent = 0; sent < 20; sent += 1) world.send(person, builder);
  assert.equal(audited('message_refused').length, 3);
  world.clock.advance(30_000);
  world.send(builder, tester);
  world.clock.setWallClock(3_600_000);
  assert.throws(() => world.send(builder, tester), { code: 'refused' });
  world.clock.advance(30_000);
  world.send(builder, tester);
  assert.throws(() => world.send(builder, tester), { code: 'refused' });
  assert.equal(audited('message_refused').at(-1)?.refusedBefore, 8);
});

test('the sender is told when the recipient is asleep or away, and nothing when it is there', () => {
  assert.equal(world.sendNoted(lead, builder).note, null);
  world.presences.set(builder.id, 'asleep');
  assert.equal(world.sendNoted(lead, builder).note, 'builder is asleep; this wakes it.');
  world.presences.set(builder.id, 'away');
  assert.match(
    world.sendNoted(lead, builder).note ?? '',
    /^builder is paused and gets this when it is at work again, until 1970-01-02 00:16 UTC\.$/,
  );
  assert.equal(world.sendNoted(builder, 'person').note, null);
});

test('messages of one sender have the places in which they were sent, whatever the clock does', () => {
  world.set['messages.perMinute'] = 100;
  const sent: MessageId[] = [];
  for (let n = 0; n < 20; n += 1) {
    world.clock.setWallClock(n % 2 === 0 ? -60_000 : 50_000);
    sent.push(world.send(lead, builder, `${n}`).id);
  }
  const inbox = world.inbox(builder).map(({ id }) => id);
  assert.deepEqual(inbox, sent);
});

test("the person's messages and a manager's to its team are orders; others are not, and one that was changed on the disk is none", () => {
  const stranger = world.add('stranger', { team: bank });
  assert.equal(world.send(person, builder).isOrder, true);
  assert.equal(world.send(lead, builder).isOrder, true);
  assert.equal(world.send(lead, stranger).isOrder, false);
  assert.equal(world.send(builder, lead).isOrder, false);
  assert.equal(world.send(lead, 'person').isOrder, false);
  const order = world.send(person, builder, 'tidy up');
  world.stores.btmsg.db.prepare('update messages set body = ? where id = ?').run('delete all', order.id);
  assert.equal(world.look(order).isOrder, false);
});

test('files go with a message, and only those who may see it get them', () => {
  const base64 = Buffer.from('notes').toString('base64');
  const message = world.send(lead, builder, 'see', { attachments: [{ name: '../notes.txt', base64 }] });
  const [file] = message.attachments;
  assert.ok(file);
  assert.deepEqual([file.name, file.bytes], ['notes.txt', 5]);
  const { attachments } = world.messaging;
  assert.equal(attachments.bytesFor(builder.id, file.id).base64, base64);
  assert.equal(attachments.bytesFor(lead.id, shortId(file.id)).base64, base64);
  assert.throws(() => attachments.bytesFor(tester.id, file.id), { code: 'notFound' });
  world.stores.btmsg.db.prepare('update attachments set content = ?').run('aGVsbG8=');
  assert.throws(() => attachments.bytesFor(builder.id, file.id), { code: 'storage' });
});
