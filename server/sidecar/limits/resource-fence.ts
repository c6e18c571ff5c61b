/** What keeps a program's bounds, and what that does not keep. Pure. */
import type { ResourceFence } from '../../protocol/supervision.ts';
import type { Controller } from './cgroup-place.ts';

export type Kept = {
  readonly platform: NodeJS.Platform;
  readonly cgroup: { readonly version: 1 | 2; readonly controllers: readonly Controller[] } | null;
  /** Whether the kernel also keeps a bound of processes for the whole user. */
  readonly boundsUserProcesses: boolean;
  /** Outside of a fence a program has the rights that its bounds were set with. */
  readonly isFenced: boolean;
};

/** On a system where there is nothing to do so, and for runs that were begun before there were bounds. */
export const unbounded: ResourceFence = {
  by: [],
  gaps: ['Nothing bounds its memory, its processes, its open files and its share of the CPU.'],
};
const watchedMemory = 'Its memory is looked at once a second: in between it can take more than its bound.';
const watchedProcesses = 'Its processes are counted once a second: in between it can start more than its bound.';
const unboundedCpu = 'Its share of the CPU is not bounded.';
const notFenced = 'It is not fenced in, so it can leave its control group.';

export function resourceFence({ platform, cgroup, boundsUserProcesses, isFenced }: Kept): ResourceFence {
  if (platform === 'win32') return unbounded;
  const controllers = cgroup?.controllers ?? [];
  const isWatched = isWatchNeeded(controllers);
  const gaps = [
    ...(controllers.includes('memory') ? [] : [watchedMemory]),
    ...(controllers.includes('pids') || boundsUserProcesses ? [] : [watchedProcesses]),
    ...(controllers.includes('cpu') ? [] : [unboundedCpu]),
    ...(cgroup !== null && !isFenced ? [notFenced] : []),
  ];
  const groups = cgroup === null ? [] : [cgroup.version === 2 ? ('cgroup2' as const) : ('cgroup1' as const)];
  return { by: [...groups, 'prlimit', ...(isWatched ? (['watchdog'] as const) : [])], gaps };
}

/** What the kernel does not keep by itself, we look after. */
export function isWatchNeeded(controllers: readonly Controller[]): boolean {
  return !controllers.includes('memory') || !controllers.includes('pids');
}
