/** When the page asks again. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { everyMs, Refresher, restMs, soonMs } from '../../../../webviews/metrics/refresher.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

let clock: FakeClock;
let asked: number;
let refresher: Refresher;

beforeEach(() => {
  clock = new FakeClock();
  asked = 0;
  refresher = new Refresher({
    refresh: async () => {
      asked += 1;
    },
    after: (delayMs, call) => clock.after(delayMs, call),
  });
});

async function pass(ms: number): Promise<void> {
  await new Promise(setImmediate);
  clock.advance(ms);
  await new Promise(setImmediate);
}

test('it asks at once, and then every few seconds', async () => {
  refresher.resume();
  refresher.resume();
  assert.equal(asked, 1);
  await pass(everyMs - 1);
  assert.equal(asked, 1);
  await pass(1);
  assert.equal(asked, 2);
});

test('a burst of news is one question, soon after', async () => {
  refresher.resume();
  await pass(restMs);
  for (let time = 0; time < 100; time += 1) refresher.soon();
  await pass(soonMs - 1);
  assert.equal(asked, 1);
  await pass(1);
  assert.equal(asked, 2);
  await pass(everyMs);
  assert.equal(asked, 3);
});

test('nothing is asked while nobody looks, and at once when somebody does again', async () => {
  refresher.resume();
  await pass(0);
  refresher.pause();
  refresher.soon();
  await pass(10 * everyMs);
  assert.equal(asked, 1);
  refresher.resume();
  assert.equal(asked, 2);
});

test('news that come while it asks are asked for after that, and never twice at once', async () => {
  refresher.resume();
  refresher.soon();
  void refresher.now();
  assert.equal(asked, 1);
  await pass(restMs);
  assert.equal(asked, 2);
});

test('news without end are asked for with a rest between', async () => {
  refresher.resume();
  for (let time = 0; time < 100; time += 1) {
    await pass(100);
    refresher.soon();
  }
  assert.equal(asked, 1 + Math.floor(10_000 / restMs));
});
