/** Backups for a terminal. */
import type { Backup, RestoreLoss } from '../protocol/backup.ts';
import type { Result } from '../protocol/requests.ts';
import { bytesText } from './metrics-text.ts';
import { oneLine } from './printable.ts';
import type { Style } from './style.ts';
import { table } from './table.ts';
import { agoText } from './time-text.ts';

type List = Pick<Result<'backup/list'>, 'backups' | 'unusable'> & Partial<Pick<Result<'backup/list'>, 'nextAt' | 'lastDrill' | 'folder'>>;

export function listLines({ backups, unusable, nextAt, lastDrill, folder }: List, now: number): string[] {
  const rows = backups.map((backup) => [
    backup.id,
    agoText(backup.madeAt, now),
    bytesText(backup.bytes),
    rowsText(backup),
    backup.flaws.length === 0 ? 'good' : 'flawed',
  ]);
  return [
    ...(rows.length === 0
      ? ['There is no backup yet. Make one with: agor backup create']
      : table(['ID', 'MADE', 'SIZE', 'HOLDS', 'STATE'], rows)),
    ...backups.flatMap(({ id, flaws }) => flaws.map((flaw) => `${id}: ${oneLine(flaw, 400)}`)),
    ...unusable.map(({ name, problem }) => `${oneLine(name, 100)} cannot be used: ${oneLine(problem, 400)}`),
    ...(folder === undefined ? [] : [`They are in ${oneLine(folder, 1_000)}.`]),
    ...(nextAt === undefined ? [] : [`The next one is due at ${new Date(nextAt).toISOString()}.`]),
    ...(lastDrill === undefined ? [] : [lastDrill ? drillLine(lastDrill, now) : 'No backup was tried out yet: agor backup drill']),
  ];
}

export function madeLine({ id, bytes, tookMs, audit }: Backup): string {
  return `${id}: ${bytesText(bytes)} in ${(tookMs / 1_000).toFixed(1)} s, checked; the audit log ends at row ${audit.seq}.`;
}

export function verifiedLines({ id }: Backup, problems: readonly string[], style: Style): string[] {
  if (problems.length === 0) return [`${style('green', '✓')} ${id} is what was made: every byte, every row, the audit log to its head.`];
  return [`${style('red', '✗')} ${id} cannot be relied on:`, ...problems.map((problem) => `    ${oneLine(problem, 500)}`)];
}

/** What a person reads before they say yes. */
export function beforeRestore(backup: Backup, loss: RestoreLoss, running: readonly string[], dataDir: string): string[] {
  const lost = Object.entries(lossWords)
    .map(([name, word]) => ({ word, count: loss[name as keyof typeof lossWords] }))
    .filter(({ count }) => count > 0)
    .map(({ word, count }) => `${count} ${word}`);
  return [
    `Everything goes back to ${new Date(backup.madeAt).toISOString()} (${backup.id}).`,
    ...(backup.dataDir === dataDir ? [] : [`It is of another data directory: ${oneLine(backup.dataDir, 1_000)}.`]),
    lost.length === 0
      ? loss.commits === 0
        ? 'Nothing was written since.'
        : `Nothing was added since; ${loss.commits} changes of what was there go.`
      : `What came since goes: ${lost.join(', ')}. It stays in the quarantine.`,
    running.length === 0
      ? 'No agent runs.'
      : `These agents are stopped, and go on with what the backup knows of them: ${running.map((name) => oneLine(name, 40)).join(', ')}.`,
    'Files in projects and worktrees stay as they are.',
  ];
}

const lossWords = {
  items: 'entries of transcripts',
  sessions: 'sessions',
  messages: 'messages',
  tasks: 'tasks',
  agents: 'agents',
  auditRows: 'rows of the audit log',
} as const satisfies Partial<Record<keyof RestoreLoss, string>>;

function rowsText({ databases: { sessions, btmsg } }: Backup): string {
  const counts = { sessions: sessions.rows.sessions, items: sessions.rows.items, messages: btmsg.rows.messages, tasks: btmsg.rows.tasks };
  return Object.entries(counts)
    .map(([name, count]) => `${count ?? 0} ${name}`)
    .join(', ');
}

function drillLine({ at, backup, problems }: NonNullable<List['lastDrill']>, now: number): string {
  return `Last drill: ${agoText(at, now)}, with ${backup}: ${problems.length === 0 ? 'passed' : 'failed'}.`;
}
