import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PromptId } from '../../../../server/protocol/ids.ts';
import { accepted, type Draft, following, refused, sending, unsent } from '../../../../webviews/chat/draft.ts';
import { id } from '../../../support/chat-harness/sample-data.ts';

const typed: Draft = { text: 'do it', attempt: null, isSending: false, waiting: [], changedAt: 7 };

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
  assert.deepEqual(accepted(sent, counter()), { text: '', attempt: null, isSending: false, waiting: [], changedAt: 7 });
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

test('what is sent meanwhile follows in its order, each as a prompt of its own', () => {
  const newId = counter();
  const first = sending(typed, 'do it', newId);
  const second = following({ ...first, text: 'and that' }, 'and that');
  const third = following({ ...second, text: 'and this' }, 'and this');
  assert.deepEqual([third.text, unsent(third)], ['', 'do it\nand that\nand this']);
  const next = accepted(third, newId);
  assert.deepEqual([next.attempt?.text, next.isSending, next.waiting], ['and that', true, ['and this']]);
  assert.notEqual(next.attempt?.promptId, first.attempt.promptId);
  const last = accepted(accepted(next, newId), newId);
  assert.deepEqual([last.attempt, last.isSending, last.waiting], [null, false, []]);
});

test('when one is refused, what was sent behind it comes back with it', () => {
  const waiting = following({ ...sending(typed, 'do it', counter()), text: 'and that' }, 'and that');
  const back = refused({ ...waiting, text: 'unfinished' });
  assert.deepEqual([back.text, back.waiting, back.isSending], ['do it\nand that\nunfinished', [], false]);
});

test('an example that is clicked twice is meant once', () => {
  const sent = sending(typed, 'example', counter());
  assert.equal(following(sent, 'example'), sent);
});

test('an example that is clicked leaves what is being typed', () => {
  assert.equal(sending(typed, 'example', counter()).text, 'do it');
});
