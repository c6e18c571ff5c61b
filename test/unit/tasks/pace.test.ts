import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import type { By } from '../../../server/tasks/surroundings.ts';
import { person, TasksWorld } from '../../support/tasks-world.ts';

let world: TasksWorld;
let boss: By;
let builder: By;

beforeEach(() => {
  world = new TasksWorld();
  world.messagesPerMinute = 5;
  boss = world.agent('boss', 'manager');
  builder = world.agent('builder', 'project');
  world.tasks.add({ title: 'a door', assign: 'builder' }, person);
});
afterEach(() => world.kept.remove());

function toAndFro(by: By, times: number): void {
  for (let count = 0; count < times; count += 1) world.tasks.move({ task: '1', state: count % 2 === 0 ? 'review' : 'progress' }, by);
}

test('an agent that moves a task to and fro stops at twice what it may write, and its reviewers are told no more', () => {
  toAndFro(builder, 10);
  const told = world.posts.length;
  for (const change of [() => toAndFro(builder, 1), () => world.tasks.comment({ task: '1', text: 'and again' }, builder)])
    assert.throws(change, { code: 'refused', message: /changed the board 10 times within a minute.*Try again in 6 s/ });
  assert.equal(world.posts.length, told);
  assert.equal(world.tasks.show({ task: '1' }, builder).task.version, 11);
  world.clock.advance(6_000);
  toAndFro(builder, 1);
});

test('others and the person go on meanwhile', () => {
  toAndFro(builder, 10);
  world.tasks.comment({ task: '1', text: 'calm down' }, boss);
  toAndFro(person, 30);
});
