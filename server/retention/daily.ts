/** When the daily housekeeping is due, and what it may do. Pure. */

export const dayMs = 24 * 60 * 60_000;
const hourMs = 60 * 60_000;
/** Between being told and being done. */
export const noticeDays = 7;
/** Longer without a look means that the machine was off for days, or that its clock was set. */
const longGapMs = 3 * dayMs;

export type LastLook = {
  readonly lookedAt: number | null;
  /** By a clock that only grows; null when this backend has not looked yet. */
  readonly sinceLookMs: number | null;
};

/** A look that was missed is made up for at the start. A clock that jumps makes no two of them within an hour. */
export function isLookDue({ lookedAt, sinceLookMs }: LastLook, now: number): boolean {
  if (sinceLookMs !== null && sinceLookMs < hourMs) return false;
  return lookedAt === null || now - lookedAt >= dayMs || now < lookedAt;
}

/**
 * Nothing is removed at the first look after a long gap: a clock that was set ahead makes everything old. A day later it
 * is known whether that time goes on.
 */
export function mayRemove({ lookedAt }: Pick<LastLook, 'lookedAt'>, now: number): boolean {
  return lookedAt !== null && now >= lookedAt && now - lookedAt <= longGapMs;
}

export type Stand = {
  readonly messageDays: number;
  readonly announcedAt: number | null;
  readonly agreedAt: number | null;
};

/** What is to be done with old messages at a look, when there are some. */
export function nextStep({ messageDays, announcedAt, agreedAt }: Stand, now: number): 'nothing' | 'announce' | 'wait' | 'archive' {
  if (messageDays === 0) return 'nothing';
  if (agreedAt !== null) return 'archive';
  if (announcedAt === null) return 'announce';
  return now < beginsAt(announcedAt) ? 'wait' : 'archive';
}

export function beginsAt(announcedAt: number): number {
  return announcedAt + noticeDays * dayMs;
}

/** What was sent before then is old. */
export function oldBefore(messageDays: number, now: number): number {
  return now - messageDays * dayMs;
}
