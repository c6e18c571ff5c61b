/** Which idle agents are ended, so that many agents do not cost many programs. Pure. */
import type { AgentId } from '../protocol/ids.ts';

export type IdleAgent = { readonly id: AgentId; readonly idleMs: number };

export type IdleRules = {
  readonly idleMs: number;
  /** Memory that can still be had, as a share of all; undefined where nobody says. */
  readonly availableMemory: number | undefined;
  /** Since an agent was last ended because memory was short. */
  readonly sinceRelievedMs: number;
};

export type Ending = IdleAgent & { readonly because: 'idle' | 'memory' };

const shortOfMemory = 0.1;
/** What one ended agent gave back is seen only after a while; and none is ended that has only just become idle. */
const relieveEveryMs = 60_000;

/** Those that were idle for long enough; when memory is short, else the one that was idle longest, one a minute. */
export function agentsToEnd(idle: readonly IdleAgent[], rules: IdleRules): Ending[] {
  const due = idle.filter(({ idleMs }) => idleMs >= rules.idleMs);
  if (due.length > 0) return due.map((agent) => ({ ...agent, because: 'idle' }));
  const isShort = rules.availableMemory !== undefined && rules.availableMemory < shortOfMemory;
  if (!isShort || rules.sinceRelievedMs < relieveEveryMs) return [];
  const [longest] = idle.toSorted((a, b) => b.idleMs - a.idleMs);
  return longest && longest.idleMs >= relieveEveryMs ? [{ ...longest, because: 'memory' }] : [];
}

/** From the text of `/proc/meminfo`; undefined when it does not say. */
export function availableMemory(meminfo: string): number | undefined {
  const [total, available] = ['MemTotal', 'MemAvailable'].map((name) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(meminfo)?.[1]),
  );
  return total && available !== undefined && available >= 0 ? available / total : undefined;
}
