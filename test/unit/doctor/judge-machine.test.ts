import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeMachine } from '../../../server/doctor/judge-machine.ts';
import { judgeSandbox } from '../../../server/doctor/judge-sandbox.ts';
import { type MachineFacts, machineFacts, softLimit } from '../../../server/doctor/machine-facts.ts';
import { diskLevel } from '../../../server/metrics/storage-levels.ts';
import type { SandboxState } from '../../../server/protocol/sandbox.ts';

const gibibyte = 1024 ** 3;
const ext4 = { type: 0xef53, freeBytes: 100 * gibibyte, totalBytes: 200 * gibibyte, freeFiles: 1_000_000 };
const good: MachineFacts = {
  platform: 'linux',
  nodeVersion: '24.21.0',
  openFiles: 65_536,
  processes: null,
  inotifyWatches: 524_288,
  inotifyInstances: 512,
  userNamespaces: 'allowed',
  landlock: true,
  bubblewrap: '/usr/bin/bwrap',
  filesystem: ext4,
};

test('a machine that is fit has nothing to be told of', () => {
  assert.deepEqual(
    judgeMachine(good, diskLevel).filter(({ level }) => level !== 'ok'),
    [],
  );
});

const unfit: readonly [string, Partial<MachineFacts>, string][] = [
  ['a Node that is too old', { nodeVersion: '22.14.9' }, 'problem machine.node'],
  ['few open files', { openFiles: 256 }, 'warning machine.openFiles'],
  ['few processes', { processes: 100 }, 'warning machine.processes'],
  ['few watches', { inotifyWatches: 8_192 }, 'warning machine.inotifyWatches'],
  ['few watchers', { inotifyInstances: 64 }, 'warning machine.inotifyInstances'],
  ['a disk that fills up', { filesystem: { ...ext4, freeBytes: 5 * gibibyte } }, 'warning disk.space'],
  ['a disk that is full', { filesystem: { ...ext4, freeBytes: 1 } }, 'problem disk.space'],
  ['a disk without room for files', { filesystem: { ...ext4, freeFiles: 5 } }, 'warning disk.files'],
  ['NFS', { filesystem: { ...ext4, type: 0x6969 } }, 'problem disk.network'],
  ['memory', { filesystem: { ...ext4, type: 0x01021994 } }, 'problem disk.memory'],
];
for (const [name, facts, expected] of unfit)
  test(`${name} is told as ${expected}, with what to do`, () => {
    const found = judgeMachine({ ...good, ...facts }, diskLevel).filter(({ level }) => level !== 'ok');
    assert.deepEqual(
      found.map(({ level, id }) => `${level} ${id}`),
      [expected],
    );
    assert.notDeepEqual(found[0]?.todo, []);
  });

test('a file system that makes room for files as it needs it is not called full', () => {
  assert.deepEqual(
    judgeMachine({ ...good, filesystem: { ...ext4, freeFiles: 0 } }, diskLevel).filter(({ level }) => level !== 'ok'),
    [],
  );
});

const full: SandboxState = {
  files: 'full',
  network: 'open',
  mode: 'preferred',
  layers: ['bubblewrap', 'landlock'],
  landlockAbi: 7,
  gaps: [],
  remedy: null,
};
const sandboxes: readonly [string, Partial<Parameters<typeof judgeSandbox>[0]>, string[]][] = [
  ['a full fence', {}, ['ok sandbox.trial']],
  ['no bubblewrap', { bubblewrap: null }, ['warning sandbox.bubblewrap', 'ok sandbox.trial']],
  ['no Landlock', { landlock: false }, ['warning sandbox.landlock', 'ok sandbox.trial']],
  ['AppArmor', { userNamespaces: 'appArmor' }, ['warning sandbox.namespaces', 'ok sandbox.trial']],
  ['gaps', { tried: { ...full, files: 'partial', gaps: ['It can.'] } }, ['warning sandbox.trial']],
  ['no fence', { tried: { ...full, files: 'off' } }, ['warning sandbox.trial']],
  ['no trial', { tried: null }, ['note sandbox.trial']],
  ['macOS', { platform: 'darwin' }, ['warning sandbox.platform']],
];
for (const [name, facts, expected] of sandboxes)
  test(`of the sandbox with ${name} is told: ${expected.join(', ')}`, () => {
    const found = judgeSandbox({ ...good, tried: full, isBackendThere: true, ...facts });
    assert.deepEqual(
      found.map(({ level, id }) => `${level} ${id}`),
      expected,
    );
  });

test('limits are read as the kernel writes them; what has no limit is no number', () => {
  const limits =
    'Limit                     Soft Limit           Hard Limit           Units\nMax processes             unlimited            unlimited            processes\nMax open files            1024                 524288               files\n';
  assert.equal(softLimit(limits, 'Max open files'), 1_024);
  assert.equal(softLimit(limits, 'Max processes'), null);
  assert.equal(softLimit('', 'Max open files'), null);
});

test('of this machine at least the Node and the file system are known', () => {
  const facts = machineFacts(import.meta.dirname, null);
  assert.equal(facts.nodeVersion, process.versions.node);
  assert.ok((facts.filesystem?.totalBytes ?? 0) > 0);
  assert.equal(machineFacts('/not/there', null).filesystem, null);
});
