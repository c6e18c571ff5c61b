import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { endingOf, endTree, hasProcessGroups, isTreeAlive } from '../../../server/base/end-tree.ts';
import { until } from '../../support/live-backend.ts';

for (const platform of ['linux', 'darwin'] as const) {
  test(`on ${platform} a signal goes to the whole group`, () => {
    assert.deepEqual(endingOf(platform, 42, 'SIGTERM'), { kind: 'signal', pid: -42, signal: 'SIGTERM' });
    assert.equal(hasProcessGroups(platform), true);
  });
}

test("on Windows its own tool ends the tree by force, from the system's folder, whatever the signal", () => {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    const ending = endingOf('win32', 42, signal, 'D:\\Windows');
    assert.deepEqual(ending, { kind: 'run', file: 'D:\\Windows\\System32\\taskkill.exe', args: ['/PID', '42', '/T', '/F'] });
  }
  assert.equal(hasProcessGroups('win32'), false);
});

test('a process ends with what it started, and nothing is left to be ended again', async () => {
  const script = `require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' }); console.log('up');`;
  const child = spawn(process.execPath, ['-e', script], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  const pid = child.pid ?? 0;
  assert.equal(isTreeAlive(pid), true);
  assert.equal(endTree(pid, 'SIGKILL'), true);
  // Its output closes only when the last that holds it has ended.
  await once(child, 'close');
  // Whoever takes in orphans on this machine has yet to look.
  await until(() => !isTreeAlive(pid));
  assert.equal(endTree(pid, 'SIGKILL'), false);
});
