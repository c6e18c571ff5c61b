import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { cgroupMounts, ownGroups, placeInUnified, placeInVersion1, unifiedGroups } from '../../../../server/sidecar/limits/cgroup-place.ts';

const folder = mkdtempSync(join(tmpdir(), 'agor-cgroup-place-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const hybrid = `31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct
35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
39 31 0:36 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids
41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
`;
const unified = '30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n';
const inContainer = '30 23 0:26 /docker/abc /sys/fs/cgroup ro - cgroup2 cgroup rw\n';

describe('our own control groups', () => {
  it('of version 1 are found for each controller, also where two share a mount', () => {
    const own = '9:memory:/some/run\n8:pids:/\n1:cpu,cpuacct:/x:y\n0::/\n';
    assert.deepEqual(ownGroups(cgroupMounts(hybrid), own), {
      memory: '/sys/fs/cgroup/memory/some/run',
      pids: '/sys/fs/cgroup/pids',
      cpu: '/sys/fs/cgroup/cpu,cpuacct/x:y',
    });
    assert.deepEqual(ownGroups(cgroupMounts(unified), '0::/a\n'), {});
  });

  it('of version 2 are ours and all above it, innermost first', () => {
    assert.deepEqual(unifiedGroups(cgroupMounts(unified), '0::/user.slice/app.scope\n'), [
      '/sys/fs/cgroup/user.slice/app.scope',
      '/sys/fs/cgroup/user.slice',
      '/sys/fs/cgroup',
    ]);
    assert.deepEqual(unifiedGroups(cgroupMounts(unified), '0::/\n'), ['/sys/fs/cgroup']);
    assert.deepEqual(unifiedGroups([], '0::/\n'), []);
  });

  it('begin in a container below the root of the hierarchy', () => {
    assert.deepEqual(unifiedGroups(cgroupMounts(inContainer), '0::/docker/abc/inner\n')[0], '/sys/fs/cgroup/inner');
  });
});

/** A folder that looks like a group of version 2, as far as we look. */
function group(path: string, divided: string): string {
  const dir = join(folder, path);
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'cgroup.procs'), '');
  writeFileSync(join(dir, 'cgroup.subtree_control'), `${divided}\n`);
  return dir;
}

describe('a place for groups of ours', () => {
  it('of version 2 is the innermost group above us that divides memory and processes', () => {
    const [outer, middle, inner] = [group('a', 'cpu memory pids'), group('a/b', 'memory pids'), group('a/b/c', '')];
    assert.deepEqual(placeInUnified([inner, middle, outer]), { version: 2, parents: { memory: middle, pids: middle } });
  });

  it('of version 2 is none where we may not move processes', () => {
    assert.equal(placeInUnified([join(folder, 'missing')]), null);
    assert.equal(placeInUnified([]), null);
  });

  it('of version 1 is what can be written to, if that bounds anything that matters', () => {
    assert.deepEqual(placeInVersion1({ memory: folder, pids: join(folder, 'missing') }), { version: 1, parents: { memory: folder } });
    assert.equal(placeInVersion1({ cpu: folder }), null);
    assert.equal(placeInVersion1({}), null);
  });
});
