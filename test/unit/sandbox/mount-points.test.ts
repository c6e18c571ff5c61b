import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { MountPoints, mountPointsDir, sweepMountPoints } from '../../../server/sandbox/mount-points.ts';

function makeFolders(t: TestContext) {
  const root = mkdtempSync(join(tmpdir(), 'agor-points-'));
  t.after(() => rmSync(root, { recursive: true }));
  const project = join(root, 'project');
  mkdirSync(project);
  return { project, dir: mountPointsDir(join(root, 'data')) };
}

/** As if the process that holds it had died: its start time fits no process. */
function abandon(dir: string): void {
  const [name = ''] = readdirSync(dir);
  const dead = { owner: { pid: process.pid, startTime: '1', bootId: 'another' } };
  const hold = JSON.parse(readFileSync(join(dir, name), 'utf8'));
  writeFileSync(join(dir, name), JSON.stringify({ ...hold, ...dead }));
}

test('makes what is missing, and leaves nothing behind', async (t) => {
  const { project, dir } = makeFolders(t);
  const missing = [join(project, '.claude'), join(project, '.claude', 'settings.json')];
  const { points, failed } = await MountPoints.make(dir, { missing, folders: [] });
  assert.deepEqual(failed, []);
  assert.ok(missing.every((folder) => existsSync(folder)));
  points.release();
  assert.deepEqual(readdirSync(project), []);
  assert.deepEqual(readdirSync(dir), []);
  points.release();
});

test('what was there before stays, and so does what somebody has put something into', async (t) => {
  const { project, dir } = makeFolders(t);
  const [hooks, settings] = [join(project, 'hooks'), join(project, '.vscode')];
  mkdirSync(hooks);
  const { points } = await MountPoints.make(dir, { missing: [settings], folders: [hooks] });
  writeFileSync(join(settings, 'tasks.json'), '{}');
  points.release();
  assert.deepEqual(readdirSync(project).sort(), ['.vscode', 'hooks']);
});

test('what cannot be made is told', async (t) => {
  const { project, dir } = makeFolders(t);
  writeFileSync(join(project, 'file'), '');
  const missing = [join(project, 'file', 'below')];
  const { points, failed } = await MountPoints.make(dir, { missing, folders: [] });
  assert.deepEqual(failed, missing);
  points.release();
});

test('of two fences that need the same place the last one removes it, whoever made it', async (t) => {
  const { project, dir } = makeFolders(t);
  const place = join(project, '.vscode');
  const first = await MountPoints.make(dir, { missing: [place], folders: [] });
  const second = await MountPoints.make(dir, { missing: [], folders: [place] });
  first.points.release();
  assert.ok(existsSync(place));
  second.points.release();
  assert.ok(!existsSync(place));
  assert.deepEqual(readdirSync(dir), []);
});

test('a place that its maker has taken away since it was looked at is made again', async (t) => {
  const { project, dir } = makeFolders(t);
  const place = join(project, '.vscode');
  mkdirSync(place);
  rmdirSync(place);
  const { points } = await MountPoints.make(dir, { missing: [], folders: [place] });
  assert.ok(existsSync(place));
  points.release();
  assert.ok(!existsSync(place));
});

test('what a fence held whose process died is removed at the next start, but for what a living one holds', async (t) => {
  const { project, dir } = makeFolders(t);
  const [lost, shared] = [join(project, '.claude'), join(project, '.vscode')];
  await MountPoints.make(dir, { missing: [lost, shared], folders: [] });
  abandon(dir);
  const { points } = await MountPoints.make(dir, { missing: [], folders: [shared] });
  assert.deepEqual(readdirSync(project), ['.vscode']);
  points.release();
  assert.deepEqual(readdirSync(project), []);
});

test('a fence that died while it left is cleaned up too', async (t) => {
  const { project, dir } = makeFolders(t);
  await MountPoints.make(dir, { missing: [join(project, '.vscode')], folders: [] });
  abandon(dir);
  const [name = ''] = readdirSync(dir);
  renameSync(join(dir, name), join(dir, name.replace('.json', '.leaving.json')));
  sweepMountPoints(dir);
  assert.deepEqual(readdirSync(project), []);
  assert.deepEqual(readdirSync(dir), []);
});

test('whoever starts waits for a fence that is leaving with the same place', async (t) => {
  const { project, dir } = makeFolders(t);
  const place = join(project, '.vscode');
  await MountPoints.make(dir, { missing: [place], folders: [] });
  const [name = ''] = readdirSync(dir);
  const leaving = join(dir, name.replace('.json', '.leaving.json'));
  renameSync(join(dir, name), leaving);
  const starting = MountPoints.make(dir, { missing: [], folders: [place] });
  rmdirSync(place);
  rmSync(leaving);
  const { points } = await starting;
  assert.ok(existsSync(place));
  points.release();
  assert.deepEqual(readdirSync(project), []);
});
