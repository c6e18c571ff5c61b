/** What the data directory holds, over real folders. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { folderSize } from '../../../server/metrics/folder-size.ts';
import { rememberMs, Storage } from '../../../server/metrics/storage.ts';
import { diskLevel, levelOf } from '../../../server/metrics/storage-levels.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const gibibyte = 1024 ** 3;

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'agor-storage-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function put(path: string, bytes: number): void {
  mkdirSync(join(dir, path, '..'), { recursive: true });
  writeFileSync(join(dir, path), Buffer.alloc(bytes));
}

test('a folder is counted with all below it, and links are not followed', async () => {
  put('logs/a.log', 10);
  put('logs/old/b.log', 20);
  put('elsewhere/large', 4_000);
  symlinkSync(join(dir, 'elsewhere'), join(dir, 'logs', 'outside'));
  symlinkSync(join(dir, 'elsewhere', 'large'), join(dir, 'logs', 'file'));
  symlinkSync(join(dir, 'logs'), join(dir, 'logs', 'ring'));
  assert.deepEqual(await folderSize(join(dir, 'logs'), 100), { bytes: 30, isWhole: true });
  assert.deepEqual(await folderSize(join(dir, 'logs', 'outside'), 100), { bytes: 0, isWhole: true });
});

test('a folder of more files than are counted says so, and one that is not there is empty', async () => {
  for (let index = 0; index < 5; index += 1) put(`many/${index}`, 1);
  assert.deepEqual(await folderSize(join(dir, 'many'), 3), { bytes: 3, isWhole: false });
  assert.deepEqual(await folderSize(join(dir, 'nowhere'), 3), { bytes: 0, isWhole: true });
});

test('each database is told with its log, then the folders, and it is looked again after half a minute', async () => {
  put('sessions.db', 100);
  put('sessions.db-wal', 7);
  put('btmsg.db', 50);
  put('logs/a.log', 10);
  const clock = new FakeClock();
  const folders = [
    { kind: 'logs', name: 'logs', paths: () => [join(dir, 'logs')] },
    { kind: 'quarantine', name: 'quarantine', paths: () => [join(dir, 'quarantine')] },
  ] as const;
  const storage = new Storage({ dataDir: dir, folders, clock });
  const sizes = async () => (await storage.report()).parts.map(({ kind, name, bytes, level }) => [kind, name, bytes, level]);
  const first = [
    ['database', 'btmsg.db', 50, 'fine'],
    ['wal', 'btmsg.db-wal', 0, 'fine'],
    ['database', 'sessions.db', 100, 'fine'],
    ['wal', 'sessions.db-wal', 7, 'fine'],
    ['logs', 'logs', 10, 'fine'],
    ['quarantine', 'quarantine', 0, 'fine'],
  ];
  assert.deepEqual(await sizes(), first);
  put('logs/b.log', 5);
  assert.deepEqual(await sizes(), first);
  clock.advance(rememberMs);
  assert.deepEqual((await sizes())[4], ['logs', 'logs', 15, 'fine']);
  const { disk } = await storage.report();
  assert.ok(disk && disk.totalBytes >= disk.freeBytes);
});

test('a look that takes long is the only one, and is remembered from its end on', async () => {
  put('logs/a.log', 10);
  const clock = new FakeClock();
  let looks = 0;
  const paths = () => {
    looks += 1;
    return [join(dir, 'logs')];
  };
  const storage = new Storage({ dataDir: dir, folders: [{ kind: 'logs', name: 'logs', paths }], clock });
  const first = storage.report();
  clock.advance(10 * rememberMs);
  assert.equal(await storage.report(), await first);
  clock.advance(rememberMs - 1);
  assert.equal(await storage.report(), await first);
  assert.equal(looks, 1);
  clock.advance(1);
  assert.notEqual(await storage.report(), await first);
  assert.equal(looks, 2);
});

test('what cannot be looked at fails, and is tried again by the next who asks', async () => {
  const storage = new Storage({ dataDir: join(dir, 'later'), folders: [], clock: new FakeClock() });
  await assert.rejects(storage.report());
  put('later/a.db', 1);
  assert.equal((await storage.report()).parts[0]?.bytes, 1);
});

test('a size is large and critical from its thresholds on', () => {
  const thresholds = { largeBytes: 10, criticalBytes: 20 };
  assert.deepEqual(
    [0, 9, 10, 19, 20].map((bytes) => levelOf(bytes, thresholds)),
    ['fine', 'fine', 'large', 'large', 'critical'],
  );
});

test('a disk is short of room by its share and by what is left, so that neither a large nor a small one warns for nothing', () => {
  const level = (free: number, total: number) => diskLevel({ freeBytes: free * gibibyte, totalBytes: total * gibibyte });
  assert.equal(level(40, 4_000), 'fine');
  assert.equal(level(8, 16), 'fine');
  assert.equal(level(5, 100), 'large');
  assert.equal(level(0.5, 100), 'critical');
});
