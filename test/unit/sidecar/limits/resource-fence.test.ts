import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isWatchNeeded, resourceFence } from '../../../../server/sidecar/limits/resource-fence.ts';

const linux = { platform: 'linux', boundsUserProcesses: false, isFenced: true } as const;
const all = ['memory', 'pids', 'cpu'] as const;

test('control groups keep everything, and files are kept by the shell', () => {
  assert.deepEqual(resourceFence({ ...linux, cgroup: { version: 2, controllers: all } }), { by: ['cgroup2', 'prlimit'], gaps: [] });
  assert.deepEqual(resourceFence({ ...linux, cgroup: { version: 1, controllers: all } }).by, ['cgroup1', 'prlimit']);
});

test('what a control group lacks is watched, and named', () => {
  const { by, gaps } = resourceFence({ ...linux, cgroup: { version: 1, controllers: ['pids'] } });
  assert.deepEqual(by, ['cgroup1', 'prlimit', 'watchdog']);
  assert.deepEqual(gaps, [
    'Its memory is looked at once a second: in between it can take more than its bound.',
    'Its share of the CPU is not bounded.',
  ]);
});

test('without control groups the watchdog counts processes, unless the kernel does so for the user', () => {
  assert.equal(resourceFence({ ...linux, cgroup: null }).gaps.length, 3);
  assert.equal(resourceFence({ ...linux, cgroup: null, boundsUserProcesses: true }).gaps.length, 2);
});

test('a program without a fence may leave its group, which is said', () => {
  const { gaps } = resourceFence({ ...linux, isFenced: false, cgroup: { version: 2, controllers: all } });
  assert.deepEqual(gaps, ['It is not fenced in, so it can leave its control group.']);
});

test('where there is nothing, that is said', () => {
  const { by, gaps } = resourceFence({ ...linux, platform: 'win32', cgroup: null });
  assert.deepEqual([by, gaps.length], [[], 1]);
});

test('only what the kernel does not keep is watched', () => {
  assert.equal(isWatchNeeded(all), false);
  assert.equal(isWatchNeeded(['memory', 'cpu']), true);
  assert.equal(isWatchNeeded([]), true);
});
