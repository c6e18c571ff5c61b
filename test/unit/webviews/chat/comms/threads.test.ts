import assert from 'node:assert/strict';
import { test } from 'node:test';
import { threadsOf, withEarlierMessages, withMessage } from '../../../../../webviews/chat/comms/threads.ts';
import { sampleMessages } from '../../../../support/chat-harness/mail-data.ts';

const messages = sampleMessages();
const numbersIn = (all: ReturnType<typeof threadsOf>) => all.map((thread) => thread.messages.map(({ id }) => Number(id.slice(-2))));

test('answers are with what they answer, and the thread that was last written to is the last', () => {
  assert.deepEqual(numbersIn(threadsOf([...messages].reverse())), [[2, 3], [1, 4], [5], [6]]);
});

test('a message that is known is replaced, a new one is put where its time is', () => {
  const [first, second, ...others] = messages;
  assert.ok(first && second);
  assert.deepEqual(withMessage([first, ...others], second), messages);
  assert.equal(withMessage(messages, { ...first, text: 'Changed' })[0]?.text, 'Changed');
});

test('an earlier page is before what is there, without what both have', () => {
  assert.deepEqual(withEarlierMessages(messages.slice(2), messages.slice(0, 3)), messages);
});
