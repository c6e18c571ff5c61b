/** How a system without /proc is asked when a process was started, and how its answer is read. Pure. */
import { win32 } from 'node:path';

export type Query = { readonly file: string; readonly args: readonly string[] };

/** By the system's own tool, named by its place where the PATH could name another. */
export function startTimeQuery(platform: NodeJS.Platform, pid: number, systemRoot = 'C:\\Windows'): Query {
  if (platform !== 'win32') return { file: 'ps', args: ['-o', 'state=,lstart=', '-p', String(pid)] };
  const script = `(Get-Process -Id ${Math.trunc(pid)} -ErrorAction Stop).StartTime.ToFileTimeUtc()`;
  const file = win32.join(systemRoot, 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe');
  return { file, args: ['-NoProfile', '-NonInteractive', '-Command', script] };
}

/** Null when there is no such process; one that ended and was not yet reaped is none. */
export function startTimeIn(platform: NodeJS.Platform, answer: string): string | null {
  const listed = answer.trim();
  if (platform === 'win32') return /^\d+$/.test(listed) ? listed : null;
  return listed === '' || listed.startsWith('Z') ? null : listed.replace(/^\S+\s+/, '');
}
