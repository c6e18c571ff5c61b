/** The arguments of bubblewrap: its own processes, messages, devices and folders, and of the machine only what was planned. */
import type { Mount } from './fence-plan.ts';

/** Where it tells the process that it started, as `{"child-pid": …}`. */
export const bubblewrapInfoFd = 3;

export function bubblewrapArguments(
  mounts: readonly Mount[],
  options: { readonly hasNetwork: boolean; readonly isRoot: boolean },
): string[] {
  return [
    '--die-with-parent',
    '--unshare-user-try',
    '--unshare-pid',
    '--unshare-ipc',
    '--unshare-uts',
    '--unshare-cgroup-try',
    ...(options.hasNetwork ? [] : ['--unshare-net']),
    ...capabilities(options.isRoot),
    ...['--info-fd', String(bubblewrapInfoFd)],
    ...mounts.flatMap(mountArguments),
    ...mounts.flatMap((mount) => (mount.kind === 'hiddenFolder' ? ['--remount-ro', mount.path] : [])),
  ];
}

/** Root keeps one for the launcher, which with it takes away also what a program could bring along. */
function capabilities(isRoot: boolean): string[] {
  return ['--cap-drop', 'ALL', ...(isRoot ? ['--cap-add', 'CAP_SETPCAP'] : [])];
}

function mountArguments(mount: Mount): string[] {
  switch (mount.kind) {
    case 'read':
      return ['--ro-bind', mount.path, mount.path];
    case 'write':
      return ['--bind', mount.path, mount.path];
    case 'hiddenFolder':
      return ['--tmpfs', mount.path];
    case 'hiddenFile':
      return ['--ro-bind', '/dev/null', mount.path];
    case 'link':
      return ['--symlink', mount.target, mount.path];
    case 'processes':
      return ['--proc', mount.path];
    case 'devices':
      return ['--dev', mount.path];
    case 'temporary':
      return mount.source === null ? ['--tmpfs', mount.path] : ['--bind', mount.source, mount.path];
  }
}
