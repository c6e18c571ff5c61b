/** strace as a tool that makes the nth call of a kind fail or the process end, and counts how many there are. */
import { readFileSync } from 'node:fs';
import { findOnPath } from '../../scripts/environment.ts';
import type { Need } from './row.ts';

export const strace: Need = { what: 'strace', isThere: () => findOnPath(['strace']) !== undefined };

/** What changes a file, an entry of a folder, or tells someone of it. */
export const killPoints = ['pwrite64', 'write', 'fsync', 'fdatasync', 'ftruncate', 'rename', 'unlink'] as const;
/** What a disk can refuse. */
export const diskPoints = ['pwrite64', 'fsync', 'fdatasync', 'ftruncate'] as const;

export type Point = { readonly syscall: string; readonly nth: number };

/** Kills the process at the point, before the call has had its effect. */
export function killingAt({ syscall, nth }: Point): string[] {
  return ['strace', '-f', '-qq', '-o', '/dev/null', '-e', `trace=${syscall}`, '-e', `inject=${syscall}:signal=SIGKILL:when=${nth}`];
}

/** Of calls on these files, the nth fails; with `onwards`, so does every later one. */
export function failingAt(
  { syscall, nth }: Point,
  failure: { error: 'EIO' | 'ENOSPC'; onwards: boolean; files: readonly string[] },
): string[] {
  const when = failure.onwards ? `${nth}+` : String(nth);
  const inject = `inject=${syscall}:error=${failure.error}:when=${when}`;
  const files = failure.files.flatMap((file) => ['-P', file]);
  return ['strace', '-f', '-qq', '--seccomp-bpf', ...files, '-o', '/dev/null', '-e', `trace=${syscall}`, '-e', inject];
}

/** Writes down the calls, for `callsIn`. */
export function counting(syscalls: readonly string[], log: string, files: readonly string[] = []): string[] {
  return ['strace', '-f', '-qq', ...files.flatMap((file) => ['-P', file]), '-o', log, '-e', `trace=${syscalls.join()}`];
}

/** How often the thread that made the most of them made each call; strace counts each thread for itself. */
export function callsIn(log: string): Map<string, number> {
  const perThread = new Map<string, number>();
  for (const [, thread, syscall] of readFileSync(log, 'utf8').matchAll(/^(\d+) +(\w+)\(/gm)) {
    perThread.set(`${thread} ${syscall}`, (perThread.get(`${thread} ${syscall}`) ?? 0) + 1);
  }
  const most = new Map<string, number>();
  for (const [key, count] of perThread) {
    const syscall = key.split(' ')[1] ?? '';
    most.set(syscall, Math.max(most.get(syscall) ?? 0, count));
  }
  return most;
}
