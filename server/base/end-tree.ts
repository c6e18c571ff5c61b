/**
 * How a process is ended with everything that it started. Elsewhere than on Windows it leads a process group, and a signal
 * reaches all of it; Windows has no groups and no signals, and its own tool ends a tree, by force only.
 */
import { spawnSync } from 'node:child_process';
import { win32 } from 'node:path';

export type Ending =
  | { readonly kind: 'signal'; readonly pid: number; readonly signal: NodeJS.Signals }
  | { readonly kind: 'run'; readonly file: string; readonly args: readonly string[] };

const toolTimeoutMs = 5_000;

/** Whether what a process left behind can be found by its number when it has ended itself. */
export function hasProcessGroups(platform: NodeJS.Platform = process.platform): boolean {
  return platform !== 'win32';
}

/** Pure. The tool is named by its place: on the PATH there may be another one. */
export function endingOf(platform: NodeJS.Platform, pid: number, signal: NodeJS.Signals, systemRoot = 'C:\\Windows'): Ending {
  if (hasProcessGroups(platform)) return { kind: 'signal', pid: -pid, signal };
  return { kind: 'run', file: win32.join(systemRoot, 'System32', 'taskkill.exe'), args: ['/PID', String(pid), '/T', '/F'] };
}

/** `pid` leads its group, and is alive where there are none. Answers whether anything was there to be ended; never throws. */
export function endTree(pid: number, signal: NodeJS.Signals): boolean {
  const ending = endingOf(process.platform, pid, signal, process.env.SystemRoot);
  if (ending.kind === 'run')
    return spawnSync(ending.file, ending.args, { stdio: 'ignore', timeout: toolTimeoutMs, windowsHide: true }).status === 0;
  try {
    process.kill(ending.pid, ending.signal);
    return true;
  } catch {
    // Nothing is left in the group, or it took another user's rights and is out of reach either way.
    return false;
  }
}

/** Whether anything of it lives. */
export function isTreeAlive(pid: number): boolean {
  try {
    process.kill(hasProcessGroups() ? -pid : pid, 0);
    return true;
  } catch {
    return false;
  }
}
