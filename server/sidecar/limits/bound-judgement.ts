/** Whether a program has gone past one of its bounds, from what is seen of it once a second. Pure. */
import type { ResourceLimits } from '../../protocol/supervision.ts';

/** What one look tells; what this machine cannot tell is absent. Counters only grow. */
export type Usage = {
  readonly memoryBytes?: number;
  /** Threads included. */
  readonly processes?: number;
  /** How often the kernel ended one of its processes for its memory. */
  readonly oomKills?: number;
  /** How often it was refused another process. */
  readonly refusedForks?: number;
};

export type Bound = 'memory' | 'processes';

/** What the looks so far have shown. */
export type Seen = { readonly oomKills: number; readonly refusedForks: number; readonly looksAtMostProcesses: number };

export type Judgement = {
  readonly seen: Seen;
  /** The bound for which the whole program must end now. */
  readonly over: Bound | null;
  /** What the kernel did since the last look that the person should know of. */
  readonly told: Bound | null;
};

export const nothingSeen: Seen = { oomKills: 0, refusedForks: 0, looksAtMostProcesses: 0 };

/** At its bound for a moment, a build goes on; for as many looks in a row as this, something multiplies without end. */
export const patienceLooks = 3;

export function judge(seen: Seen, usage: Usage, limits: ResourceLimits): Judgement {
  const oomKills = usage.oomKills ?? 0;
  const refusedForks = usage.refusedForks ?? 0;
  const isAtMost = refusedForks > seen.refusedForks || (usage.processes ?? 0) >= limits.processes;
  const looksAtMostProcesses = isAtMost ? seen.looksAtMostProcesses + 1 : 0;
  const isOverMemory = (usage.memoryBytes ?? 0) > limits.memoryMb * 1024 * 1024;
  const over = isOverMemory ? 'memory' : looksAtMostProcesses >= patienceLooks ? 'processes' : null;
  const told = oomKills > seen.oomKills ? 'memory' : looksAtMostProcesses === 1 ? 'processes' : null;
  return { seen: { oomKills, refusedForks, looksAtMostProcesses }, over, told };
}

/** Which bound ended a program that we did not end for it: the kernel did, or it did not get over a refusal. */
export function endedBy(seen: Seen, last: Usage, exit: { readonly code: number | null; readonly signal: string | null }): Bound | null {
  if (isKilled(exit) && (last.oomKills ?? 0) > seen.oomKills) return 'memory';
  return exit.code !== 0 && (last.refusedForks ?? 0) > seen.refusedForks ? 'processes' : null;
}

/** Bubblewrap and shells tell of a signal by a code. */
function isKilled({ code, signal }: { readonly code: number | null; readonly signal: string | null }): boolean {
  return signal === 'SIGKILL' || code === 137;
}

/** As a noun, for "it was ended by …". */
export function boundText(bound: Bound, limits: ResourceLimits): string {
  return bound === 'memory' ? `its memory bound of ${limits.memoryMb} MB` : `its bound of ${limits.processes} processes`;
}
