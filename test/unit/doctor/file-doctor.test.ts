import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { examineFiles, type FileDoctorDeps, fixFiles } from '../../../server/doctor/file-doctor.ts';

let root: string;
let dataDir: string;
const at = Date.now() + 2 * 3_600_000;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'agor-file-doctor-'));
  dataDir = join(root, 'data');
  for (const folder of ['', 'run', 'run/agents', 'agents', 'agents/gone', 'agents/gone/private'])
    mkdirSync(join(dataDir, folder), { mode: 0o700 });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function deps(changed: Partial<FileDoctorDeps> = {}): FileDoctorDeps {
  return {
    dataDir,
    quarantine: join(dataDir, 'quarantine'),
    temporary: root,
    backend: 'none',
    agents: () => new Set(),
    worktrees: async () => null,
    closeWorktree: null,
    now: () => at,
    ...changed,
  };
}

function put(place: string, mode = 0o600): string {
  const path = join(dataDir, place);
  mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 });
  writeFileSync(path, 'x');
  chmodSync(path, mode);
  return path;
}

test('modes are put right, what an agent left is moved and kept, half a copy goes; afterwards nothing is found', async () => {
  const open = put('btmsg.db', 0o644);
  put('agents/gone/private/outbox.db');
  const half = put('backups/btmsg.db.partial');
  const fixed = await fixFiles(deps());
  assert.deepEqual(
    fixed.map(({ error }) => error),
    [null, null, null],
  );
  assert.equal(statSync(open).mode & 0o777, 0o600);
  assert.equal(existsSync(half), false);
  const [aside = ''] = readdirSync(join(dataDir, 'quarantine'));
  assert.ok(existsSync(join(dataDir, 'quarantine', aside, 'gone', 'private', 'outbox.db')));
  assert.deepEqual(
    (await examineFiles(deps())).flatMap(({ fixes }) => fixes),
    [],
  );
});

test('a fix that cannot be done is told with its reason, and the others are done', async () => {
  put('quarantine', 0o600);
  const open = put('sessions.db', 0o640);
  const fixed = await fixFiles(deps());
  assert.equal(statSync(open).mode & 0o777, 0o600);
  assert.match(fixed.find(({ what }) => what.startsWith('moved agents/gone'))?.error ?? '', /quarantine|EEXIST|ENOTDIR/);
  assert.ok(existsSync(join(dataDir, 'agents', 'gone')));
});

test('folders of trials that were killed long ago go, those of others and of today stay', async () => {
  for (const name of ['agor-fence-0a-old', 'agor-canary-new', 'agor-live-old']) mkdirSync(join(root, name));
  for (const name of ['agor-fence-0a-old', 'agor-live-old']) utimesSync(join(root, name), 0, 0);
  const fixed = await fixFiles(deps({ agents: () => new Set(['gone']) }));
  assert.deepEqual(
    fixed.map(({ what }) => what),
    [`removed ${join(root, 'agor-fence-0a-old')}`],
  );
  assert.deepEqual(readdirSync(root).sort(), ['agor-canary-new', 'agor-live-old', 'data']);
});

test('nothing behind a link is looked at, listed or changed', async () => {
  const outside = join(root, 'outside');
  mkdirSync(outside, { mode: 0o777 });
  writeFileSync(join(outside, 'theirs'), 'x', { mode: 0o666 });
  symlinkSync(outside, join(dataDir, 'logs'));
  const before = statSync(join(outside, 'theirs')).mode;
  await fixFiles(deps());
  assert.equal(statSync(join(outside, 'theirs')).mode, before);
});

test('what agents can write is not looked into', async () => {
  put('agents/gone/agent/run-me.sh', 0o777);
  assert.deepEqual(
    (await examineFiles(deps({ agents: () => new Set(['gone']) }))).map(({ level }) => level),
    ['ok', 'ok'],
  );
});

test('a record of a run that nobody can read is set aside', async () => {
  utimesSync(put('run/agents/x.json'), 0, 0);
  const found = await examineFiles(deps({ agents: () => new Set(['gone']) }));
  assert.deepEqual(
    found.flatMap(({ fixes }) => fixes),
    [{ do: 'setAside', path: join(dataDir, 'run/agents/x.json') }],
  );
});

test('a worktree whose folder is gone is closed by the worktrees themselves, and what they say against it is told', async () => {
  const gone = { id: 'w-1', path: '/p/app.worktrees/one', branch: 'agor/one', state: 'kept', elsewhere: null } as const;
  const worktrees = async () => ({ gone: [gone, { ...gone, id: 'w-2' }], folders: [] });
  const closed: string[] = [];
  const closeWorktree = async (id: string) => {
    if (id === 'w-2') throw new Error('Coder works in it.');
    closed.push(id);
  };
  const fixed = await fixFiles(deps({ agents: () => new Set(['gone']), worktrees, closeWorktree }));
  assert.deepEqual(closed, ['w-1']);
  assert.deepEqual(fixed, [
    { what: 'removed the worktree /p/app.worktrees/one, whose folder was gone', error: null },
    { what: 'removed the worktree /p/app.worktrees/one, whose folder was gone', error: 'Coder works in it.' },
  ]);
});
