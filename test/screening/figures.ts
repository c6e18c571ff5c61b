/** What the screening finds of a set of texts. */
import { screen } from '../../server/moderation/screen.ts';
import type { Verdict } from '../../server/protocol/screening.ts';

export type Tally = Readonly<Record<Verdict, number>> & { readonly total: number };

export function tally(texts: readonly string[]): Tally {
  const counts = { deliver: 0, flag: 0, hold: 0 };
  for (const text of texts) counts[screen(text).verdict]++;
  return { ...counts, total: texts.length };
}

/** The share that is flagged or held. */
export function foundShare({ flag, hold, total }: Tally): number {
  return total === 0 ? 0 : (flag + hold) / total;
}

/** What a piece of work costs: on the processor's clock, because other programs of the machine run meanwhile. */
export function processorMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  return process.cpuUsage(before).user / 1000;
}

/** The value that this share of them does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
