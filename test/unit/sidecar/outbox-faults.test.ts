/** Durable events under an outage of hours, and with either side dying before any statement. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deathAtEachStatement, outage } from '../../support/outbox-faults.ts';

test('an outage of eight hours with 5,000 events waiting loses, doubles, reorders and sets aside none', async () => {
  const { points, ...figures } = await outage({ hours: 8, events: 5_000, random: seeded(7) });
  assert.deepEqual(figures, { acked: 5_000, lost: 0, duplicates: 0, problems: [] });
  assert.ok(points > 100 && points < 2_000, `${points} tries`);
});

test('whichever side dies, before whatever statement, every event that was answered for has its effect once', async () => {
  const { points, acked, ...figures } = await deathAtEachStatement({ every: 4 });
  assert.deepEqual(figures, { lost: 0, duplicates: 0, problems: [] });
  assert.ok(points > 50, `${points} statements`);
  assert.ok(acked > points * 4);
});

/** The same numbers each time, from 0 up to 1. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
