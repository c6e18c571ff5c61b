import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeliveryState } from '../../../../../server/protocol/message.ts';
import { deliveryLook } from '../../../../../webviews/chat/comms/delivery.ts';
import { parties, person } from '../../../../support/chat-harness/board-data.ts';
import { channelMessages, delivery, sampleChannels, sampleMessage } from '../../../../support/chat-harness/mail-data.ts';

const [from, to] = parties;
assert.ok(from && to);
const message = (state: DeliveryState) => sampleMessage(1, state, { from, to, text: 'Hello' });

test('every state has an icon, a word of its own and its times', () => {
  const looks = DeliveryState.options.map((state) => deliveryLook(message(state)));
  assert.equal(new Set(looks.map((look) => look?.word)).size, DeliveryState.options.length);
  for (const look of looks) assert.match(look?.detail ?? '', /sent/);
});

test('what has happened is told with its time, what has not is left out', () => {
  assert.match(deliveryLook(message('seen'))?.detail ?? '', /delivered .*\nseen /);
  assert.doesNotMatch(deliveryLook(message('delivered'))?.detail ?? '', /seen/);
  assert.match(deliveryLook(message('queued'))?.detail ?? '', /^builder is stopped.*\nsent .*\nwaiting since .*\nwaits until /);
});

test('in a channel it counts who has it, names all, and one that did not get it decides the icon', () => {
  const [channel] = sampleChannels();
  const [shared] = channel ? channelMessages(channel) : [];
  assert.ok(shared);
  const look = deliveryLook(shared);
  assert.equal(look?.word, 'seen by 2 of 3');
  assert.match(look?.detail ?? '', /builder: Waiting/);
  const withDead = { ...shared, deliveries: [...shared.deliveries, delivery(person, 'dead', 1)] };
  assert.equal(deliveryLook(withDead)?.word, 'Not delivered');
});

test('a message without a recipient has no state', () => {
  assert.equal(deliveryLook(sampleMessage(1, 'seen', { from, to: null, text: '' })), null);
});
