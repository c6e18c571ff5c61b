/** A program and everything it started, found by who started whom: for machines that give us no control groups. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';

export type ListedProcess = {
  readonly pid: number;
  readonly parentPid: number;
  readonly groupId: number;
  /** Good for nothing but telling two processes of one number apart. */
  readonly startTime: string;
  /** Each of them counts, as it does for the kernel. */
  readonly threads: number;
  /** Where the system gives it with the list. */
  readonly memoryBytes: number | null;
};

/** The members by number, each with its start time. */
export type Tree = ReadonlyMap<number, string>;

/**
 * Pure: the program, its group, their children, and those found earlier whose parents have ended meanwhile. A number
 * alone says little, because it is given again: but for the first look (`earlier` is null), when the program was just
 * started, somebody must be left of those found before.
 */
export function treeOf(listed: readonly ListedProcess[], rootPid: number, earlier: Tree | null): Tree {
  const isKnown = ({ pid, startTime }: ListedProcess) => (earlier === null ? pid === rootPid : earlier.get(pid) === startTime);
  const known = listed.filter(isKnown);
  // A group's number stays its own while it has members.
  const isGroupAlive = known.some(({ groupId }) => groupId === rootPid);
  const members = new Map(known.map(({ pid, startTime }) => [pid, startTime]));
  const belongs = ({ parentPid, groupId }: ListedProcess) => members.has(parentPid) || (isGroupAlive && groupId === rootPid);
  for (let found = -1; found !== members.size; ) {
    found = members.size;
    for (const process of listed) if (belongs(process)) members.set(process.pid, process.startTime);
  }
  return members;
}

export async function listProcesses(): Promise<ListedProcess[]> {
  return process.platform === 'linux'
    ? listInProc()
    : parsePs((await promisify(execFile)('ps', psArguments, { env: psEnvironment })).stdout);
}

/** What a process has for itself: what it shares with others is not counted once for each. */
export function ownMemoryBytes({ pid, memoryBytes }: ListedProcess): number {
  if (memoryBytes !== null) return memoryBytes;
  try {
    return Number(/^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    // It has ended.
    return 0;
  }
}

function listInProc(): ListedProcess[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      return parseStat(readFileSync(`/proc/${name}/stat`, 'utf8')) ?? [];
    } catch {
      // It has ended.
      return [];
    }
  });
}

/** The name comes before the other fields, and may hold spaces and brackets itself. A zombie uses nothing. */
export function parseStat(stat: string): ListedProcess | null {
  const [state, parentPid, groupId, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (state === undefined || state === 'Z' || state === 'X') return null;
  const pid = Number.parseInt(stat, 10);
  const place = { pid, parentPid: Number(parentPid), groupId: Number(groupId) };
  return { ...place, startTime: fields[16] ?? '', threads: Number(fields[14] ?? 1), memoryBytes: null };
}

const psArguments = ['-axo', 'pid=,ppid=,pgid=,rss=,lstart='];
const psEnvironment = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

export function parsePs(output: string): ListedProcess[] {
  return output.split('\n').flatMap((line) => {
    const [pid, parentPid, groupId, rssKb, ...start] = line.trim().split(/\s+/);
    if (start.length === 0) return [];
    const numbers = { pid: Number(pid), parentPid: Number(parentPid), groupId: Number(groupId) };
    return [{ ...numbers, startTime: start.join(' '), threads: 1, memoryBytes: Number(rssKb) * 1024 }];
  });
}
