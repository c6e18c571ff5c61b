/** The report of a drill in words, for the file beside it and for the command line. */
import type { DrillReport } from './backup.ts';

const stepWords = {
  check: 'every byte read and compared with the manifest',
  bringBack: 'brought back into an empty folder',
  open: 'opened as a backend does',
  count: 'rows counted',
  chain: 'audit log followed to its head',
} as const satisfies Record<DrillReport['steps'][number]['name'], string>;

export function drillText({ at, backup, bytes, build, steps, rows, audit, problems }: DrillReport): string[] {
  const total = steps.reduce((sum, { ms }) => sum + ms, 0);
  return [
    `Restore drill of ${new Date(at).toISOString()}: ${problems.length === 0 ? 'passed' : 'failed'}, ${seconds(total)} s`,
    `Backup ${backup}, ${(bytes / (1024 * 1024)).toFixed(1)} MiB; tried with ${build.version} (${build.gitSha}).`,
    ...steps.map(({ name, ms }) => `  ${seconds(ms).padStart(8)} s  ${stepWords[name]}`),
    ...(problems.length === 0
      ? [`${rows.sessions + rows.btmsg} rows; the audit log ends at row ${audit.seq}, ${audit.hash || 'which is none'}.`]
      : []),
    ...problems.map((problem) => `Problem: ${problem}`),
  ];
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(2);
}
