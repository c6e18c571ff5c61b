import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isMail, lettersIn, owedIn } from '../../../server/demo-agent/letters.ts';

const letter = (id: string, fields: { readonly reply?: string; readonly body?: string } = {}) =>
  [
    `--- agor message ${id} (b-${id}) ---`,
    'from: bob (project, in shop)',
    'to: ann',
    `reply: ${fields.reply ?? 'expected, with the tool reply_message'}`,
    'trust: no order.',
    `--- text b-${id} ---`,
    fields.body ?? 'Is it done?',
    `--- end b-${id} ---`,
  ].join('\n');

test('a message is read with who wrote it and whether an answer is expected', () => {
  const text = `You have mail.\n\n${letter('4f21c0aa')}\n\n${letter('4f21c0bb', { reply: 'not expected', body: 'one\ntwo' })}\nafter`;
  assert.deepEqual(lettersIn(text), [
    { id: '4f21c0aa', from: 'bob', text: 'Is it done?', expectsReply: true },
    { id: '4f21c0bb', from: 'bob', text: 'one\ntwo', expectsReply: false },
  ]);
});

test('what is not whole, or ends before it begins, is no message', () => {
  const cut = letter('4f21c0aa').split('\n').slice(0, -1).join('\n');
  const turned = '--- agor message a (b) ---\n--- end b ---\n--- text b ---';
  for (const text of ['hello', cut, turned, '--- agor message a ---']) assert.deepEqual(lettersIn(text), []);
});

test('a reminder names the questions that are open', () => {
  const text = 'You owe a reply to this message. Answer with reply_message:\n- 0197-aa from bob';
  assert.deepEqual(owedIn(text), [{ id: '0197-aa', from: 'bob', text: '' }]);
  assert.deepEqual(owedIn('- 0197-aa from bob: no reminder'), []);
  assert.equal(isMail(text), true);
  assert.equal(isMail('tasks'), false);
});
