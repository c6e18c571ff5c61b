/** A span of time as people type it. */
import { InvalidArgumentError } from 'commander';

const unitMinutes = { m: 1, h: 60, d: 1_440 } as const;

/** In minutes. */
export function minutes(typed: string): number {
  const [, count, unit] = /^(\d{1,6})\s*([mhd])$/.exec(typed) ?? [];
  // The pattern lets only these units through.
  const found = Number(count) * unitMinutes[(unit ?? 'm') as keyof typeof unitMinutes];
  if (found >= 1) return found;
  throw new InvalidArgumentError('Give a span of time, as 30m, 2h or 1d.');
}
