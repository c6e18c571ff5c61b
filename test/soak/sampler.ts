/** Reads the processes and files of a data directory that is in use; it opens no database of it. Linux only. */
import { globSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { FileReading, ProcessReading } from './reading.ts';

/** Null when it has ended. */
export function readProcess(pid: number): ProcessReading | null {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    const kilobytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1] ?? 0);
    const descriptors = readdirSync(`/proc/${pid}/fd`).length;
    return { pid, pssBytes: kilobytes('Pss') * 1024, rssBytes: kilobytes('Rss') * 1024, descriptors };
  } catch {
    // It ended between being named and being read.
    return null;
  }
}

export function readFiles(dataDir: string): FileReading {
  const size = (...path: string[]) => statSync(join(dataDir, ...path), { throwIfNoEntry: false })?.size ?? 0;
  const below = (pattern: string) => globSync(pattern, { cwd: dataDir }).map((path) => size(path));
  return {
    sessionsBytes: size('sessions.db'),
    btmsgBytes: size('btmsg.db'),
    searchBytes: size('search.db'),
    walBytes: Math.max(0, ...below('*.db-wal')),
    logBytes: total([...below('logs/**/*'), ...below('agents/*/private/logs/**/*'), ...below('agents/*/private/*.log')]),
    outboxBytes: total(below('agents/*/private/outbox*')),
  };
}

export type Watched = { readonly p99: number; readonly max: number; readonly aliveBytes: number | null };

/** The last line of what a backend with `watched.mjs` writes. */
export function readWatched(file: string): Watched | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8').trim().split('\n').at(-1) ?? '');
  } catch {
    // It writes its first line after ten seconds.
    return null;
  }
}

function total(sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + size, 0);
}
