import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type ListedProcess,
  listProcesses,
  ownMemoryBytes,
  parsePs,
  parseStat,
  treeOf,
} from '../../../../server/sidecar/limits/process-tree.ts';

const listed = (pid: number, parentPid: number, groupId: number, startTime = `t${pid}`): ListedProcess => ({
  pid,
  parentPid,
  groupId,
  startTime,
  threads: 1,
  memoryBytes: null,
});
const pids = (tree: ReadonlyMap<number, string>) => [...tree.keys()].sort((a, b) => a - b);

describe('the tree of a program', () => {
  it('is its children and their children, and its group, in whatever order they are listed', () => {
    const all = [listed(30, 20, 30), listed(20, 10, 10), listed(10, 1, 10), listed(40, 1, 10), listed(50, 1, 50)];
    assert.deepEqual(pids(treeOf(all, 10, null)), [10, 20, 30, 40]);
  });

  it('keeps those whose parents have ended, and what they start', () => {
    const before = treeOf([listed(10, 1, 10), listed(30, 10, 30)], 10, null);
    assert.deepEqual(pids(treeOf([listed(30, 1, 30), listed(60, 30, 30)], 10, before)), [30, 60]);
  });

  it('does not take a stranger for one of its own that has the number of one that ended', () => {
    const before = treeOf([listed(10, 1, 10), listed(30, 10, 30)], 10, null);
    assert.deepEqual(pids(treeOf([listed(30, 1, 30, 'later'), listed(10, 1, 10, 'later'), listed(11, 10, 10)], 10, before)), []);
  });
});

describe('a listed process', () => {
  it('is read from its stat, whatever it calls itself', () => {
    const stat = '42 (a) b (c) S 7 40 40 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 11 0 98765 1000 200';
    assert.deepEqual(parseStat(stat), { pid: 42, parentPid: 7, groupId: 40, startTime: '98765', threads: 11, memoryBytes: null });
    assert.equal(parseStat('42 (gone) Z 7 40 40 0 -1 0 1 2 3 4 5 6 7 8 20 0 1 0 98765 0 0'), null);
  });

  it('is read from a list of ps', () => {
    const output = '  501     1   501  2048 Mon Jan  5 10:00:00 2026\n 7 501 501 4 Tue Jan  6 10:00:00 2026\n\n';
    assert.deepEqual(parsePs(output), [
      { pid: 501, parentPid: 1, groupId: 501, startTime: 'Mon Jan 5 10:00:00 2026', threads: 1, memoryBytes: 2_097_152 },
      { pid: 7, parentPid: 501, groupId: 501, startTime: 'Tue Jan 6 10:00:00 2026', threads: 1, memoryBytes: 4_096 },
    ]);
  });

  it('is among the real ones, with the memory that is its own', async () => {
    const own = (await listProcesses()).find(({ pid }) => pid === process.pid);
    assert.ok(own);
    assert.equal(own.parentPid, process.ppid);
    assert.ok(ownMemoryBytes(own) > 1024 * 1024);
  });
});
