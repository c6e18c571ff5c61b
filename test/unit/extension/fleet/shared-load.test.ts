import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SharedLoad } from '../../../../extension/fleet/shared-load.ts';

function subject() {
  const runs: PromiseWithResolvers<void>[] = [];
  const load = new SharedLoad(() => {
    const run = Promise.withResolvers<void>();
    runs.push(run);
    return run.promise;
  });
  return { load, runs };
}

test('who joins while it runs waits for the same load, who joins later begins another', async () => {
  const { load, runs } = subject();
  const [first, second] = [load.begin(), load.join()];
  runs[0]?.resolve();
  await Promise.all([first, second]);
  await new Promise((resolve) => setImmediate(resolve));
  const third = load.join();
  runs[1]?.resolve();
  await third;
  assert.equal(runs.length, 2);
});

test('everyone who waits learns that it failed', async () => {
  const { load, runs } = subject();
  const waiting = [load.begin(), load.join()];
  runs[0]?.reject(new Error('no lists'));
  for (const one of waiting) await assert.rejects(one, /no lists/);
});

test('a load that never ends can be abandoned', async () => {
  const { load } = subject();
  const waiting = load.begin();
  load.abandon(new Error('the backend is away'));
  await assert.rejects(waiting, /the backend is away/);
});
