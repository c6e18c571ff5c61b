/** When the outbox commits, by a clock of the test's own. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { CommitTimes } from '../../../server/sidecar/commit-times.ts';

/** `answers` says what becomes of each commit; one that is not named is fine. */
function begin(context: TestContext, answers: (Error | null)[] = []) {
  context.mock.timers.enable({ apis: ['setTimeout', 'setImmediate'] });
  let nowMs = 0;
  const commits: number[] = [];
  const commit = () => {
    commits.push(nowMs);
    times.tried(answers.shift() ?? null);
  };
  const times: CommitTimes = new CommitTimes(commit);
  // One by one, so that a timer that is set in between counts from then.
  const pass = (ms: number) => {
    for (const endMs = nowMs + ms; nowMs < endMs; ) {
      nowMs += 1;
      context.mock.timers.tick(1);
    }
  };
  return { times, commits, commit, pass };
}

test('what comes in one turn of the loop is one commit', (context) => {
  const { times, commits, pass } = begin(context);
  for (let each = 0; each < 5; each += 1) times.soon();
  pass(1);
  assert.equal(commits.length, 1);
});

test('what nobody waits for goes by itself in a pause', (context) => {
  const { times, commits, pass } = begin(context);
  times.inPause();
  times.inPause();
  pass(49);
  assert.equal(commits.length, 0);
  pass(1);
  assert.equal(commits.length, 1);
  pass(1_000);
  assert.equal(commits.length, 1);
});

test('while commits are made anyway, what nobody waits for gets none of its own, and one when they end', (context) => {
  const { times, commits, pass } = begin(context);
  for (let each = 0; each < 20; each += 1) {
    times.inPause();
    pass(20);
    times.soon();
    pass(1);
  }
  assert.equal(commits.length, 20);
  times.inPause();
  pass(200);
  assert.equal(commits.length, 21);
});

test('what the disk refused is tried again after a second, and nothing hurries it', (context) => {
  const { times, commits, pass } = begin(context, [new Error('full')]);
  times.soon();
  pass(1);
  assert.equal(times.isStalled, true);
  times.soon();
  times.inPause();
  pass(998);
  assert.equal(commits.length, 1);
  pass(2);
  assert.deepEqual([commits.length, times.isStalled], [2, false]);
  times.soon();
  pass(1);
  assert.equal(commits.length, 3);
});

test('a commit that was asked for in between ends the waiting, and one that was stopped comes no more', (context) => {
  const { times, commits, commit, pass } = begin(context, [new Error('full')]);
  times.soon();
  pass(1);
  commit();
  assert.deepEqual([commits.length, times.isStalled], [2, false]);
  times.soon();
  times.inPause();
  times.stop();
  pass(5_000);
  assert.equal(commits.length, 2);
});
