/** Whether a soak was passed: what must stay flat does, and nothing is lost. The bounds stand here, in one place. Pure. */
import type { ProcessReading, Reading } from './reading.ts';
import { type Point, slopePerMinute } from './trend.ts';

export type Judged = {
  readonly name: string;
  readonly unit: string;
  /** Null: too short to tell, which is said and fails nothing. */
  readonly found: number | null;
  readonly most: number;
  readonly isFine: boolean;
};

type Bound = {
  readonly name: string;
  readonly unit: string;
  readonly most: number;
  readonly measure: (readings: readonly Reading[]) => number | null;
};

const megabyte = 1_048_576;
/**
 * Until a process has compiled what it runs, and each of its databases has its cache of 16 MB full or all of its data in
 * it. In the usual pace that took ten minutes; what grows after that is a leak.
 */
export const warmUpMs = 600_000;

type Growth = readonly [name: string, unit: string, most: number, points: (readings: readonly Reading[]) => Point[]];

const growths: readonly Growth[] = [
  ['memory of the backend', 'MB/min', 0.5, backends(({ pssBytes }) => pssBytes / megabyte)],
  ['heap of the backend', 'MB/min', 0.25, alive],
  ['memory of a sidecar', 'MB/min', 0.25, sidecars(({ pssBytes }) => pssBytes / megabyte)],
  ['descriptors of the backend', '/min', 0.1, backends(({ descriptors }) => descriptors)],
  ['descriptors of a sidecar', '/min', 0.05, sidecars(({ descriptors }) => descriptors)],
  [
    'largest write-ahead log',
    'MB/min',
    0.1,
    (all) => all.map(({ atMs, files }) => ({ atMs, life: 'data', value: files.walBytes / megabyte })),
  ],
];

const bounds: readonly Bound[] = [
  ...growths.map(([name, unit, most, points]) => ({
    ...{ name, unit, most },
    measure: (readings: readonly Reading[]) => slopePerMinute(points(readings), warmUpMs),
  })),
  {
    ...{ name: 'largest write-ahead log, at most', unit: 'MB', most: 32 },
    measure: (readings) => (readings.length === 0 ? null : Math.max(...readings.map(({ files }) => files.walBytes / megabyte))),
  },
];

export function judge(readings: readonly Reading[]): Judged[] {
  return bounds.map(({ name, unit, most, measure }) => {
    const found = measure(readings);
    return { name, unit, found, most, isFine: found === null || found <= most };
  });
}

export function judgedLine({ name, unit, found, most, isFine }: Judged): string {
  const value = found === null ? 'too short to tell' : `${found.toFixed(3)} ${unit}`;
  return `${isFine ? '✔' : '✖'} ${name.padEnd(34)} ${value.padStart(18)}   bound ${most} ${unit}`;
}

function alive(readings: readonly Reading[]): Point[] {
  return readings.flatMap(({ atMs, backend, aliveBytes }) =>
    backend && aliveBytes !== null ? [{ atMs, life: String(backend.pid), value: aliveBytes / megabyte }] : [],
  );
}

function backends(value: (of: ProcessReading) => number): (readings: readonly Reading[]) => Point[] {
  return (readings) =>
    readings.flatMap(({ atMs, backend }) => (backend ? [{ atMs, life: String(backend.pid), value: value(backend) }] : []));
}

function sidecars(value: (of: ProcessReading) => number): (readings: readonly Reading[]) => Point[] {
  return (readings) =>
    readings.flatMap(({ atMs, sidecars }) => sidecars.map((one) => ({ atMs, life: String(one.pid), value: value(one) })));
}
