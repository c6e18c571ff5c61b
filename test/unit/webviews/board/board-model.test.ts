import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Task } from '../../../../server/protocol/task.ts';
import { BoardModel } from '../../../../webviews/board/board-model.ts';
import { nothingSaved, readSavedState, type SavedState } from '../../../../webviews/board/saved-state.ts';
import { RequestFailure } from '../../../../webviews/shared/host.ts';
import {
  parties,
  sampleAgents,
  sampleComments,
  sampleProfile,
  sampleTask,
  sampleTeam,
  teamId,
} from '../../../support/chat-harness/board-data.ts';
import { FakeHost } from '../../../support/fake-host.ts';

const first = sampleTask(1, { title: 'First', state: 'todo' });
const second = sampleTask(2, { title: 'Second', state: 'progress', assignee: parties[1] ?? null, comments: 1 });

function subject(saved: SavedState = nothingSaved) {
  const fake = new FakeHost();
  const state = { saved, teams: [sampleTeam()], tasks: [first, second] };
  fake.answer('team/list', () => ({ teams: state.teams, profiles: parties.map((_, index) => sampleProfile(index + 1)), teammates: [] }));
  fake.answer('agent/list', () => ({ agents: sampleAgents() }));
  fake.answer('task/list', () => ({ tasks: state.tasks }));
  fake.answer('task/show', ({ task }) => ({ task: state.tasks.find(({ id }) => id === task), comments: sampleComments(), parts: [] }));
  const save = (value: SavedState) => {
    state.saved = value;
  };
  const model = new BoardModel({ host: fake.host, save, onChange: () => undefined }, saved);
  model.start();
  return { fake, state, model };
}

async function opened(saved?: SavedState) {
  const all = subject(saved);
  all.fake.tell('init', { agentId: null, sessionId: null, connection: 'connected', texts: {} });
  await settled();
  return all;
}

test('a board shows the tasks of its team, done and rejected ones too, and who is in it', async () => {
  const { model, fake } = await opened();
  assert.equal(model.phase, 'ready');
  assert.deepEqual(fake.asked('task/list'), [{ team: teamId, all: true }]);
  assert.deepEqual(shown(model), { todo: [1], progress: [2] });
  assert.deepEqual(
    model.members.map(({ name }) => name),
    ['builder', 'lead', 'reviewer', 'tester'],
  );
});

test('a task that a command asks for is opened, also while the board still loads', async () => {
  const { model, fake } = subject();
  fake.tell('init', { agentId: null, sessionId: null, connection: 'connected', texts: {} });
  await model.showTask(teamId, second.id);
  assert.equal(model.openTask?.id, second.id);
  await model.showTask(teamId, first.id);
  assert.equal(model.openTask?.id, first.id);
});

test('a task that is not there any more is said to be gone', async () => {
  const { model } = await opened();
  await model.showTask(teamId, 'elsewhere');
  assert.equal(model.openTask, null);
  assert.match(model.problem ?? '', /not on this board any more/);
});

test('without a team there is no board, and with the first one there is', async () => {
  const { model, fake, state } = subject();
  state.teams = [];
  fake.tell('init', { agentId: null, sessionId: null, connection: 'connected', texts: {} });
  await settled();
  assert.equal(model.phase, 'noTeam');
  state.teams = [sampleTeam()];
  fake.tell('team/changed', { teams: state.teams, profiles: [], teammates: [] });
  await settled();
  assert.equal(model.phase, 'ready');
});

test('a moved task is where it was put before the backend has answered', async () => {
  const { model, fake } = await opened();
  const { promise, resolve } = Promise.withResolvers<Task>();
  fake.answer('task/move', () => promise);
  const moved = model.move(first.id, { state: 'progress', before: second.id });
  assert.deepEqual(shown(model), { progress: [1, 2] });
  await settled();
  assert.deepEqual(fake.asked('task/move'), [{ task: first.id, state: 'progress', version: 1, before: second.id }]);
  resolve({ ...first, state: 'progress', sortOrder: 1.5, version: 2 });
  await moved;
  assert.deepEqual(shown(model), { progress: [1, 2] });
});

test('two moves in a row name the version that the first one made', async () => {
  const { model, fake } = await opened();
  let version = 1;
  fake.answer('task/move', ({ state }) => ({ ...first, state, version: ++version }));
  const moves = [model.move(first.id, { state: 'progress', before: null }), model.move(first.id, { state: 'review', before: null })];
  assert.deepEqual(shown(model), { progress: [2], review: [1] });
  await Promise.all(moves);
  assert.deepEqual(
    fake.asked('task/move').map((params) => params.version),
    [1, 2],
  );
  assert.deepEqual(shown(model), { progress: [2], review: [1] });
});

test('a task that was changed meanwhile is shown as it is now, with what happened', async () => {
  const { model, fake, state } = await opened();
  fake.answer('task/move', () => {
    throw new RequestFailure('conflict', 'Task #1 is at version 3.');
  });
  state.tasks = [{ ...first, state: 'review', assignee: parties[1] ?? null, version: 3 }, second];
  await model.move(first.id, { state: 'done', before: null });
  assert.deepEqual(shown(model), { progress: [2], review: [1] });
  assert.equal(model.problem, 'Task #1 was changed meanwhile: it is now in In Review, assigned to builder. Your change was not made.');
});

test('what is refused for another reason goes back, with the reason', async () => {
  const { model, fake } = await opened();
  fake.answer('task/assign', () => {
    throw new RequestFailure('refused', 'That agent was removed.');
  });
  await model.assign(first, parties[1]?.id ?? null);
  assert.equal(model.tasks[0]?.assignee, null);
  assert.equal(model.problem, 'That agent was removed.');
});

test('old news about a task changes nothing, and another team’s is not shown', async () => {
  const { model, fake } = await opened();
  fake.tell('task/changed', { task: { ...first, title: 'Newer', version: 5 } });
  fake.tell('task/changed', { task: { ...first, title: 'Older', version: 4 } });
  fake.tell('task/changed', { task: { ...second, id: 'other', teamId: 'elsewhere' } });
  assert.deepEqual(
    model.tasks.map(({ title }) => title),
    ['Newer', 'Second'],
  );
  fake.tell('task/removed', { taskId: first.id, teamId });
  assert.deepEqual(shown(model), { progress: [2] });
});

test('what is told while the list is on its way is not undone by it', async () => {
  const { model, fake } = await opened();
  const { promise, resolve } = Promise.withResolvers<{ tasks: Task[] }>();
  fake.answer('task/list', () => promise);
  fake.tell('connection', { state: 'away' });
  fake.tell('connection', { state: 'connected' });
  await settled();
  fake.tell('task/changed', { task: { ...first, state: 'done', version: 2 } });
  resolve({ tasks: [first, second] });
  await settled();
  assert.deepEqual(shown(model), { progress: [2], done: [1] });
});

test('an open task has its comments, and new ones are loaded', async () => {
  const { model, fake } = await opened();
  model.open(second.id);
  await settled();
  assert.equal(model.comments?.length, 3);
  fake.tell('task/changed', { task: { ...second, comments: 2, version: 2 } });
  assert.equal(fake.asked('task/show').length, 2);
});

test('the open task, the filter and the team are kept for the next page', async () => {
  const { model, state } = await opened();
  model.open(second.id);
  model.setFilter({ text: 'fir', priority: 'high' });
  model.toggleRejected();
  const kept = readSavedState(JSON.parse(JSON.stringify(state.saved)));
  const { model: next } = await opened(kept);
  assert.equal(next.openTask?.id, second.id);
  assert.deepEqual(next.filter, { text: 'fir', assignee: null, priority: 'high' });
  assert.equal(next.showsRejected, true);
  assert.deepEqual(readSavedState('nonsense'), nothingSaved);
});

test('a filter finds words in number, title, text and assignee, and what is nobody’s', async () => {
  const { model } = await opened();
  model.setFilter({ text: '#2 build' });
  assert.deepEqual(shown(model), { progress: [2] });
  model.setFilter({ text: '', assignee: '' });
  assert.deepEqual(shown(model), { todo: [1] });
});

test('a board that cannot be loaded says why, until it can', async () => {
  const { model, fake } = subject();
  fake.answer('task/list', () => {
    throw new RequestFailure('storage', 'The disk is full.');
  });
  fake.tell('init', { agentId: null, sessionId: null, connection: 'connected', texts: {} });
  await settled();
  assert.equal(model.phase, 'failed');
  assert.equal(model.problem, 'The disk is full.');
  fake.answer('task/list', () => ({ tasks: [] }));
  await model.load();
  assert.equal(model.phase, 'ready');
});

function shown(model: BoardModel): Record<string, number[]> {
  const columns = model.columns().filter(({ tasks }) => tasks.length > 0);
  return Object.fromEntries(columns.map(({ state, tasks }) => [state, tasks.map(({ number }) => number)]));
}

/** Answers of the fake host arrive in microtasks only. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
