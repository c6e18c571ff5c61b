/** Finds and ends the processes a development run has started, the detached ones included. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { sep } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export type RunningProcess = { pid: number; parentPid: number; groupId: number; command: string };

/** All processes but zombies, which nothing can end any more. */
export function listProcesses(): RunningProcess[] {
  return process.platform === 'linux' ? listFromProc() : listFromPs();
}

/** The processes whose program lies in the folder, and what they have started. */
export function processesRunningFrom(folder: string): RunningProcess[] {
  return withDescendants(listProcesses(), (entry) => entry.command.includes(`${folder}${sep}`));
}

/** Those that have the folder anywhere in their command line or environment: for temporary folders, which are unique. */
export function processesOf(folder: string): RunningProcess[] {
  return withDescendants(listProcesses(), (entry) => entry.command.includes(folder) || environmentOf(entry.pid).includes(folder));
}

/** The processes that fit and everything below them, but never this process itself. */
export function withDescendants(all: readonly RunningProcess[], fits: (entry: RunningProcess) => boolean): RunningProcess[] {
  const others = all.filter((entry) => entry.pid !== process.pid);
  const found = new Map(others.filter(fits).map((entry) => [entry.pid, entry]));
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const entry of others) if (found.has(entry.parentPid)) found.set(entry.pid, entry);
  }
  return [...found.values()];
}

/** Asks the processes to end, and kills those that are still there after the grace time. Answers those it had to kill. */
export async function endProcesses(find: () => RunningProcess[], graceMs: number): Promise<RunningProcess[]> {
  for (const entry of find()) signal(entry.pid, 'SIGTERM');
  for (const giveUpAt = Date.now() + graceMs; Date.now() < giveUpAt && find().length > 0; ) await delay(50);
  const stubborn = find();
  for (const entry of stubborn) signal(entry.pid, 'SIGKILL');
  while (find().length > 0) await delay(20);
  return stubborn;
}

/** Other systems do not show an environment to everyone, and there the command line has to do. */
function environmentOf(pid: number): string {
  if (process.platform !== 'linux') return '';
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    // It ended meanwhile, or belongs to somebody else and therefore is none of ours.
    return '';
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended between being listed and being signalled, which is what was wanted.
  }
}

function listFromProc(): RunningProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProc(Number(name)));
}

function readProc(pid: number): RunningProcess[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets and may itself hold spaces and brackets.
    const [state, parentPid, groupId] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z' || state === 'X') return [];
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return [{ pid, parentPid: Number(parentPid), groupId: Number(groupId), command }];
  } catch {
    // It ended while the list was read.
    return [];
  }
}

function listFromPs(): RunningProcess[] {
  const { stdout } = spawnSync('ps', ['-axo', 'pid=,ppid=,pgid=,stat=,command='], { encoding: 'utf8' });
  // Windows has no such program; there a backend that was tried out ends by itself when it is idle.
  return (stdout ?? '').split('\n').flatMap((line) => {
    const [, pid, parentPid, groupId, state, command] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    if (command === undefined || state?.startsWith('Z')) return [];
    return [{ pid: Number(pid), parentPid: Number(parentPid), groupId: Number(groupId), command }];
  });
}
