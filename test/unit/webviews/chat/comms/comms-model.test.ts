import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message } from '../../../../../server/protocol/message.ts';
import { CommsModel } from '../../../../../webviews/chat/comms/comms-model.ts';
import { RequestFailure } from '../../../../../webviews/shared/host.ts';
import { person } from '../../../../support/chat-harness/board-data.ts';
import { FakeMail } from '../../../../support/chat-harness/fake-mail.ts';
import { sampleMessage } from '../../../../support/chat-harness/mail-data.ts';
import { id, sampleAgent } from '../../../../support/chat-harness/sample-data.ts';
import { FakeHost } from '../../../../support/fake-host.ts';

const agent = sampleAgent();
const asParty = { id: id<Message['from']['id']>('a9e7', 1), name: agent.name };
const methods = [
  ...(['team/list', 'message/feed', 'message/read', 'message/send', 'message/reply', 'channel/list', 'channel/history'] as const),
  ...(['screening/held', 'screening/release', 'deadLetter/list', 'deadLetter/redeliver'] as const),
];

async function opened() {
  const fake = new FakeHost();
  const mail = new FakeMail((message) => fake.tell('message/changed', { message }));
  const state = { isVisible: true, ids: 0 };
  for (const method of methods) fake.answer(method, (params) => mail.result(method, params));
  const model = new CommsModel({
    host: fake.host,
    newMessageId: () => id<Message['id']>('3e55', 500 + ++state.ids),
    isVisible: () => state.isVisible,
    onChange: () => undefined,
  });
  model.start();
  model.setAgent(agent);
  await settled();
  return { fake, mail, model, state };
}

test('what concerns the agent is loaded: messages, channels of its team, what is held and what did not arrive', async () => {
  const { model, fake } = await opened();
  assert.deepEqual(fake.asked('message/feed'), [{ agent: agent.id, limit: 50 }]);
  assert.equal(model.pages.messages.length, 6);
  assert.deepEqual(
    model.channels.map(({ name }) => name),
    ['general', 'review-queue'],
  );
  assert.deepEqual([model.held.length, model.deadLetters.length], [1, 1]);
});

test('a message to the person is counted until it is looked at, and then read', async () => {
  const { model, fake, state } = await opened();
  assert.equal(model.unread, 1);
  assert.deepEqual(fake.asked('message/read'), []);
  state.isVisible = false;
  model.setShown(true);
  assert.deepEqual(fake.asked('message/read'), []);
  state.isVisible = true;
  model.look();
  model.look();
  await settled();
  assert.deepEqual(fake.asked('message/read'), [{ message: id('3e55', 4) }]);
  assert.equal(model.unread, 0);
});

test('news of other agents is left out, news of this one is there at once', async () => {
  const { model, mail } = await opened();
  const elsewhere = { id: id<Message['from']['id']>('a9e7', 8), name: 'elsewhere' };
  mail.arrive(sampleMessage(40, 'queued', { from: elsewhere, to: { ...elsewhere, id: id('a9e7', 7) }, text: 'Not here' }));
  assert.equal(model.pages.messages.length, 6);
  mail.arrive(sampleMessage(41, 'delivered', { from: asParty, to: person, text: 'Here' }));
  assert.equal(model.pages.messages.at(-1)?.text, 'Here');
  assert.equal(model.unread, 2);
});

test('a message that was refused stays, and is sent again under the same id', async () => {
  const { model, fake, mail } = await opened();
  model.letter.edit('Measure it');
  fake.answer('message/send', () => {
    throw new RequestFailure('unavailable', 'The backend is away.');
  });
  await model.send();
  assert.deepEqual([model.letter.text, model.problem], ['Measure it', 'The backend is away.']);
  fake.answer('message/send', (params) => mail.result('message/send', params));
  await model.send();
  const [first, second] = fake.asked('message/send');
  assert.equal(first?.messageId, second?.messageId);
  assert.deepEqual([second?.to, second?.expectsReply], [agent.id, true]);
  assert.deepEqual([model.letter.text, model.problem], ['', null]);
  assert.equal(model.pages.messages.at(-1)?.text, 'Measure it');
});

test('a reply goes into the thread and expects none by itself', async () => {
  const { model, fake } = await opened();
  const question = model.pages.messages[3];
  assert.ok(question);
  model.letter.reply(question);
  model.letter.edit('Thank you');
  await model.send();
  const [reply] = fake.asked('message/reply');
  assert.deepEqual([reply?.message, reply?.expectsReply], [question.id, false]);
  assert.equal(model.letter.replyTo, null);
});

test('what is too large is told before it is sent', async () => {
  const { model, fake } = await opened();
  model.letter.edit('é'.repeat(40_000));
  await model.send();
  assert.match(model.problem ?? '', /^The message is 79 KB; at most 64 KB can be sent\./);
  assert.deepEqual(fake.asked('message/send'), []);
});

test('in a channel one writes to the channel, and expects no reply by itself', async () => {
  const { model, fake } = await opened();
  const channel = model.channels[1];
  assert.ok(channel);
  await model.showBox({ kind: 'channel', channel });
  assert.equal(model.pages.messages.length, 1);
  model.letter.edit('Taken.');
  await model.send();
  const [sent] = fake.asked('message/send');
  assert.deepEqual([sent?.to, sent?.team, sent?.expectsReply], ['#review-queue', channel.teamId, false]);
});

test('earlier pages are put before what is there, until there are no more', async () => {
  const { model, mail } = await opened();
  mail.useMany(120);
  model.setAgent({ ...agent, id: id('a9e7', 5) });
  model.setAgent(agent);
  await settled();
  assert.deepEqual([model.pages.messages.length, model.pages.hasEarlier], [50, true]);
  await model.pages.loadEarlier();
  await model.pages.loadEarlier();
  assert.deepEqual([model.pages.messages.length, model.pages.hasEarlier], [120, false]);
  assert.equal(model.pages.messages[0]?.text, 'Message number 1');
});

test('what waits for the person goes away when it is settled', async () => {
  const { model, fake } = await opened();
  const [[held], [dead]] = [model.held, model.deadLetters];
  assert.ok(held && dead);
  await model.settleHeld(held, 'screening/release');
  await model.settleDeadLetter(dead, 'deadLetter/redeliver');
  assert.deepEqual([model.held.length, model.deadLetters.length], [0, 0]);
  assert.deepEqual(fake.asked('screening/release'), [{ item: held.id }]);
});

test('messages that cannot be loaded say why', async () => {
  const { model, fake } = await opened();
  fake.answer('message/feed', () => {
    throw new RequestFailure('storage', 'The disk is full.');
  });
  await model.load();
  assert.equal(model.pages.failure, 'The disk is full.');
});

/** Answers of the fake host arrive in microtasks only. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
