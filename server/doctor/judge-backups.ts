/** Whether there is something to go back to, and whether it was ever tried out. Pure. */
import type { BackupStatus } from '../protocol/backup.ts';
import type { Health } from '../protocol/health.ts';
import { type Diagnosis, diagnosis } from './finding.ts';

/** A nightly one may be missed for a night, and the data be as young as that. */
const dueAfterMs = 2 * 24 * 60 * 60 * 1_000;
const why = 'Without a good backup, a damaged disk or a mistake costs everything that was said and decided.';

/** Nothing where no backend tells of them. */
export function judgeBackups(health: Pick<Health, 'backups' | 'startedAt'> | null, now: number): Diagnosis[] {
  return health?.backups ? [...lastGood(health.backups, health.startedAt, now), ...drillDue(health.backups)] : [];
}

function lastGood({ lastGoodAt }: BackupStatus, startedAt: number, now: number): Diagnosis[] {
  const todo = [{ run: 'agor backup create' }];
  const hours = Math.round((now - (lastGoodAt ?? startedAt)) / 3_600_000);
  if (now - (lastGoodAt ?? startedAt) <= dueAfterMs) return [];
  const what = lastGoodAt === null ? 'There is no good backup.' : `The last good backup is ${hours} hours old.`;
  return [diagnosis('data.backups', 'warning', what, { why, todo })];
}

function drillDue({ isDrillDue, lastGoodAt }: BackupStatus): Diagnosis[] {
  if (!isDrillDue || lastGoodAt === null) return [];
  return [diagnosis('data.drill', 'note', 'No backup was tried out for 90 days.', { todo: [{ run: 'agor backup drill' }] })];
}
