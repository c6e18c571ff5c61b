/** Backups that somebody else laid there: a folder that several people write to, or a disk from elsewhere. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { Backup } from '../../../server/protocol/backup.ts';
import { BackupWorld } from '../../support/backup-world.ts';

let world: BackupWorld;
let made: Backup;
beforeEach(async () => {
  world = new BackupWorld();
  world.write(3);
  made = await world.create();
});
afterEach(() => world.close());

function forge(change: (backup: Backup) => object): string {
  const path = join(world.own.paths.dataDir, 'elsewhere');
  cpSync(made.path, path, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(path, 'manifest.json'), 'utf8'));
  writeFileSync(join(path, 'manifest.json'), JSON.stringify({ ...manifest, ...change(made) }));
  return path;
}
const unreadable = { code: 'storage', message: /is no backup that this version can read/ };

test('a manifest that names a file outside of its folder is refused, so nothing is copied there', async () => {
  const more = { name: '../planted', bytes: 0, sha256: '' };
  await assert.rejects(world.backups.find(forge(({ files }) => ({ files: [...files, more] }))), unreadable);
});

test('a manifest that leaves a database out is refused, because that would come back empty', async () => {
  await assert.rejects(
    world.backups.find(forge(({ files }) => ({ files: files.filter(({ name }) => name !== 'sessions.db') }))),
    unreadable,
  );
  assert.ok(!Backup.safeParse({ ...made, files: [...made.files, made.files[0]] }).success);
});

test('what cannot be an id or a time is refused, because both are shown to who decides', async () => {
  await assert.rejects(world.backups.find(forge(() => ({ id: '2026-01-01\u001b[2K\nall is well' }))), unreadable);
  rmSync(join(world.own.paths.dataDir, 'elsewhere'), { recursive: true });
  await assert.rejects(world.backups.find(forge(() => ({ madeAt: 1e300 }))), unreadable);
});

test('a pipe in the place of a file keeps nobody waiting', { skip: process.platform === 'win32' && 'POSIX' }, async () => {
  const path = join(world.own.paths.backups, '2026-01-01T00-00-00-000Z-asked');
  mkdirSync(path);
  execFileSync('mkfifo', [join(path, 'manifest.json')]);
  assert.match((await world.backups.list()).unusable[0]?.problem ?? '', /is no backup that this version can read/);
  const piped = forge(() => ({}));
  rmSync(join(piped, 'btmsg.db.witness'));
  execFileSync('mkfifo', [join(piped, 'btmsg.db.witness')]);
  await assert.rejects(world.backups.find(piped), { code: 'storage', message: /btmsg\.db\.witness is not there in its whole size/ });
});

test('a manifest that is larger than any is not read', async () => {
  writeFileSync(join(made.path, 'manifest.json'), `${' '.repeat(2 * 1024 * 1024)}{}`);
  await assert.rejects(world.backups.find(made.path), unreadable);
});

test('a restore that fails at its end is taken back, so that the next start goes on with what was acknowledged since', async () => {
  const failing = new Error('the agents could not be stopped');
  await assert.rejects(
    world.backups.restore(made, 'cli', () => Promise.reject(failing)),
    failing,
  );
  assert.equal(existsSync(join(world.own.paths.dataDir, 'restoring')), false);
});

test('a restore that is given up while its agents are stopped is none', async () => {
  const restoring = world.backups.restore(made, 'cli', async () => {
    assert.equal(world.backups.cancel(), true);
  });
  await assert.rejects(restoring, { code: 'cancelled' });
  assert.equal(existsSync(join(world.own.paths.dataDir, 'restoring')), false);
});

test('a restore whose end has begun can no more be given up', async () => {
  const asked: boolean[] = [];
  const stopBegun = world.own.stores.btmsg.committed.on(() => queueMicrotask(() => asked.push(world.backups.cancel())));
  await world.backups.restore(made, 'cli', async () => {});
  stopBegun();
  assert.deepEqual(asked, [false]);
  assert.equal(existsSync(join(world.own.paths.dataDir, 'restoring', 'ready.json')), true);
});

test('of two restores at once the first is done, and the other one is refused', async () => {
  const [first, second] = await Promise.allSettled([0, 1].map(() => world.backups.restore(made, 'cli', async () => {})));
  assert.equal(first?.status, 'fulfilled');
  assert.equal(second?.status === 'rejected' && second.reason.code, 'unavailable');
  assert.equal(existsSync(join(world.own.paths.dataDir, 'restoring', 'ready.json')), true);
});

test('who gives up a backup gives up nothing that another has asked for', async () => {
  let cancelled: boolean | undefined;
  await world.backups.restore(made, 'cli', async () => {
    cancelled = world.backups.cancel('create');
  });
  assert.equal(cancelled, false);
});

test('a drill is not failed by what a killed one left', async () => {
  const left = join(world.own.paths.dataDir, 'drill', 'left');
  mkdirSync(left, { recursive: true });
  assert.deepEqual((await world.backups.drill(made.id, 'cli')).problems, []);
  mkdirSync(left, { recursive: true });
  await world.backups.tidy();
  assert.equal(existsSync(join(left, '..')), false);
});

test('a drill that is given up leaves nothing, and the next one passes', async () => {
  const scratch = join(world.own.paths.dataDir, 'drill');
  let isOver = false;
  const drilling = assert.rejects(
    world.backups.drill(made.id, 'cli').finally(() => {
      isOver = true;
    }),
    { code: 'cancelled' },
  );
  while (!existsSync(scratch) && !isOver) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(world.backups.cancel(), true);
  await drilling;
  assert.deepEqual((await world.backups.drill(made.id, 'cli')).problems, []);
  assert.equal(existsSync(scratch), false);
});
