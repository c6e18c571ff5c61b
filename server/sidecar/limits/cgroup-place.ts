/**
 * Where the kernel lets us make control groups: below our own group, in whichever of the two hierarchies has the
 * controllers. Version 2 keeps processes out of groups that have divided ones, so there it is a group further up.
 */
import { accessSync, appendFileSync, constants, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export type Controller = 'memory' | 'pids' | 'cpu';

/** For each controller that is at hand the group to make ours in; in version 2 it is the same for all. */
export type CgroupPlace = { readonly version: 1 | 2; readonly parents: Readonly<Partial<Record<Controller, string>>> };

type Mount = { readonly version: 1 | 2; readonly root: string; readonly point: string; readonly options: readonly string[] };

const controllers: readonly Controller[] = ['memory', 'pids', 'cpu'];

/** Null when there is none that we may write to. */
export function findCgroupPlace(): CgroupPlace | null {
  if (process.platform !== 'linux') return null;
  const mounts = cgroupMounts(readFileSync('/proc/self/mountinfo', 'utf8'));
  const own = readFileSync('/proc/self/cgroup', 'utf8');
  return placeInUnified(unifiedGroups(mounts, own)) ?? placeInVersion1(ownGroups(mounts, own));
}

/** Pure: the lines of `/proc/self/mountinfo` that are about control groups. */
export function cgroupMounts(mountinfo: string): Mount[] {
  return mountinfo.split('\n').flatMap((line): Mount[] => {
    const [, , , root, point, ...rest] = line.split(' ');
    const [type, , options] = rest.slice(rest.indexOf('-') + 1);
    if (root === undefined || point === undefined || (type !== 'cgroup' && type !== 'cgroup2')) return [];
    return [{ version: type === 'cgroup2' ? 2 : 1, root, point, options: options?.split(',') ?? [] }];
  });
}

/** Pure: our own group of version 2 and those above it, innermost first. */
export function unifiedGroups(mounts: readonly Mount[], ownCgroups: string): string[] {
  const mount = mounts.find(({ version }) => version === 2);
  const path = /^0::(.*)$/m.exec(ownCgroups)?.[1];
  if (!mount || path === undefined) return [];
  const groups = [groupDir(mount, path)];
  for (let group = groups[0] ?? mount.point; group.length > mount.point.length; group = dirname(group)) groups.push(dirname(group));
  return groups;
}

/** Pure: our own group of version 1 for each controller that is mounted. */
export function ownGroups(mounts: readonly Mount[], ownCgroups: string): Partial<Record<Controller, string>> {
  const found = controllers.flatMap((controller) => {
    const mount = mounts.find(({ version, options }) => version === 1 && options.includes(controller));
    const line = ownCgroups.split('\n').find((text) => text.split(':')[1]?.split(',').includes(controller));
    const path = line?.split(':').slice(2).join(':');
    return mount && path !== undefined ? [[controller, groupDir(mount, path)] as const] : [];
  });
  return Object.fromEntries(found);
}

/** The innermost group that divides memory and processes among its children, or can be made to. */
export function placeInUnified(groups: readonly string[]): CgroupPlace | null {
  for (const group of groups) {
    if (!isWritable(join(group, 'cgroup.procs'))) return null;
    const divided = dividedControllers(group);
    if (divided.includes('memory') && divided.includes('pids')) {
      return { version: 2, parents: Object.fromEntries(divided.map((controller) => [controller, group])) };
    }
  }
  return null;
}

export function placeInVersion1(groups: Partial<Record<Controller, string>>): CgroupPlace | null {
  const parents = Object.fromEntries(Object.entries(groups).filter(([, group]) => isWritable(group)));
  return 'memory' in parents || 'pids' in parents ? { version: 1, parents } : null;
}

function dividedControllers(group: string): Controller[] {
  const file = join(group, 'cgroup.subtree_control');
  for (const controller of controllers) {
    try {
      // Added to what is divided already.
      appendFileSync(file, `+${controller}`);
    } catch {
      // It holds processes itself, or was not given this controller: what it divides is read below.
    }
  }
  try {
    const divided = readFileSync(file, 'utf8').split(/\s+/);
    return controllers.filter((controller) => divided.includes(controller));
  } catch {
    // No group of version 2 that we can look into.
    return [];
  }
}

/** What is mounted may begin below the root of the hierarchy, as it does in a container. */
function groupDir({ root, point }: Mount, path: string): string {
  const below = root !== '/' && path.startsWith(root) ? path.slice(root.length) : path;
  return below === '/' || below === '' ? point : join(point, below);
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    // Missing, another's, or mounted for reading only.
    return false;
  }
}
