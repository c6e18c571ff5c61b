/**
 * Which process a number means. A pid is given again after its owner ended, so before anything is signalled the
 * pid's start time and the machine's boot are compared too.
 */
import { execFileSync, type StdioOptions } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { startTimeIn, startTimeQuery } from './start-time-query.ts';

export type ProcessIdentity = {
  readonly pid: number;
  /** Clock ticks since boot on Linux, a date elsewhere: good for nothing but comparing. */
  readonly startTime: string;
  readonly bootId: string;
};

/** Null when no such process runs; one that ended and was not yet reaped does not run. */
export function processIdentity(pid: number): ProcessIdentity | null {
  const startTime = process.platform === 'linux' ? linuxStartTime(pid) : listedStartTime(pid);
  return startTime === null ? null : { pid, startTime, bootId: bootId() };
}

/** Whether it was named since the machine was started: before that, every number meant another process. */
export function isOfThisBoot(identity: ProcessIdentity): boolean {
  return identity.bootId === bootId();
}

export function isSameProcess(identity: ProcessIdentity): boolean {
  if (!isOfThisBoot(identity)) return false;
  return processIdentity(identity.pid)?.startTime === identity.startTime;
}

function linuxStartTime(pid: number): string | null {
  try {
    return startTimeInStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    // ENOENT, or ESRCH when it ended while being read: there is no such process.
    return null;
  }
}

/** Field 22 of `/proc/<pid>/stat`. The program's name comes before and may hold spaces and brackets itself. */
export function startTimeInStat(stat: string): string | null {
  const [state, ...fields] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .trimEnd()
    .split(' ');
  if (state === undefined || state === 'Z' || state === 'X') return null;
  return fields[18] ?? null;
}

/** Its own start is looked up once: it cannot change, and asking takes Windows the better part of a second. */
let ownStartTime: string | null | undefined;

function listedStartTime(pid: number): string | null {
  if (pid !== process.pid) return askedStartTime(pid);
  ownStartTime ??= askedStartTime(pid);
  return ownStartTime;
}

function askedStartTime(pid: number): string | null {
  if (!isTaken(pid)) return null;
  const { file, args } = startTimeQuery(process.platform, pid, process.env.SystemRoot);
  try {
    const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
    const stdio: StdioOptions = ['ignore', 'pipe', 'ignore'];
    return startTimeIn(process.platform, execFileSync(file, args, { encoding: 'utf8', env, stdio, windowsHide: true }));
  } catch {
    // Both exit with 1 when there is no such process.
    return null;
  }
}

/** Cheap, and enough to say no. */
function isTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, and another user's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

let knownBootId: string | undefined;

function bootId(): string {
  knownBootId ??= readBootId();
  return knownBootId;
}

/** Elsewhere the start time is a date, which no later boot repeats. */
function readBootId(): string {
  if (process.platform !== 'linux') return '';
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}
