import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carriedTo, type Grabbed, keyEffect } from '../../../../webviews/board/board-keys.ts';
import { columnsOf, positionOf } from '../../../../webviews/board/places.ts';
import { sampleTask } from '../../../support/chat-harness/board-data.ts';

const [first, second] = [sampleTask(1, { title: 'First', state: 'todo' }), sampleTask(2, { title: 'Second', state: 'todo' })];
const columns = columnsOf([first, second], ['todo', 'progress']);
const press = (key: string, grabbed: Grabbed | null = null, altKey = false) => keyEffect(columns, first.id, { key, altKey }, grabbed);

test('arrows go from card to card, Home and End to the ends of a column', () => {
  assert.deepEqual(press('ArrowDown'), { kind: 'focus', taskId: second.id });
  assert.deepEqual(press('End'), { kind: 'focus', taskId: second.id });
  assert.equal(press('ArrowUp'), null);
  assert.equal(press('x'), null);
});

test('Alt with an arrow moves the card at once', () => {
  assert.deepEqual(press('ArrowRight', null, true), { kind: 'move', taskId: first.id, place: { state: 'progress', before: null } });
  assert.equal(press('ArrowLeft', null, true), null);
});

test('Space picks a card up, arrows carry it on from where it would be, and Space puts it down', () => {
  const taken = press(' ');
  assert.deepEqual(taken, { kind: 'carry', grabbed: { taskId: first.id, place: null } });
  const right = press('ArrowRight', { taskId: first.id, place: null });
  assert.ok(right?.kind === 'carry');
  assert.equal(positionOf(carriedTo(columns, right.grabbed), first.id)?.state, 'progress');
  const back = press('ArrowLeft', right.grabbed);
  assert.ok(back?.kind === 'carry');
  assert.deepEqual(positionOf(carriedTo(columns, back.grabbed), first.id), { state: 'todo', place: 1, count: 2 });
  assert.deepEqual(press(' ', right.grabbed), { kind: 'putDown', grabbed: right.grabbed });
});

test('Escape, or leaving the card, puts it back', () => {
  const grabbed: Grabbed = { taskId: first.id, place: { state: 'progress', before: null } };
  assert.deepEqual(press('Escape', grabbed), { kind: 'putBack', taskId: first.id });
  assert.deepEqual(press('Tab', grabbed), { kind: 'putBack', taskId: first.id });
});
