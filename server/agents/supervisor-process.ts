/** The processes behind a run: starts a sidecar, and ends by force what is left of one. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { compileCacheOf } from '../base/compile-cache.ts';
import { endTree, hasProcessGroups } from '../base/end-tree.ts';
import { isOfThisBoot, isSameProcess, type ProcessIdentity, processIdentity } from '../base/process-identity.ts';
import { youngHeapFlags } from '../base/young-heap.ts';
import type { RunRecord } from '../protocol/run-record.ts';
import type { AgentFolders } from './run-files.ts';

/** Detached, with what it says past its log in a file: it outlives this process. */
export function spawnSidecar(program: string, recordPath: string, { errorOutput, privateDir }: AgentFolders): ChildProcess {
  const output = openSync(errorOutput, 'a', 0o600);
  try {
    const child = spawn(process.execPath, [...youngHeapFlags, program, recordPath], {
      detached: true,
      stdio: ['ignore', output, output],
      cwd: privateDir,
      env: { ...process.env, ...compileCacheOf(program) },
      windowsHide: true,
    });
    child.unref();
    return child;
  } finally {
    closeSync(output);
  }
}

export function exitText(code: number | null, signal: NodeJS.Signals | null): string {
  return signal ? `it was ended by ${signal}` : `it ended with code ${code}`;
}

export function killSidecar(sidecar: ProcessIdentity): void {
  if (isSameProcess(sidecar)) kill(sidecar.pid);
}

/**
 * A sidecar that was killed may leave its agent's program behind, or what that started: nothing may go on unseen. The
 * group's number stays taken while it has members; only a leader that is another process means that it was given anew.
 */
export function endProgram({ program }: RunRecord): void {
  if (!program || !isOfThisBoot(program)) return;
  const isLeader = isSameProcess(program);
  // Without groups a leader that has ended leads to nobody.
  if (isLeader || (hasProcessGroups() && processIdentity(program.pgid) === null)) endTree(program.pgid, 'SIGKILL');
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // ESRCH: it ended between the look and the signal, or nothing of its group is left.
  }
}
