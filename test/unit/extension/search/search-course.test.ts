import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { SearchCourse, type SearchQuestion } from '../../../../extension/search/search-course.ts';
import type { SearchAnswer } from '../../../../server/protocol/search.ts';
import { sampleAnswer, sampleHit } from '../../../support/search-samples.ts';

beforeEach(() => mock.timers.enable({ apis: ['setTimeout'] }));
afterEach(() => mock.timers.reset());

function subject() {
  const asked: (SearchQuestion & { answer: (answer: SearchAnswer) => Promise<void>; fail: (error: Error) => Promise<void> })[] = [];
  const course = new SearchCourse({
    searchAll: (question) => {
      const { promise, resolve, reject } = Promise.withResolvers<SearchAnswer>();
      const settled = async (settle: () => void) => {
        settle();
        await new Promise(setImmediate);
      };
      asked.push({
        ...question,
        answer: (answer) => settled(() => resolve(answer)),
        fail: (error) => settled(() => reject(error)),
      });
      return promise;
    },
    onChange: () => undefined,
  });
  return { course, asked, orders: () => asked.map(({ query, order }) => `${query}: ${order}`) };
}

const some = sampleAnswer([sampleHit(1)]);
const others = sampleAnswer([sampleHit(2)]);

test('what is typed is asked for when the person has paused for 300 ms', () => {
  const { course, orders } = subject();
  course.type('l');
  mock.timers.tick(299);
  course.type('login ');
  mock.timers.tick(299);
  assert.deepEqual(orders(), []);
  assert.equal(course.isBusy, true);
  mock.timers.tick(1);
  assert.deepEqual(orders(), ['login: newest']);
});

test('the newest hits are shown at once, and the best ones in their place when they are there', async () => {
  const { course, asked, orders } = subject();
  course.type('login');
  mock.timers.tick(300);
  await asked[0]?.answer(some);
  assert.deepEqual(course.state, { kind: 'found', query: 'login', answer: some });
  assert.equal(course.isBusy, true);
  assert.deepEqual(orders(), ['login: newest', 'login: best']);
  await asked[1]?.answer(others);
  assert.deepEqual(course.state, { kind: 'found', query: 'login', answer: others });
  assert.equal(course.isBusy, false);
});

test('an answer to an earlier question is dropped, however late it comes', async () => {
  const { course, asked, orders } = subject();
  course.type('first');
  mock.timers.tick(300);
  course.type('second');
  mock.timers.tick(300);
  await asked[1]?.answer(some);
  await asked[0]?.answer(others);
  assert.deepEqual(course.state, { kind: 'found', query: 'second', answer: some });
  assert.deepEqual(orders(), ['first: newest', 'second: newest', 'second: best']);
});

test('what was found stays while something else is looked for, and goes when nothing is', async () => {
  const { course, asked } = subject();
  course.type('login');
  mock.timers.tick(300);
  await asked[0]?.answer(some);
  course.type('login f');
  assert.equal(course.state.kind, 'found');
  course.type('  ');
  assert.deepEqual([course.state, course.isBusy], [{ kind: 'none' }, false]);
  mock.timers.tick(300);
  assert.equal(asked.length, 2);
});

test('who does not want to wait for the pause asks at once', async () => {
  const { course, asked, orders } = subject();
  course.type('login');
  assert.deepEqual([course.state.kind, course.isUpToDate], ['waiting', false]);
  course.askNow();
  await asked[0]?.answer(some);
  assert.equal(course.isUpToDate, true);
  mock.timers.tick(300);
  assert.deepEqual(orders(), ['login: newest', 'login: best']);
  course.type('login f');
  assert.equal(course.isUpToDate, false);
});

test('a failure is told, and asked again when the person wants it', async () => {
  const { course, asked, orders } = subject();
  course.type('login');
  mock.timers.tick(300);
  const error = new Error('The backend is not there now.');
  await asked[0]?.fail(error);
  assert.deepEqual([course.state, course.isBusy], [{ kind: 'failed', query: 'login', error }, false]);
  course.askNow();
  await asked[1]?.answer(some);
  assert.equal(course.state.kind, 'found');
  assert.deepEqual(orders(), ['login: newest', 'login: newest', 'login: best']);
});

test('where the best hits cannot be told, the newest ones stay', async () => {
  const { course, asked } = subject();
  course.type('login');
  mock.timers.tick(300);
  await asked[0]?.answer(some);
  await asked[1]?.fail(new Error('busy'));
  assert.deepEqual([course.state, course.isBusy], [{ kind: 'found', query: 'login', answer: some }, false]);
});

test('one group is asked for alone until something else is typed', async () => {
  const { course, asked } = subject();
  course.type('login');
  mock.timers.tick(300);
  course.showGroup('tasks');
  course.type('logins');
  mock.timers.tick(300);
  assert.deepEqual(
    asked.map(({ query, groups, limit }) => ({ query, groups, limit })),
    [
      { query: 'login', groups: undefined, limit: undefined },
      { query: 'login', groups: ['tasks'], limit: 200 },
      { query: 'logins', groups: undefined, limit: undefined },
    ],
  );
});

test('what was not complete is asked for again when the index has caught up, and what was is not', async () => {
  const { course, asked, orders } = subject();
  course.type('login');
  mock.timers.tick(300);
  await asked[0]?.answer(sampleAnswer([sampleHit(1)], { isComplete: false }));
  course.indexCaughtUp();
  await asked[1]?.answer(sampleAnswer([sampleHit(1)], { isComplete: false }));
  assert.deepEqual(orders(), ['login: newest', 'login: best', 'login: newest']);
  await asked[2]?.answer(others);
  await asked[3]?.answer(others);
  course.indexCaughtUp();
  assert.deepEqual([orders().length, course.state], [4, { kind: 'found', query: 'login', answer: others }]);
});

test('an index that caught up before the question was asked is no reason to ask again', async () => {
  const { course, asked, orders } = subject();
  course.indexCaughtUp();
  course.type('login');
  mock.timers.tick(300);
  await asked[0]?.answer(sampleAnswer([sampleHit(1)], { isComplete: false }));
  await asked[1]?.answer(sampleAnswer([sampleHit(1)], { isComplete: false }));
  assert.deepEqual(orders(), ['login: newest', 'login: best']);
});

test('a search that was closed asks for nothing and shows nothing more', async () => {
  const { course, asked } = subject();
  course.type('login');
  course.dispose();
  mock.timers.tick(300);
  assert.equal(asked.length, 0);
  course.type('login');
  mock.timers.tick(300);
  course.dispose();
  await asked[0]?.answer(some);
  assert.deepEqual([course.state, course.isBusy, asked.length], [{ kind: 'waiting' }, false, 1]);
});

test('a text that is longer than a query may be is cut', () => {
  const { course, asked } = subject();
  course.type('x'.repeat(600));
  mock.timers.tick(300);
  assert.equal(asked[0]?.query.length, 500);
});
