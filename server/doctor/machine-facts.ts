/** Looks up what of this machine matters to a backend and its agents. Linux tells most; elsewhere little is known. */
import { readFileSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

export type MachineFacts = {
  readonly platform: NodeJS.Platform;
  readonly nodeVersion: string;
  /** Null where the system does not say. */
  readonly openFiles: number | null;
  readonly processes: number | null;
  readonly inotifyWatches: number | null;
  readonly inotifyInstances: number | null;
  readonly userNamespaces: UserNamespaces;
  readonly landlock: boolean | null;
  readonly bubblewrap: string | null;
  readonly filesystem: {
    readonly type: number;
    readonly freeBytes: number;
    readonly totalBytes: number;
    readonly freeFiles: number;
  } | null;
};

/** What keeps ordinary users from making them. */
export type UserNamespaces = 'allowed' | 'none' | 'unprivilegedOff' | 'appArmor' | 'unknown';

export function machineFacts(dataDir: string, bubblewrap: string | null): MachineFacts {
  const limits = textOf('/proc/self/limits');
  return {
    platform: process.platform,
    nodeVersion: process.versions.node,
    openFiles: softLimit(limits, 'Max open files'),
    processes: softLimit(limits, 'Max processes'),
    inotifyWatches: setting('fs/inotify/max_user_watches'),
    inotifyInstances: setting('fs/inotify/max_user_instances'),
    userNamespaces: userNamespaces(),
    landlock: landlock(),
    bubblewrap,
    filesystem: filesystemOf(dataDir),
  };
}

/** Null for "unlimited", which needs no look, and where it is not told. */
export function softLimit(limits: string, name: string): number | null {
  const line = limits.split('\n').find((each) => each.startsWith(name));
  const soft = Number(line?.slice(name.length).trim().split(/\s+/)[0]);
  return Number.isFinite(soft) && line !== undefined ? soft : null;
}

function userNamespaces(): UserNamespaces {
  if (process.platform !== 'linux') return 'unknown';
  if (setting('user/max_user_namespaces') === 0) return 'none';
  if (setting('kernel/unprivileged_userns_clone') === 0) return 'unprivilegedOff';
  return setting('kernel/apparmor_restrict_unprivileged_userns') === 1 ? 'appArmor' : 'allowed';
}

/** The list of what guards this kernel; it is readable where securityfs is mounted. */
function landlock(): boolean | null {
  const modules = textOf('/sys/kernel/security/lsm').trim();
  return modules === '' ? null : modules.split(',').includes('landlock');
}

function setting(name: string): number | null {
  const text = textOf(join('/proc/sys', name)).trim();
  return text === '' ? null : Number(text);
}

function filesystemOf(folder: string): MachineFacts['filesystem'] {
  try {
    const { type, bavail, bsize, blocks, ffree } = statfsSync(folder);
    return { type, freeBytes: bavail * bsize, totalBytes: blocks * bsize, freeFiles: ffree };
  } catch {
    // Not there, or not ours: the files of the data directory tell.
    return null;
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Not on this system.
    return '';
  }
}
