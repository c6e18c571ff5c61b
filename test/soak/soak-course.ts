/** The course of a soak: faults in turn, readings in between, and everything looked for after each fault. */
import { delay } from '../../server/base/delay.ts';
import type { Random } from '../faults/random.ts';
import type { Fault, Reading } from './reading.ts';
import { readFiles, readProcess, readWatched } from './sampler.ts';
import { type SoakFault, soakFaults } from './soak-faults.ts';
import type { SoakWorld } from './soak-world.ts';

export type CourseOptions = {
  readonly durationMs: number;
  readonly faultEveryMs: number;
  readonly readEveryMs: number;
  readonly random: Random;
  readonly onFault?: (fault: Fault) => void;
  readonly onReading?: (reading: Reading) => void;
};

export type Course = { readonly readings: readonly Reading[]; readonly faults: readonly Fault[] };

/** From this part of the time on, the backend is left one long life, so that slow growth can be told. */
const lastLifeFrom = 0.5;
/** After a fault, until what it broke has come back. */
const settleMs = 10_000;
const pings = 5;

export async function soakFor(world: SoakWorld, options: CourseOptions): Promise<Course> {
  const startedAt = performance.now();
  const now = () => performance.now() - startedAt;
  const over = new AbortController();
  const readings: Reading[] = [];
  const faults: Fault[] = [];
  const reading = keepReading(over.signal, options, async () => {
    readings.push(await readAll(world, now()));
    const last = readings.at(-1);
    if (last) options.onReading?.(last);
  });
  let n = 0;
  for (let dueMs = options.faultEveryMs; now() < options.durationMs; dueMs += options.faultEveryMs) {
    await delay(Math.max(0, Math.min(dueMs, options.durationMs) - now()));
    if (now() >= options.durationMs) break;
    const fault = nextFault(n, now() / options.durationMs);
    n = soakFaults.indexOf(fault) + 1;
    const struck = { atMs: now(), name: fault.name };
    faults.push(struck);
    options.onFault?.(struck);
    await fault.strike(world, options.random);
    await delay(Math.min(settleMs, options.faultEveryMs));
    world.look('fresh', `after "${fault.name}" at ${Math.round(struck.atMs / 1000)} s`);
  }
  over.abort();
  await reading;
  return { readings, faults };
}

function nextFault(n: number, partOver: number): SoakFault {
  const turn = [...soakFaults.slice(n % soakFaults.length), ...soakFaults];
  const found = turn.find(({ endsBackend }) => !endsBackend || partOver < lastLifeFrom);
  if (!found) throw new Error('there is no fault that leaves the backend alone');
  return found;
}

async function keepReading(signal: AbortSignal, { readEveryMs }: CourseOptions, read: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await read();
    await delay(readEveryMs, signal);
  }
}

async function readAll(world: SoakWorld, atMs: number): Promise<Reading> {
  const { pid } = world.backend;
  const agents = await world.agents();
  const watched = readWatched(world.loopFile);
  const roundTrips: (number | null)[] = [];
  for (let n = 0; n < pings; n += 1) roundTrips.push(await timed(() => world.backend.call('backend/ping', {})));
  return {
    atMs,
    backend: pid === undefined ? null : readProcess(pid),
    sidecars: agents.flatMap(({ runtime }) => (runtime ? (readProcess(runtime.sidecarPid) ?? []) : [])),
    loopP99Ms: watched?.p99 ?? null,
    loopMaxMs: watched?.max ?? null,
    aliveBytes: watched?.aliveBytes ?? null,
    roundTripMs: roundTrips.toSorted((a, b) => Number(a) - Number(b))[Math.floor(pings / 2)] ?? null,
    commitMs: await timed(() => world.backend.call('view/put', { view: 'soak', key: 'reading', state: String(atMs) })),
    files: readFiles(world.dataDir),
    acked: world.ledger.acked,
  };
}

async function timed(call: () => Promise<unknown>): Promise<number | null> {
  const startedAt = performance.now();
  return call().then(
    () => performance.now() - startedAt,
    () => null,
  );
}
