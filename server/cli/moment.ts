/** A point in time as people type it: how long ago, or a date. */
import { InvalidArgumentError } from 'commander';

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** Given the time that it is, epoch milliseconds: the command line is read before anyone has looked at the clock. */
export type Moment = (now: number) => number;

export function moment(typed: string): Moment {
  const [, count, unit] = /^(\d+)\s*([smhdw])$/.exec(typed) ?? [];
  // The pattern lets only these units through.
  if (count && unit) return (now) => now - Number(count) * unitMs[unit as keyof typeof unitMs];
  const at = /^\d{4}-\d\d-\d\d/.test(typed) ? Date.parse(typed) : Number.NaN;
  if (!Number.isNaN(at)) return () => at;
  throw new InvalidArgumentError('Give how long ago, as 30m, 2h or 7d, or a date and time, as 2026-05-01T14:00.');
}
