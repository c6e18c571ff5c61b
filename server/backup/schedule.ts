/** When the nightly backup is due, and which backups have had their time. Pure: time is an argument, and may jump. */
import type { Backup } from '../protocol/backup.ts';

const dayMs = 24 * 60 * 60 * 1_000;
const drillEveryDays = 90;

/** The last moment up to `now` at which the clock on the wall showed that hour. */
export function lastSlot(now: number, hour: number): number {
  const slot = new Date(now);
  slot.setHours(hour, 0, 0, 0);
  if (slot.getTime() > now) slot.setDate(slot.getDate() - 1);
  return slot.getTime();
}

export function nextSlot(now: number, hour: number): number {
  const slot = new Date(lastSlot(now, hour));
  slot.setDate(slot.getDate() + 1);
  return slot.getTime();
}

/**
 * One that was made since the last slot will do. One from the future does not: the clock was ahead then, and waiting for it
 * would leave a gap; when it comes to that day again, another one is made at most.
 */
export function isBackupDue(now: number, hour: number, madeAts: readonly number[]): boolean {
  const slot = lastSlot(now, hour);
  return !madeAts.some((madeAt) => madeAt >= slot && madeAt <= now);
}

/** Those older than the days that are kept; the newest good one stays whatever its age. `backups`: newest first. */
export function expiredBackups<B extends Pick<Backup, 'madeAt' | 'flaws'>>(backups: readonly B[], now: number, keepDays: number): B[] {
  const lastGood = backups.find(({ flaws }) => flaws.length === 0);
  return backups.filter((backup) => backup !== lastGood && now - backup.madeAt > keepDays * dayMs);
}

/** `since`: the last drill, or the beginning of the data. */
export function isDrillDue(now: number, since: number): boolean {
  return now - since > drillEveryDays * dayMs;
}
