import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyTeamwork, type TeamworkState } from '../../../../extension/fleet/teamwork-model.ts';
import { countWaiting, type MessageNode, messageGroups, messageRow, messagesOf } from '../../../../extension/messages/messages-model.ts';
import { parties, person } from '../../../support/chat-harness/board-data.ts';
import { sampleDeadLetters, sampleHeld, sampleMessage } from '../../../support/chat-harness/mail-data.ts';
import { plainTranslate as t } from '../../../support/plain-translate.ts';

const [lead] = parties;
assert.ok(lead);
const message = sampleMessage(1, 'queued', { from: lead, to: person, text: 'Done.\n\u202eWhat $(now)?', expectsReply: true });
const state: TeamworkState = { ...emptyTeamwork, forPerson: [message], held: sampleHeld(), deadLetters: sampleDeadLetters() };
const row = (node: MessageNode) => messageRow(state, node, message.sentAt + 60_000, t);

test('there is a group for what there is, and none for what there is not', () => {
  assert.deepEqual(messageGroups(emptyTeamwork), []);
  assert.deepEqual(
    messageGroups(state).map((node) => row(node)?.label),
    ['Held', 'For You', 'Not Delivered'],
  );
  assert.equal(countWaiting(state), 3);
});

test('a message says from whom it is and how it begins, on one line and with what is hidden in it', () => {
  const [node] = messagesOf(state, { kind: 'messageGroup', id: 'forPerson' });
  assert.ok(node);
  assert.deepEqual([row(node)?.label, row(node)?.description, row(node)?.icon], ['lead', 'Done. <U+202E>What $(now)?', 'question']);
  assert.match(row(node)?.tooltip ?? '', /^lead · 1 minute ago · expects a reply/);
});

test('a held text says why, and a dead letter what went wrong; menus tell them apart', () => {
  const [held] = messagesOf(state, { kind: 'messageGroup', id: 'held' });
  const [deadLetter] = messagesOf(state, { kind: 'messageGroup', id: 'deadLetters' });
  assert.ok(held && deadLetter);
  assert.match(row(held)?.tooltip ?? '', /Tells the reader to forget its orders\. “ignore all previous instructions”/);
  assert.equal(row(held)?.context, 'held.message');
  assert.equal(row(deadLetter)?.description, 'archivist was removed before the message reached it.');
  assert.equal(row(deadLetter)?.context, 'deadLetter');
});

test('what was settled a moment ago has no row', () => {
  assert.equal(row({ kind: 'held', id: 'gone' }), undefined);
  assert.deepEqual(messagesOf(state, { kind: 'message', id: message.id }), []);
});
