import assert from 'node:assert/strict';
import { test } from 'node:test';
import { curveSheet } from '../../soak/curve-sheet.ts';
import { faultsTable, type Reading, readingsTable } from '../../soak/reading.ts';
import { judge, judgedLine } from '../../soak/verdict.ts';

const megabyte = 1_048_576;
const everyMs = 5_000;

type Growing = { readonly pssMb?: number; readonly descriptors?: number; readonly walMb?: number; readonly heapMb?: number };

/** Twenty minutes of one backend and one sidecar, growing by so much with each reading. */
function readings({ pssMb = 0, descriptors = 0, walMb = 0, heapMb = 0 }: Growing): Reading[] {
  return Array.from({ length: 240 }, (_, n) => {
    const one = { rssBytes: 0, pssBytes: (80 + pssMb * n) * megabyte, descriptors: 40 + descriptors * n };
    const files = { sessionsBytes: 0, btmsgBytes: 0, searchBytes: 0, walBytes: (4 + walMb * n) * megabyte, logBytes: 0, outboxBytes: 0 };
    const times = { loopP99Ms: 3, loopMaxMs: null, aliveBytes: (30 + heapMb * n) * megabyte, roundTripMs: 1, commitMs: 4 };
    return { atMs: n * everyMs, backend: { pid: 1, ...one }, sidecars: [{ pid: 2, ...one }], ...times, files, acked: n };
  });
}

const failed = (growing: Growing) =>
  judge(readings(growing))
    .filter(({ isFine }) => !isFine)
    .map(({ name }) => name);

test('what stays flat passes', () => {
  assert.deepEqual(failed({}), []);
});

test('memory, descriptors and logs that grow beyond their bounds fail, each by its name', () => {
  assert.deepEqual(failed({ pssMb: 0.1 }), ['memory of the backend', 'memory of a sidecar']);
  assert.deepEqual(failed({ heapMb: 0.1 }), ['heap of the backend']);
  assert.deepEqual(failed({ descriptors: 1 }), ['descriptors of the backend', 'descriptors of a sidecar']);
  assert.deepEqual(failed({ walMb: 0.5 }), ['largest write-ahead log', 'largest write-ahead log, at most']);
});

test('a soak that is too short to tell says so and fails for nothing', () => {
  const [memory] = judge(readings({}).slice(0, 10));
  assert.equal(memory?.isFine, true);
  assert.match(memory ? judgedLine(memory) : '', /^✔ memory of the backend +too short to tell +bound 0.5 MB\/min$/);
});

test('the tables have a line for each reading and each fault, with nothing where nothing could be read', () => {
  const [first] = readings({});
  assert.ok(first);
  const [head = '', row = ''] = readingsTable([{ ...first, backend: null }]).split('\n');
  assert.equal(head.split(',').length, row.split(',').length);
  assert.match(head, /^seconds,backend PSS \(MB\),/);
  assert.match(row, /^0\.0,,,,30,1,80,40,3,,1,4,/);
  assert.equal(faultsTable([{ atMs: 61_000, name: 'backend killed' }]), 'seconds,fault\n61.0,backend killed\n');
});

test('the picture names every curve and fault, escapes what it is told, and breaks a line where nothing was read', () => {
  const all = readings({});
  const gap = all.map((reading, n) => (n === 120 ? { ...reading, backend: null } : reading));
  const svg = curveSheet(gap, [{ atMs: 60_000, name: 'a <b> & c' }], 'Soak');
  for (const words of ['backend PSS, MB', 'largest WAL, MB', '1: a &lt;b> &amp; c (60 s)']) assert.ok(svg.includes(words), words);
  assert.equal((svg.match(/<polyline/g) ?? []).length - (curveSheet(all, [], 'Soak').match(/<polyline/g) ?? []).length, 3);
});
