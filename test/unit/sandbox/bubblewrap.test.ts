import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bubblewrapArguments } from '../../../server/sandbox/bubblewrap.ts';
import type { Mount } from '../../../server/sandbox/fence-plan.ts';

const plain = { hasNetwork: true, isRoot: false };

function argumentsOf(mounts: Mount[], options = plain): string {
  return bubblewrapArguments(mounts, options).join(' ');
}

for (const [mount, expected] of [
  [{ kind: 'read', path: '/usr' }, '--ro-bind /usr /usr'],
  [{ kind: 'write', path: '/p' }, '--bind /p /p'],
  [{ kind: 'hiddenFolder', path: '/h' }, '--tmpfs /h --remount-ro /h'],
  [{ kind: 'hiddenFile', path: '/h/.env' }, '--ro-bind /dev/null /h/.env'],
  [{ kind: 'link', path: '/bin', target: 'usr/bin' }, '--symlink usr/bin /bin'],
  [{ kind: 'processes', path: '/proc' }, '--proc /proc'],
  [{ kind: 'devices', path: '/dev' }, '--dev /dev'],
  [{ kind: 'temporary', path: '/tmp', source: '/a/tmp' }, '--bind /a/tmp /tmp'],
  [{ kind: 'temporary', path: '/tmp', source: null }, '--tmpfs /tmp'],
] as const) {
  test(`${mount.kind} becomes ${expected}`, () => assert.ok(argumentsOf([mount]).endsWith(expected)));
}

test('a hidden folder is closed only after what is mounted inside it', () => {
  const mounts: Mount[] = [
    { kind: 'hiddenFolder', path: '/h' },
    { kind: 'write', path: '/h/own' },
  ];
  assert.ok(argumentsOf(mounts).endsWith('--tmpfs /h --bind /h/own /h/own --remount-ro /h'));
});

test('it dies with whoever started it, and has processes, messages and a host name of its own', () => {
  assert.match(argumentsOf([]), /^--die-with-parent --unshare-user-try --unshare-pid --unshare-ipc --unshare-uts --unshare-cgroup-try/);
});

test('it has a network of its own only when it shall have none', () => {
  assert.doesNotMatch(argumentsOf([]), /--unshare-net/);
  assert.match(argumentsOf([], { ...plain, hasNetwork: false }), /--unshare-net/);
});

test('no capability is left but the one by which root’s launcher gives up the rest', () => {
  assert.match(argumentsOf([]), /--cap-drop ALL --info-fd 3$/);
  assert.match(argumentsOf([], { ...plain, isRoot: true }), /--cap-drop ALL --cap-add CAP_SETPCAP --info-fd 3$/);
});
