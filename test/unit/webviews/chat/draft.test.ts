import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PromptId } from '../../../../server/protocol/ids.ts';
import { accepted, type Draft, refused, sending, unsent } from '../../../../webviews/chat/draft.ts';
import { id } from '../../../support/chat-harness/sample-data.ts';

const typed: Draft = { text: 'do it', attempt: null, isSending: false, changedAt: 7 };

function counter(): () => PromptId {
  let count = 0;
  return () => {
    count += 1;
    return id('9409', count);
  };
}

test('a prompt on its way leaves the composer free and is not lost', () => {
  const sent = sending(typed, 'do it', counter());
  assert.equal(sent.text, '');
  assert.equal(unsent(sent), 'do it');
  assert.deepEqual(accepted(sent), { text: '', attempt: null, isSending: false, changedAt: 7 });
});

test('a prompt that was refused comes back before what was typed since', () => {
  const sent = sending(typed, 'do it', counter());
  assert.equal(refused(sent).text, 'do it');
  assert.equal(refused({ ...sent, text: 'and that' }).text, 'do it\nand that');
});

test('the same text sent again is the same prompt, another text is another one', () => {
  const newId = counter();
  const first = sending(typed, 'do it', newId);
  const again = sending(refused(first), 'do it', newId);
  assert.equal(again.attempt.promptId, first.attempt.promptId);
  const other = sending(refused(again), 'do that', newId);
  assert.notEqual(other.attempt.promptId, first.attempt.promptId);
});

test('an example that is clicked leaves what is being typed', () => {
  assert.equal(sending(typed, 'example', counter()).text, 'do it');
});
