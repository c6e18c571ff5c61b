import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { By } from '../../../server/tasks/surroundings.ts';
import { bank, person, shop, TasksWorld } from '../../support/tasks-world.ts';
import { fillDisk } from '../../support/test-stores.ts';

let world: TasksWorld;
let boss: By;
let builder: By;

beforeEach(() => {
  world = new TasksWorld();
  boss = world.agent('boss', 'manager');
  builder = world.agent('builder', 'project');
});
afterEach(() => world.kept.remove());

const titles = (by: By, params = {}) => world.tasks.list(params, by).tasks.map(({ title }) => title);

describe('a task', () => {
  it('is added with a number, a place at the end and its first version, and told when it is on disk', async () => {
    const task = world.tasks.add({ title: '  Sell\n shoes ', description: 'Red ones.' }, boss);
    const { number, title, state, priority, version, assignee, createdBy, parent, comments, isHeld } = task;
    assert.deepEqual(
      { number, title, state, priority, version },
      { number: 1, title: 'Sell shoes', state: 'todo', priority: 'medium', version: 1 },
    );
    assert.deepEqual(
      { assignee, parent, comments, isHeld, by: createdBy.name },
      { assignee: null, parent: null, comments: 0, isHeld: false, by: 'boss' },
    );
    assert.deepEqual(world.told, []);
    await Promise.resolve();
    assert.deepEqual(world.told, [task]);
    assert.deepEqual(world.audits(), ['task_created']);
    world.reopen();
    assert.deepEqual(world.tasks.show({ task: '1' }, boss).task, task);
  });

  it('has a number that is never given again, also over other boards', () => {
    world.tasks.add({ title: 'a' }, boss);
    world.tasks.add({ title: 'b', team: bank }, person);
    world.tasks.remove({ task: '2' }, person);
    assert.equal(world.tasks.add({ title: 'c' }, boss).number, 3);
    assert.throws(() => world.tasks.show({ task: '2' }, person), { code: 'notFound' });
  });

  it('is found by its number first, then by a part of its id', () => {
    const task = world.tasks.add({ title: 'a' }, boss);
    for (const reference of ['1', '#1', ' 1 ', task.id, task.id.slice(0, 20), task.id.slice(-8)])
      assert.equal(world.tasks.show({ task: reference }, boss).task.id, task.id, reference);
  });

  it('is not guessed: what fits two is ambiguous, and what fits none says what there is', () => {
    const [first, second] = [world.tasks.add({ title: 'a' }, boss), world.tasks.add({ title: 'b' }, boss)];
    // Made in the same moment, so both begin with it.
    const shared = first.id.slice(0, 8);
    assert.equal(second.id.slice(0, 8), shared);
    const ambiguous = /fits 2 tasks: #2 \([0-9a-f]{8}\), #1 \([0-9a-f]{8}\)\. Give more of the id\./;
    assert.throws(() => world.tasks.show({ task: shared }, boss), { code: 'ambiguous', message: ambiguous });
    for (const reference of ['77', '#77', 'zzz', 'a', '-1', '1.5', '1 2'])
      assert.throws(() => world.tasks.show({ task: reference }, boss), { code: 'notFound', message: /Known: #2, #1\./ }, reference);
  });

  it('is listed by priority, then place; what is closed only when that is asked for', () => {
    for (const [title, priority] of [
      ['low', 'low'],
      ['critical', 'critical'],
      ['second', 'medium'],
      ['high', 'high'],
    ] as const)
      world.tasks.add({ title, priority }, boss);
    world.tasks.add({ title: 'third' }, boss);
    assert.deepEqual(titles(boss), ['critical', 'high', 'second', 'third', 'low']);
    world.tasks.move({ task: '3', state: 'done' }, boss);
    assert.deepEqual(titles(boss), ['critical', 'high', 'third', 'low']);
    assert.deepEqual(titles(boss, { state: 'done' }), ['second']);
    assert.equal(titles(boss, { all: true }).length, 5);
    world.tasks.assign({ task: '1', to: 'builder' }, boss);
    assert.deepEqual(titles(boss, { assignee: 'builder' }), ['low']);
  });
});

describe('a change', () => {
  it('that names an old version is refused with who was faster, when, and what to look at', () => {
    world.tasks.add({ title: 'a', assign: 'builder' }, boss);
    world.tasks.move({ task: '1', state: 'progress' }, builder);
    const stale = {
      code: 'conflict',
      message:
        'Task 1 was changed meanwhile (by builder, 14:02): it is version 2 now, you named 1. Look at it with "bttask show 1", then try again.',
    };
    assert.throws(() => world.tasks.move({ task: '1', state: 'review', version: 1 }, builder), stale);
    assert.throws(() => world.tasks.edit({ task: '1', title: 'b', version: 1 }, boss), stale);
    assert.throws(() => world.tasks.assign({ task: '1', to: null, version: 1 }, boss), stale);
    assert.throws(() => world.tasks.remove({ task: '1', version: 1 }, boss), stale);
    assert.equal(world.tasks.move({ task: '1', state: 'review', version: 2 }, builder).version, 3);
  });

  it('that names a version of last week is told the day too', () => {
    world.tasks.add({ title: 'a' }, boss);
    world.tasks.edit({ task: '1', priority: 'high' }, boss);
    world.nowMs += 7 * 24 * 3_600_000;
    assert.throws(() => world.tasks.edit({ task: '1', title: 'b', version: 1 }, boss), { message: /\(by boss, 2026-03-03 14:02\)/ });
  });

  it('to what is there already is none', async () => {
    const { version } = world.tasks.add({ title: 'a', assign: 'builder' }, boss);
    await Promise.resolve();
    world.told.length = 0;
    assert.equal(world.tasks.move({ task: '1', state: 'todo' }, boss).version, version);
    assert.equal(world.tasks.assign({ task: '1', to: 'builder' }, boss).version, version);
    assert.equal(world.tasks.edit({ task: '1', title: 'a', priority: 'medium', parent: null }, boss).version, version);
    await Promise.resolve();
    assert.deepEqual([world.told, world.audits()], [[], ['task_created']]);
  });

  it('keeps what it does not name, and says in the audit log which fields changed', () => {
    world.tasks.add({ title: 'a', description: 'd', priority: 'high' }, boss);
    const { title, description, priority, version } = world.tasks.edit({ task: '1', title: 'b' }, boss);
    assert.deepEqual({ title, description, priority, version }, { title: 'b', description: 'd', priority: 'high', version: 2 });
    assert.deepEqual(world.auditDetail('task_edited').fields, ['title']);
  });

  it('of state is in the audit log with both states and the version', () => {
    const { id } = world.tasks.add({ title: 'a' }, boss);
    world.tasks.move({ task: '1', state: 'blocked' }, boss);
    assert.deepEqual(world.auditDetail('task_status_changed'), {
      taskId: id,
      number: 1,
      title: 'a',
      from: 'todo',
      to: 'blocked',
      version: 2,
    });
  });

  it('that the disk does not take leaves everything as it was, and is not told', async () => {
    world.tasks.add({ title: 'a' }, boss);
    await Promise.resolve();
    world.told.length = 0;
    const makeRoom = fillDisk(world.kept.stores.btmsg.db);
    const description = 'x'.repeat(60_000);
    assert.throws(
      () => {
        for (let count = 0; count < 40; count += 1) world.tasks.comment({ task: '1', text: description }, boss);
      },
      { code: 'storage' },
    );
    assert.throws(() => world.tasks.edit({ task: '1', description }, boss), { code: 'storage' });
    makeRoom();
    assert.deepEqual([world.tasks.show({ task: '1' }, boss).task.version, world.audits().includes('task_edited')], [1, false]);
  });
});

describe('texts', () => {
  it('past a limit are refused with it', () => {
    assert.throws(() => world.tasks.add({ title: 'x'.repeat(201) }, boss), {
      code: 'tooLarge',
      message: /201 characters, 200 are possible/,
    });
    const long = 'ü'.repeat(32_769);
    assert.throws(() => world.tasks.add({ title: 'a', description: long }, boss), {
      code: 'tooLarge',
      message: /65 KiB, 64 KiB are possible/,
    });
    world.tasks.add({ title: 'a' }, boss);
    assert.throws(() => world.tasks.comment({ task: '1', text: long }, boss), { code: 'tooLarge' });
    assert.throws(() => world.tasks.comment({ task: '1', text: ' \n' }, boss), { code: 'badRequest' });
    assert.throws(() => world.tasks.add({ title: ' \u00a0 ' }, boss), { code: 'badRequest' });
  });

  it('with control characters, half characters and zeros are kept, and their rows keep their hashes', () => {
    world.tasks.add({ title: 'a\u0000b\u001b[2J', description: '\ud800 \u202e' }, boss);
    world.tasks.comment({ task: '1', text: '\u0000' }, boss);
    world.reopen();
    assert.deepEqual(world.kept.stores.problems(), []);
    assert.equal(world.tasks.show({ task: '1' }, boss).comments.length, 1);
  });

  it('of comments are listed in their order and counted, and leave the version as it is', () => {
    world.tasks.add({ title: 'a' }, boss);
    for (const text of ['one', 'two']) world.tasks.comment({ task: '1', text }, boss);
    const { task, comments } = world.tasks.show({ task: '1' }, boss);
    assert.deepEqual([comments.map(({ text }) => text), task.comments, task.version], [['one', 'two'], 2, 1]);
  });
});

describe('parts', () => {
  beforeEach(() => {
    for (const title of ['one', 'two', 'three']) world.tasks.add({ title }, boss);
    world.tasks.edit({ task: '2', parent: '1' }, boss);
    world.tasks.edit({ task: '3', parent: '#2' }, boss);
  });

  it('are shown with the task that they are parts of', () => {
    assert.equal(world.tasks.show({ task: '2' }, boss).task.parent, 1);
    assert.deepEqual(
      world.tasks.show({ task: '1' }, boss).parts.map(({ number }) => number),
      [2],
    );
    assert.equal(world.tasks.add({ title: 'four', parent: '1' }, boss).parent, 1);
    assert.equal(world.tasks.edit({ task: '4', parent: null }, boss).parent, null);
  });

  it('never make a circle, and the refusal names the way round', () => {
    const circle = { code: 'badRequest', message: 'Task 1 cannot be a part of task 3, which is a part of it: 3 → 2 → 1.' };
    assert.throws(() => world.tasks.edit({ task: '1', parent: '3' }, boss), circle);
    assert.throws(() => world.tasks.edit({ task: '1', parent: '1' }, boss), { code: 'badRequest', message: /part of itself/ });
  });

  it('are of one board, and of a task that is there', () => {
    world.tasks.add({ title: 'elsewhere', team: bank }, person);
    assert.throws(() => world.tasks.edit({ task: '1', parent: '4' }, person), { code: 'badRequest', message: /board of another team/ });
    assert.throws(() => world.tasks.edit({ task: '1', parent: '4' }, boss), { code: 'notFound' });
    assert.throws(() => world.tasks.edit({ task: '1', parent: '99' }, boss), { code: 'notFound' });
  });

  it('stay when their task is removed, as tasks of their own with a new version', async () => {
    const removed: string[] = [];
    world.tasks.removed.on(({ teamId }) => void removed.push(teamId));
    world.tasks.remove({ task: '2' }, boss);
    await Promise.resolve();
    const { task } = world.tasks.show({ task: '3' }, boss);
    assert.deepEqual([task.parent, task.version, removed], [null, 3, [shop]]);
    assert.deepEqual(world.auditDetail('task_removed').parts, [3]);
  });
});
