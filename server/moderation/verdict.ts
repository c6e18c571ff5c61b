/** From what was found to what becomes of the text. */
import type { Verdict } from '../protocol/screening.ts';

/** What of a finding the verdict depends on. */
export type Evidence = { readonly family: string; readonly weight: number };

export const thresholds = { flag: 0.5, hold: 0.8 } as const;

/**
 * Within a family the heaviest finding counts: ten words for the same are not ten reasons. Families add up as
 * independent reasons do.
 */
export function verdictOf(findings: readonly Evidence[]): Verdict {
  const score = scoreOf(findings);
  if (score >= thresholds.hold) return 'hold';
  return score >= thresholds.flag ? 'flag' : 'deliver';
}

export function scoreOf(findings: readonly Evidence[]): number {
  const heaviest = new Map<string, number>();
  for (const { family, weight } of findings) heaviest.set(family, Math.max(weight, heaviest.get(family) ?? 0));
  return 1 - [...heaviest.values()].reduce((doubt, weight) => doubt * (1 - weight), 1);
}
