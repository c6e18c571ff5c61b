/** What is removed of the files that pile up, over real folders. */
import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { type SweepDeps, type SweepResult, sweep } from '../../../server/retention/sweep.ts';

const dayMs = 24 * 60 * 60_000;
const now = Date.UTC(2026, 10, 29);
const [sleeping, running] = ['00000000-0000-7000-8000-0000000000aa', '00000000-0000-7000-8000-0000000000bb'];

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'agor-sweep-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function put(path: string, days: number): string {
  const file = join(dir, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, 'text');
  utimesSync(file, new Date(now - days * dayMs), new Date(now - days * dayMs));
  return file;
}

function swept(deps: Partial<SweepDeps> = {}): Promise<SweepResult> {
  const dirs = { agentsDir: join(dir, 'agents'), logsDir: join(dir, 'logs'), quarantineDir: join(dir, 'quarantine') };
  return sweep({ ...dirs, isRunning: (id) => id === running, sizeOf: async (path) => statSync(path).size, now: () => now, ...deps });
}

const privateFile = (id: string, name: string) => `agents/${id}/private/${name}`;

test('logs of agents go after fourteen days and error output after seven, unless a sidecar has them open', async () => {
  const gone = [
    put(privateFile(sleeping, 'sidecar.log'), 14),
    put(privateFile(sleeping, 'sidecar.err'), 7),
    put(privateFile(sleeping, 'sidecar.err.1'), 8),
    put(privateFile(running, 'sidecar.err.1'), 8),
    put(privateFile(running, 'sidecar.1.log'), 15),
    put('logs/session-mirror-builder-000000aa.log', 15),
    put('logs/session-mirror-other-000000bb.3.log', 15),
  ];
  const stay = [
    put(privateFile(sleeping, 'outbox.db'), 400),
    put(privateFile(running, 'sidecar.log'), 20),
    put(privateFile(running, 'sidecar.err'), 20),
    put(privateFile(running, 'sidecar.2.log'), 13),
    put('logs/session-mirror-other-000000bb.log', 20),
    put('logs/backend.log', 20),
  ];
  const { files } = await swept();
  assert.deepEqual(gone.filter(existsSync), []);
  assert.deepEqual(
    stay.filter((file) => !existsSync(file)),
    [],
  );
  assert.equal(files, gone.length);
});

test('of rotated logs the newest is emptied and stays, because the numbers go on after it', async () => {
  for (const number of [3, 4]) put(privateFile(sleeping, `sidecar.${number}.log`), 30);
  await swept();
  const folder = join(dir, 'agents', sleeping, 'private');
  assert.deepEqual(readdirSync(folder), ['sidecar.4.log']);
  assert.equal(statSync(join(folder, 'sidecar.4.log')).size, 0);
  assert.equal((await swept()).files, 0);
});

test('what ended runs left in temporary folders goes after a day, and a link in its place leads nowhere', async () => {
  const left = put(`agents/${sleeping}/agent/tmp/abc/file`, 2);
  utimesSync(join(left, '..'), new Date(now - 2 * dayMs), new Date(now - 2 * dayMs));
  const used = put(`agents/${running}/agent/tmp/abc`, 2);
  const elsewhere = put('elsewhere/mine', 2);
  const planted = '00000000-0000-7000-8000-0000000000cc';
  mkdirSync(join(dir, 'agents', planted, 'agent'), { recursive: true });
  symlinkSync(join(dir, 'elsewhere'), join(dir, 'agents', planted, 'agent', 'tmp'));
  await swept();
  assert.deepEqual([left, used, elsewhere].map(existsSync), [false, true, true]);
});

test('the quarantine is kept within its caps, and says what is left', async () => {
  for (const [name, days] of [
    ['thing', 8],
    ['fresh', 1],
  ] as const)
    put(`quarantine/${name}`, days);
  const { quarantined, left } = await swept();
  assert.deepEqual([quarantined.map(({ name }) => name), left, readdirSync(join(dir, 'quarantine'))], [['thing'], 1, ['fresh']]);
});

test('a data directory in which there is nothing yet is tidy', async () => {
  assert.deepEqual(await swept(), { files: 0, bytes: 0, quarantined: [], left: 0, problems: [] });
});

test('an agent that begins to run while its temporary folder is swept leads nothing of it elsewhere', async () => {
  const old = new Date(now - 2 * dayMs);
  for (const name of ['first', 'second']) utimesSync(join(put(`agents/${sleeping}/agent/tmp/${name}/file`, 2), '..'), old, old);
  const mine = ['first', 'second'].map((name) => put(`elsewhere/${name}/file`, 2));
  for (const name of ['first', 'second']) utimesSync(join(dir, 'elsewhere', name), old, old);
  const folder = join(dir, 'agents', sleeping, 'agent');
  let isAwake = false;
  await swept({
    isRunning: () => isAwake,
    sizeOf: async () => {
      // It wakes while the first of them is looked at, and puts a link in the place of its folder.
      if (!isAwake) {
        isAwake = true;
        renameSync(join(folder, 'tmp'), join(folder, 'moved'));
        symlinkSync(join(dir, 'elsewhere'), join(folder, 'tmp'));
      }
      return 1;
    },
  });
  assert.ok(isAwake);
  assert.deepEqual(
    mine.filter((file) => !existsSync(file)),
    [],
  );
  assert.equal(existsSync(join(folder, '..', 'private', 'discarded')), false);
});

test('what cannot be removed is told, and keeps nothing else from going', async () => {
  const stuck = put('quarantine/stuck', 20);
  const gone = [put('quarantine/a', 30), put('quarantine/z', 10), put('logs/session-mirror-builder-000000aa.log', 15)];
  // Measured once for the caps, and once when it goes.
  const measured = new Set<string>();
  const { problems, files } = await swept({
    sizeOf: async (path) => {
      if (path === stuck && measured.has(path)) throw new Error('EACCES');
      measured.add(path);
      return 1;
    },
  });
  assert.deepEqual(gone.filter(existsSync), []);
  assert.deepEqual([problems, files], [['stuck could not be removed: EACCES'], 3]);
});
