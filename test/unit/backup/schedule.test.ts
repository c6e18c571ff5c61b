import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { Nightly } from '../../../server/backup/nightly.ts';
import { expiredBackups, isBackupDue, isDrillDue, lastSlot, nextSlot } from '../../../server/backup/schedule.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const hour = 3;
const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const on = (day: number, hours: number, minutes = 0) => new Date(2026, 4, day, hours, minutes).getTime();

test('the last slot is today once its hour has come, and yesterday before', () => {
  assert.equal(lastSlot(on(10, 3), hour), on(10, 3));
  assert.equal(lastSlot(on(10, 2, 59), hour), on(9, 3));
  assert.equal(nextSlot(on(10, 2, 59), hour), on(10, 3));
  assert.equal(nextSlot(on(10, 3), hour), on(11, 3));
});

for (const [name, now, madeAts, due] of [
  ['there is none', on(10, 12), [], true],
  ['the newest is of the night before', on(10, 12), [on(9, 3)], true],
  ['one was made this night', on(10, 12), [on(10, 3)], false],
  ['the hour has not come yet', on(10, 2), [on(9, 3)], false],
  ['one was made by a person since', on(10, 12), [on(10, 9)], false],
  ['the clock went a day back, and there is one of that day', on(9, 12), [on(10, 3), on(9, 3)], false],
  ['the clock went a day ahead', on(11, 12), [on(10, 3)], true],
  ['the only one is from a year that has not come', on(10, 12), [on(10, 3) + 365 * dayMs], true],
] as const) {
  test(`a nightly one is ${due ? '' : 'not '}due when ${name}`, () => {
    assert.equal(isBackupDue(now, hour, madeAts), due);
  });
}

const good = (madeAt: number) => ({ madeAt, flaws: [] });
const flawed = (madeAt: number) => ({ madeAt, flaws: ['Rows of items are not what was written: 1.'] });

test('what is older than the days that are kept goes, but never the last good one', () => {
  const now = on(20, 12);
  const [fresh, old, older] = [good(on(19, 3)), good(on(12, 3)), good(on(1, 3))];
  assert.deepEqual(expiredBackups([fresh, old, older], now, 7), [old, older]);
  assert.deepEqual(expiredBackups([old, older], now, 7), [older]);
  const broken = flawed(on(19, 3));
  assert.deepEqual(expiredBackups([broken, old, older], now, 7), [older]);
});

test('a drill is due after 90 days', () => {
  assert.equal(isDrillDue(on(1, 3) + 90 * dayMs, on(1, 3)), false);
  assert.equal(isDrillDue(on(1, 3) + 91 * dayMs, on(1, 3)), true);
});

describe('nights', () => {
  function nights(answers: ('made' | 'refused')[]) {
    const clock = new FakeClock();
    clock.setWallClock(on(10, 12) - clock.now());
    const [made, looks]: [number[], number[]] = [[], []];
    const nightly = new Nightly({
      hour: () => hour,
      madeAts: async () => made,
      make: async () => {
        if (answers.shift() === 'refused') throw new Error('the disk is full');
        made.push(clock.now());
      },
      looked: async () => void looks.push(clock.now()),
      clock,
    });
    nightly.start();
    /** Minute by minute, with what each look does in between. */
    const pass = async (minutes: number) => {
      for (let minute = 0; minute < minutes; minute += 1) {
        clock.advance(minuteMs);
        for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
      }
    };
    return { clock, made, looks, nightly, pass };
  }

  it('make up for a missed one, but not in the first minute', async () => {
    const { made, pass } = nights([]);
    await pass(1);
    assert.equal(made.length, 0);
    await pass(2);
    assert.equal(made.length, 1);
  });

  it('make one a day', async () => {
    const { made, pass } = nights([]);
    await pass(3 * 24 * 60);
    assert.equal(made.length, 4);
  });

  it('make neither a storm nor a gap of a clock that jumps a day ahead and back', async () => {
    const { clock, made, pass } = nights([]);
    await pass(60);
    clock.setWallClock(dayMs);
    await pass(60);
    clock.setWallClock(-dayMs);
    await pass(60);
    assert.equal(made.length, 2);
    await pass(24 * 60);
    assert.equal(made.length, 3, 'that day has a night of its own');
    await pass(24 * 60);
    assert.equal(made.length, 4);
  });

  it('look at what else there is also after one that was refused', async () => {
    const { looks, pass } = nights(['refused']);
    await pass(3);
    assert.ok(looks.length >= 2);
  });

  it('give a disk that refused it an hour', async () => {
    const { made, pass } = nights(['refused']);
    await pass(50);
    assert.equal(made.length, 0);
    await pass(20);
    assert.equal(made.length, 1);
  });

  it('end when they are told to', async () => {
    const { clock, made, nightly, pass } = nights([]);
    nightly.close();
    await pass(10);
    assert.deepEqual([made.length, clock.waiting], [0, 0]);
  });
});
