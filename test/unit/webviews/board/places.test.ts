import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Task } from '../../../../server/protocol/task.ts';
import {
  columnsOf,
  type Direction,
  neighbourOf,
  positionOf,
  sortOrderAt,
  stepFrom,
  withTaskAt,
} from '../../../../webviews/board/places.ts';
import { sampleTask } from '../../../support/chat-harness/board-data.ts';

const task = (number: number, state: Task['state'], sortOrder = number) =>
  sampleTask(number, { title: `Task ${number}`, state, sortOrder });
const idOf = (number: number) => task(number, 'todo').id;
const shown = ['todo', 'progress', 'review'] as const;

/** Three to do, none in progress, one in review. */
const columns = columnsOf([task(1, 'todo'), task(2, 'todo'), task(3, 'todo'), task(4, 'review')], shown);
const numbersIn = (all: ReturnType<typeof columnsOf>) => all.map(({ tasks }) => tasks.map(({ number }) => number));

test('a column is in the order of its places, and of the numbers where they are the same', () => {
  const mixed = columnsOf([task(3, 'todo', 5), task(2, 'todo', 5), task(1, 'todo', 9), task(5, 'rejected')], shown);
  assert.deepEqual(numbersIn(mixed), [[2, 3, 1], [], []]);
});

const steps: [number, Direction, { state: Task['state']; before: string | null } | null][] = [
  [1, 'up', null],
  [2, 'up', { state: 'todo', before: idOf(1) }],
  [1, 'down', { state: 'todo', before: idOf(3) }],
  [2, 'down', { state: 'todo', before: null }],
  [3, 'down', null],
  [1, 'left', null],
  [2, 'right', { state: 'progress', before: null }],
  [4, 'right', null],
  [4, 'left', { state: 'progress', before: null }],
];
for (const [number, direction, place] of steps) {
  test(`task ${number} moved ${direction} goes to ${place ? `${place.state}, before ${place.before?.slice(-1) ?? 'nothing'}` : 'nowhere'}`, () => {
    assert.deepEqual(stepFrom(columns, idOf(number), direction), place);
  });
}

const neighbours: [number, Direction, number | null][] = [
  [2, 'up', 1],
  [3, 'down', null],
  [3, 'right', 4],
  [4, 'left', 1],
  [1, 'left', null],
];
for (const [number, direction, neighbour] of neighbours) {
  test(`from task ${number} the keyboard goes ${direction} to ${neighbour ?? 'nothing'}, past columns that are empty`, () => {
    assert.equal(neighbourOf(columns, idOf(number), direction), neighbour === null ? null : idOf(neighbour));
  });
}

test('a task that is carried is drawn where it would be put down, and nowhere else', () => {
  assert.deepEqual(numbersIn(withTaskAt(columns, idOf(1), { state: 'review', before: idOf(4) })), [[2, 3], [], [1, 4]]);
  assert.deepEqual(numbersIn(withTaskAt(columns, idOf(1), { state: 'todo', before: null })), [[2, 3, 1], [], [4]]);
});

test('the guessed place is between its neighbours', () => {
  const [todo, progress] = columns;
  assert.ok(todo && progress);
  assert.equal(sortOrderAt(todo, { state: 'todo', before: idOf(2) }, idOf(4)), 1.5);
  assert.equal(sortOrderAt(todo, { state: 'todo', before: idOf(1) }, idOf(4)), 0);
  assert.equal(sortOrderAt(todo, { state: 'todo', before: null }, idOf(3)), 3);
  assert.equal(sortOrderAt(progress, { state: 'progress', before: null }, idOf(3)), 0);
});

test('a position is told as people count', () => {
  assert.deepEqual(positionOf(columns, idOf(3)), { state: 'todo', place: 3, count: 3 });
  assert.equal(positionOf(columns, 'elsewhere'), null);
});
