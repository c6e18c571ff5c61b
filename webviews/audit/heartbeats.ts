/** Heartbeats that follow each other are one line: there is one of every agent every few seconds. Pure. */
import type { AuditRecord } from '../../server/protocol/audit.ts';

export interface Line {
  readonly row: AuditRecord;
  /** Of a line that stands for several heartbeats: all of them, newest first, `row` too. */
  readonly beats: readonly AuditRecord[];
  /** Its heartbeats stand below it one by one. */
  readonly isUnfolded: boolean;
}

/** `unfolded`: runs by their oldest row, which stays the same while a run goes on. */
export function linesOf(records: readonly AuditRecord[], unfolded: ReadonlySet<number>): Line[] {
  return runsOf(records).flatMap((run) => {
    const [first] = run;
    if (!first) return [];
    if (run.length === 1) return [alone(first)];
    const isUnfolded = unfolded.has(runKey(run));
    return [{ row: first, beats: run, isUnfolded }, ...(isUnfolded ? run.slice(1).map(alone) : [])];
  });
}

/** By which it is unfolded. */
export function runKey(beats: readonly AuditRecord[]): number {
  return beats.at(-1)?.seq ?? 0;
}

export function agentsOf(beats: readonly AuditRecord[]): ReadonlySet<string | null> {
  return new Set(beats.map(({ agentId }) => agentId));
}

function alone(row: AuditRecord): Line {
  return { row, beats: [], isUnfolded: false };
}

function runsOf(records: readonly AuditRecord[]): AuditRecord[][] {
  const runs: AuditRecord[][] = [];
  for (const record of records) {
    const run = runs.at(-1);
    if (record.event === 'heartbeat' && run?.[0]?.event === 'heartbeat') run.push(record);
    else runs.push([record]);
  }
  return runs;
}
