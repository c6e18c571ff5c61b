import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { BurnMeter } from '../../../server/health/burn-meter.ts';
import { burnRateUsdPerHour, type CostSample, neededSamples } from '../../../server/health/burn-rate.ts';

const minute = 60_000;
const now = 60 * minute;
const at = (minutesAgo: number, costUsd: number, sessionId = 'a'): CostSample => ({ at: now - minutesAgo * minute, sessionId, costUsd });

for (const [name, samples, expected] of [
  ['nothing was ever told', [], null],
  ['one total, of which nobody knows when it was spent', [at(1, 40)], 0],
  ['a dollar in five minutes', [at(6, 1), at(1, 2)], 12],
  ['a dollar before the window', [at(9, 1), at(6, 2)], 0],
  ['a dollar that began before the window and was told in it', [at(20, 1), at(2, 2)], 12],
  ['steps of a dollar, two of them in the window', [at(7, 1), at(6, 2), at(4, 3), at(2, 4)], 24],
  ['a total that is told again', [at(4, 2), at(3, 2), at(2, 2)], 0],
  ['a total that began anew', [at(4, 9), at(3, 0.5), at(2, 1)], 12],
  ['two sessions side by side', [at(6, 1), at(6, 5, 'b'), at(3, 2), at(2, 6, 'b')], 24],
  ['a session that goes on after another one', [at(6, 1), at(4, 7, 'b'), at(3, 2)], 12],
  ['a sample from exactly five minutes ago', [at(6, 1), at(5, 2)], 0],
] as const) {
  test(`${name}: $${expected} an hour`, () => {
    assert.equal(burnRateUsdPerHour(samples, now), expected);
  });
}

test('of what is over, the newest total of each session is kept, and the rate stays the same', () => {
  const samples = [at(20, 1), at(19, 3, 'b'), at(9, 2), at(2, 3), at(1, 4)];
  assert.deepEqual(neededSamples(samples, now), samples.slice(1));
  assert.equal(burnRateUsdPerHour(neededSamples(samples, now), now), burnRateUsdPerHour(samples, now));
  const later = now + 10 * minute;
  assert.deepEqual(neededSamples(samples, later), [samples[1], samples[4]]);
});

test('of an agent that begins session after session, only the latest are remembered', () => {
  const samples = Array.from({ length: 500 }, (_, index) => at(1_000 - index, 1, `session ${index}`));
  assert.deepEqual(neededSamples(samples, now + 600 * minute), samples.slice(-20));
});

describe('a meter', () => {
  it('knows nothing of an agent that does not tell its cost', () => {
    const meter = new BurnMeter();
    for (let minutes = 0; minutes < 90; minutes += 1) meter.see('a', null, minutes * minute);
    assert.deepEqual([meter.usdPerHour(90 * minute), meter.hourAverageUsd(90 * minute)], [null, null]);
  });

  it('counts the whole cost of a session that it has seen begin, and nothing of one that is older', () => {
    const [begun, older] = [new BurnMeter(), new BurnMeter()];
    begun.see('a', null, 0);
    for (const meter of [begun, older]) meter.see('a', 2, minute);
    assert.deepEqual([begun.usdPerHour(minute), older.usdPerHour(minute)], [24, 0]);
  });

  it('has an average once a quarter of an hour is known, over the last hour at most', () => {
    const meter = new BurnMeter();
    const averages: (number | null)[] = [];
    for (let minutes = 0; minutes <= 180; minutes += 1) {
      // A dollar every five minutes in the first two hours.
      meter.see('a', Math.floor(Math.min(minutes, 120) / 5), minutes * minute);
      averages.push(meter.hourAverageUsd(minutes * minute));
    }
    assert.deepEqual([averages[14], averages[60], averages[120]], [null, 11, 12]);
    assert.equal(averages[15], 8);
    assert.deepEqual([averages[150], averages[180]], [7, 1]);
  });

  it('keeps what it needs, however long it runs', () => {
    const meter = new BurnMeter();
    for (let second = 0; second < 86_400; second += 5) meter.see('a', second / 3_600, second * 1_000);
    const end = 86_395_000;
    assert.ok(Math.abs((meter.usdPerHour(end) ?? 0) - 1) < 0.02);
    assert.ok(Math.abs((meter.hourAverageUsd(end) ?? 0) - 1) < 0.02);
  });
});
