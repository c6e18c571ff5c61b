/** One control group for one program and everything it starts: its bounds, what they have cost it, and its end. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { delay } from '../../base/delay.ts';
import type { ResourceLimits } from '../../protocol/supervision.ts';
import type { Usage } from './bound-judgement.ts';
import type { CgroupPlace, Controller } from './cgroup-place.ts';

type Dirs = CgroupPlace['parents'];
type Setting = readonly [controller: Controller, file: string, value: string];

const cpuPeriodUs = 100_000;
const killRounds = 200;
const killRoundMs = 10;
/** A kernel that does not account for swap lacks these. */
const swapFiles = ['memory.swap.max', 'memory.memsw.limit_in_bytes'];

/** Throws when the kernel refuses, or there is one of that name, and leaves nothing behind then. */
export function makeCgroup(place: CgroupPlace, name: string, limits: ResourceLimits): Cgroup {
  const group = namedCgroup(place, name);
  try {
    group.make(limits);
    return group;
  } catch (error) {
    group.remove();
    throw error;
  }
}

/** Begins the names of all groups that are ours, whichever agent's. */
export const groupPrefix = 'agor-';
/** In between a group is made and joined, and is empty without being left behind. */
const leftBehindAfterMs = 60_000;

/**
 * Ends what earlier runs of the agent left in groups whose names begin with `prefix`. Of other agents, which may never
 * come back, the groups in which nothing runs any more are removed.
 */
export async function endStaleCgroups(place: CgroupPlace, prefix: string, now: number): Promise<void> {
  const parents = [...new Set(Object.values(place.parents))];
  const names = new Set(parents.flatMap(childrenOf).filter((name) => name.startsWith(groupPrefix)));
  for (const name of names) {
    if (name.startsWith(prefix)) await namedCgroup(place, name).end();
    else for (const parent of parents) removeIfLeft(join(parent, name), now);
  }
}

/** The kernel removes no group that has members. */
function removeIfLeft(dir: string, now: number): void {
  attempt(() => {
    if (now - statSync(dir).mtimeMs > leftBehindAfterMs) rmdirSync(dir);
  });
}

function namedCgroup({ version, parents }: CgroupPlace, name: string): Cgroup {
  return new Cgroup(version, Object.fromEntries(Object.entries(parents).map(([controller, parent]) => [controller, join(parent, name)])));
}

export class Cgroup {
  readonly version: CgroupPlace['version'];
  readonly #dirs: Dirs;

  constructor(version: CgroupPlace['version'], dirs: Dirs) {
    this.version = version;
    this.#dirs = dirs;
  }

  make(limits: ResourceLimits): void {
    for (const dir of this.#uniqueDirs()) mkdirSync(dir);
    for (const [controller, file, value] of this.version === 2 ? unifiedSettings(limits) : version1Settings(limits)) {
      const dir = this.#dirs[controller];
      if (dir === undefined || (swapFiles.includes(file) && !existsSync(join(dir, file)))) continue;
      writeFileSync(join(dir, file), value);
    }
  }

  bounds(controller: Controller): boolean {
    return this.#dirs[controller] !== undefined;
  }

  /** A process that writes its number into each of these belongs to the group from then on, and all it starts. */
  get joinFiles(): string[] {
    return this.#uniqueDirs().map((dir) => join(dir, 'cgroup.procs'));
  }

  look(): Usage {
    const { memory, pids } = this.#dirs;
    const events = this.version === 2 ? 'memory.events' : 'memory.oom_control';
    return {
      oomKills: memory === undefined ? 0 : counterIn(join(memory, events), 'oom_kill'),
      refusedForks: pids === undefined ? 0 : counterIn(join(pids, 'pids.events'), 'max'),
    };
  }

  /** Ends whatever is in it, also what has left the program's process group. */
  async kill(): Promise<void> {
    const { pids } = this.#dirs;
    // Nothing in it can multiply while it is being ended.
    if (pids !== undefined) attempt(() => writeFileSync(join(pids, 'pids.max'), '0'));
    for (let round = 0; round < killRounds; round++) {
      const members = this.#uniqueDirs().flatMap(membersOf);
      if (members.length === 0) return;
      for (const pid of members) attempt(() => process.kill(pid, 'SIGKILL'));
      await delay(killRoundMs);
    }
  }

  /** Gives what it was like at the end. */
  async end(): Promise<Usage> {
    const last = this.look();
    await this.kill();
    this.remove();
    return last;
  }

  remove(): void {
    for (const dir of this.#uniqueDirs()) attempt(() => rmdirSync(dir));
  }

  #uniqueDirs(): string[] {
    return [...new Set(Object.values(this.#dirs))];
  }
}

function unifiedSettings(limits: ResourceLimits): Setting[] {
  return [
    ['memory', 'memory.max', String(bytesOf(limits))],
    ['memory', 'memory.swap.max', '0'],
    ['pids', 'pids.max', String(limits.processes)],
    ['cpu', 'cpu.max', `${quotaUs(limits)} ${cpuPeriodUs}`],
  ];
}

/** Memory with swap cannot be bounded below memory alone, so that comes second. */
function version1Settings(limits: ResourceLimits): Setting[] {
  return [
    ['memory', 'memory.limit_in_bytes', String(bytesOf(limits))],
    ['memory', 'memory.memsw.limit_in_bytes', String(bytesOf(limits))],
    ['pids', 'pids.max', String(limits.processes)],
    ['cpu', 'cpu.cfs_period_us', String(cpuPeriodUs)],
    ['cpu', 'cpu.cfs_quota_us', String(quotaUs(limits))],
  ];
}

function bytesOf({ memoryMb }: ResourceLimits): number {
  return memoryMb * 1024 * 1024;
}

function quotaUs({ cpuPercent }: ResourceLimits): number {
  return (cpuPercent * cpuPeriodUs) / 100;
}

function membersOf(dir: string): number[] {
  try {
    return readFileSync(join(dir, 'cgroup.procs'), 'utf8')
      .split('\n')
      .map(Number)
      .filter((pid) => pid > 0);
  } catch {
    // It was removed.
    return [];
  }
}

function childrenOf(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch {
    // Gone with whoever owned it.
    return [];
  }
}

function counterIn(file: string, name: string): number {
  try {
    return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(readFileSync(file, 'utf8'))?.[1] ?? 0);
  } catch {
    // It was removed with its last process.
    return 0;
  }
}

function attempt(step: () => void): void {
  try {
    step();
  } catch {
    // The process or the group ended meanwhile; what is left is found by the sweep of the agent's next start.
  }
}
