/**
 * When a sidecar that crashes is started again: exact to the millisecond on a clock that a test sets forward, whatever is
 * done to the system's time, and counted on by the next backend. What must come is worked out here a second time.
 */
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { Restarts } from '../../../server/agents/restarts.ts';
import { AuditLog } from '../../../server/audit/audit-log.ts';
import { newId } from '../../../server/base/uuid.ts';
import type { AgentId } from '../../../server/protocol/ids.ts';
import { defaultSettings, type Setting } from '../../../server/protocol/settings.ts';
import { btmsgMigrations } from '../../../server/store/btmsg-schema.ts';
import { RecordFile } from '../../../server/store/record-file.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import type { Random } from '../random.ts';
import type { Row } from '../row.ts';
import { Tally } from '../tally.ts';

const histories = { short: 40, long: 1_000 };
const crashesPerHistory = 12;
const second = 1_000;
const minute = 60 * second;
const stableMs = 5 * minute;
const windowMs = 60 * minute;
const mostFlaps = 6;

export const restarts: Row = {
  name: 'restarts',
  async run({ size, points, random, scratch }) {
    const tally = new Tally();
    const file = RecordFile.open(join(scratch, 'btmsg.db'), { migrations: btmsgMigrations });
    try {
      for (const { name, maxAttempts, runsMs, waitsMs, end } of schedules) {
        const subject = new Subject(file, { maxAttempts, random });
        const found = await subject.suffer(runsMs);
        tally.points += found.waitsMs.length;
        if (found.waitsMs.join() !== waitsMs.join() || found.end !== end)
          tally.problem(`${name}: waited ${found.waitsMs} and ${found.end}, expected ${waitsMs} and ${end}`);
      }
      for (let history = points ?? histories[size]; history > 0; history -= 1) await tryHistory(file, random, tally);
    } finally {
      file.close();
    }
    return tally.figures(['waits, each exact']);
  },
};

type Schedule = {
  readonly name: string;
  readonly maxAttempts: number;
  /** How long each run lasts until it crashes. */
  readonly runsMs: readonly number[];
  readonly waitsMs: readonly number[];
  readonly end: End;
};
type End = 'runs' | 'attempts' | 'flapping';

const schedules: readonly Schedule[] = [
  { name: 'crashes at once', maxAttempts: 5, runsMs: Array(6).fill(0), waitsMs: [1, 2, 4, 8, 16].map(seconds), end: 'attempts' },
  {
    name: 'more attempts, capped',
    maxAttempts: 8,
    runsMs: Array(9).fill(0),
    waitsMs: [1, 2, 4, 8, 16, 30, 30, 30].map(seconds),
    end: 'attempts',
  },
  { name: 'a good run begins anew', maxAttempts: 5, runsMs: [0, 0, stableMs, 0], waitsMs: [1, 2, 1, 2].map(seconds), end: 'runs' },
  { name: 'almost a good run does not', maxAttempts: 5, runsMs: [0, 0, stableMs - 1, 0], waitsMs: [1, 2, 4, 8].map(seconds), end: 'runs' },
  { name: 'flapping', maxAttempts: 5, runsMs: Array(7).fill(stableMs), waitsMs: Array(6).fill(second), end: 'flapping' },
  { name: 'crashes far apart', maxAttempts: 5, runsMs: Array(12).fill(11 * minute), waitsMs: Array(12).fill(second), end: 'runs' },
];

function seconds(count: number): number {
  return count * second;
}

async function tryHistory(file: RecordFile, random: Random, tally: Tally): Promise<void> {
  const maxAttempts = random.between(1, 8);
  const runsMs = Array.from({ length: crashesPerHistory }, () =>
    random.pick([0, 0, 0, random.below(stableMs), stableMs, random.below(windowMs)]),
  );
  const expected = expectedOf(runsMs, maxAttempts);
  const subject = new Subject(file, { maxAttempts, random, meddles: true });
  const found = await subject.suffer(runsMs);
  tally.points += found.waitsMs.length;
  if (found.waitsMs.join() === expected.waitsMs.join() && found.end === expected.end) return;
  tally.problem(
    `runs of ${runsMs} ms with ${maxAttempts} attempts: waited ${found.waitsMs} and ${found.end}, expected ${expected.waitsMs} and ${expected.end}`,
  );
}

type Course = { readonly waitsMs: readonly number[]; readonly end: End };

function expectedOf(runsMs: readonly number[], maxAttempts: number): Course {
  const waitsMs: number[] = [];
  let [now, attempts] = [0, 0];
  let flaps: number[] = [];
  for (const ranMs of runsMs) {
    now += ranMs;
    if (ranMs >= stableMs) {
      attempts = 0;
      flaps = [...flaps.filter((at) => now - at < windowMs), now];
      if (flaps.length > mostFlaps) return { waitsMs, end: 'flapping' };
    }
    if (attempts >= maxAttempts) return { waitsMs, end: 'attempts' };
    attempts += 1;
    const waitMs = Math.min(30 * second, second * 2 ** (attempts - 1));
    waitsMs.push(waitMs);
    now += waitMs;
  }
  return { waitsMs, end: 'runs' };
}

type Terms = { readonly maxAttempts: number; readonly random: Random; readonly meddles?: boolean };

/** One agent's sidecar, which crashes as it is told; `meddles` also sets the system's time and replaces the backend. */
class Subject {
  readonly #id = newId<AgentId>();
  readonly #clock = new FakeClock();
  readonly #file: RecordFile;
  readonly #terms: Terms;
  #restarts: Restarts;
  #restartedAt: number | undefined;

  constructor(file: RecordFile, terms: Terms) {
    this.#file = file;
    this.#terms = terms;
    this.#restarts = this.#begin();
  }

  async suffer(runsMs: readonly number[]): Promise<Course> {
    const waitsMs: number[] = [];
    for (const ranMs of runsMs) {
      this.#restarts.cameUp(this.#id, 0);
      this.#clock.advance(ranMs);
      const crashedAt = this.#clock.elapsed();
      this.#restarts.crashed(this.#id, 'it was told to');
      const health = this.#restarts.health(this.#id);
      if (health.state === 'failed') return { waitsMs, end: health.reason };
      waitsMs.push((await this.#waitForRestart()) - crashedAt);
    }
    return { waitsMs, end: 'runs' };
  }

  async #waitForRestart(): Promise<number> {
    this.#restartedAt = undefined;
    const waitMs = this.#restarts.waitMs(this.#id);
    this.#clock.advance(Math.floor(waitMs / 2));
    if (this.#terms.meddles) this.#meddle();
    this.#clock.advance(waitMs);
    await turn();
    return this.#restartedAt ?? Number.NaN;
  }

  /** Setting the time back and forth leaves a wait alone; a new backend goes on with it. */
  #meddle(): void {
    const { random } = this.#terms;
    const byMs = random.pick([-1, 1]) * random.below(24 * 60) * minute;
    random.pick([() => {}, () => this.#clock.setWallClock(byMs), () => this.#nextBackend()])();
  }

  #nextBackend(): void {
    this.#restarts.close();
    this.#restarts = this.#begin();
    this.#restarts.resume();
  }

  #begin(): Restarts {
    const setting: Setting = (name) => ({ ...defaultSettings, 'supervisor.maxAttempts': this.#terms.maxAttempts })[name];
    const restart = () => {
      this.#restartedAt = this.#clock.elapsed();
      return Promise.resolve();
    };
    const audit = new AuditLog(this.#file.db);
    return new Restarts({ file: this.#file, audit, setting, clock: this.#clock, restart, goOn: () => {}, log: () => {} });
  }
}
