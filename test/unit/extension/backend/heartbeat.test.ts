import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { Heartbeat } from '../../../../extension/backend/heartbeat.ts';

function beating(ping: () => Promise<unknown>) {
  let deaf = 0;
  let pings = 0;
  const heartbeat = new Heartbeat({
    ping: () => {
      pings++;
      return ping();
    },
    onDeaf: () => {
      deaf++;
    },
  });
  heartbeat.start();
  return { heartbeat, deaf: () => deaf, pings: () => pings };
}

async function tick(ms: number): Promise<void> {
  mock.timers.tick(ms);
  // Lets the answer of a ping be seen before time goes on.
  await Promise.resolve();
}

test('a channel that answers is pinged every two seconds and kept', async (t) => {
  mock.timers.enable({ apis: ['setInterval'] });
  t.after(() => mock.timers.reset());
  const beat = beating(() => Promise.resolve({}));
  for (let second = 0; second < 60; second += 2) await tick(2_000);
  assert.equal(beat.pings(), 30);
  assert.equal(beat.deaf(), 0);
  beat.heartbeat.stop();
});

test('a refusal is an answer too', async (t) => {
  mock.timers.enable({ apis: ['setInterval'] });
  t.after(() => mock.timers.reset());
  const beat = beating(() => Promise.reject(new Error('no')));
  for (let second = 0; second < 60; second += 2) await tick(2_000);
  assert.equal(beat.deaf(), 0);
  beat.heartbeat.stop();
});

test('a channel that is silent for ten seconds after a ping is called deaf, once', async (t) => {
  mock.timers.enable({ apis: ['setInterval'] });
  t.after(() => mock.timers.reset());
  const beat = beating(() => new Promise(() => {}));
  for (let second = 0; second < 10; second += 2) await tick(2_000);
  assert.equal(beat.deaf(), 0);
  await tick(2_000);
  assert.equal(beat.deaf(), 1);
  await tick(60_000);
  assert.equal(beat.deaf(), 1);
  assert.equal(beat.pings(), 1);
});
