/** What is read of the product every few seconds, and how it stands in a table. Pure. */

export type ProcessReading = { readonly pid: number; readonly pssBytes: number; readonly rssBytes: number; readonly descriptors: number };

export type FileReading = {
  readonly sessionsBytes: number;
  readonly btmsgBytes: number;
  readonly searchBytes: number;
  /** Of the largest write-ahead log. */
  readonly walBytes: number;
  readonly logBytes: number;
  /** Of the sidecars' queues. */
  readonly outboxBytes: number;
};

export type Reading = {
  /** Since the soak began. */
  readonly atMs: number;
  /** Null while none runs. */
  readonly backend: ProcessReading | null;
  readonly sidecars: readonly ProcessReading[];
  /** Of the backend's event loop, in the last ten seconds that it told of. */
  readonly loopP99Ms: number | null;
  readonly loopMaxMs: number | null;
  /** In the backend's heap after its last collection. */
  readonly aliveBytes: number | null;
  /** Asked and answered over the socket; null when nobody answered. */
  readonly roundTripMs: number | null;
  /** The same with a commit on disk. */
  readonly commitMs: number | null;
  readonly files: FileReading;
  /** Calls that were acknowledged so far. */
  readonly acked: number;
};

export type Fault = { readonly atMs: number; readonly name: string };

const megabytes = (bytes: number) => bytes / 1_048_576;
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

export type Curve = { readonly name: string; readonly unit: string; readonly of: (reading: Reading) => number | null };

/** The columns of the table and the curves of the picture. */
export const curves: readonly Curve[] = [
  { name: 'backend PSS', unit: 'MB', of: ({ backend }) => backend && megabytes(backend.pssBytes) },
  { name: 'backend RSS', unit: 'MB', of: ({ backend }) => backend && megabytes(backend.rssBytes) },
  { name: 'backend descriptors', unit: '', of: ({ backend }) => backend?.descriptors ?? null },
  { name: 'backend heap alive', unit: 'MB', of: ({ aliveBytes }) => aliveBytes && megabytes(aliveBytes) },
  { name: 'sidecars', unit: '', of: ({ sidecars }) => sidecars.length },
  { name: 'sidecars PSS', unit: 'MB', of: ({ sidecars }) => megabytes(sum(sidecars.map(({ pssBytes }) => pssBytes))) },
  { name: 'sidecars descriptors', unit: '', of: ({ sidecars }) => sum(sidecars.map(({ descriptors }) => descriptors)) },
  { name: 'event loop p99', unit: 'ms', of: ({ loopP99Ms }) => loopP99Ms },
  { name: 'event loop max', unit: 'ms', of: ({ loopMaxMs }) => loopMaxMs },
  { name: 'round trip', unit: 'ms', of: ({ roundTripMs }) => roundTripMs },
  { name: 'round trip with commit', unit: 'ms', of: ({ commitMs }) => commitMs },
  { name: 'sessions.db', unit: 'MB', of: ({ files }) => megabytes(files.sessionsBytes) },
  { name: 'btmsg.db', unit: 'MB', of: ({ files }) => megabytes(files.btmsgBytes) },
  { name: 'search.db', unit: 'MB', of: ({ files }) => megabytes(files.searchBytes) },
  { name: 'largest WAL', unit: 'MB', of: ({ files }) => megabytes(files.walBytes) },
  { name: 'logs', unit: 'MB', of: ({ files }) => megabytes(files.logBytes) },
  { name: 'outboxes', unit: 'MB', of: ({ files }) => megabytes(files.outboxBytes) },
  { name: 'acknowledged', unit: 'calls', of: ({ acked }) => acked },
];

export function readingsTable(readings: readonly Reading[]): string {
  const head = ['seconds', ...curves.map(({ name, unit }) => (unit === '' ? name : `${name} (${unit})`))];
  const rows = readings.map((reading) => [(reading.atMs / 1000).toFixed(1), ...curves.map(({ of }) => cell(of(reading)))]);
  return `${[head, ...rows].map((row) => row.join(',')).join('\n')}\n`;
}

export function faultsTable(faults: readonly Fault[]): string {
  return ['seconds,fault', ...faults.map(({ atMs, name }) => `${(atMs / 1000).toFixed(1)},${name}`), ''].join('\n');
}

function cell(value: number | null): string {
  return value === null ? '' : String(Math.round(value * 1000) / 1000);
}
