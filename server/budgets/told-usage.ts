/** What a program has told of its session, and how much of that is new. Pure. */
import type { Usage } from '../protocol/agent-event.ts';

/** Totals of a session; null where nobody knows. */
export type SessionTotals = { readonly usd: number | null; readonly tokens: number | null };

export type Told = SessionTotals & {
  readonly by: 'agent' | 'prices';
  /** Of the oldest price. */
  readonly dated: string | null;
};

export type Growth = {
  readonly usd: number;
  readonly tokens: number;
  /** Of these, the ones whose cost nobody knows. */
  readonly unpricedTokens: number;
};

/** A token that is read from a cache counts a tenth, because that is what it costs. */
const cachedShare = 0.1;

export function toldOf(usage: Usage): Told {
  const { costUsd, costSource, inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = usage;
  const isTold = inputTokens !== null || outputTokens !== null;
  const whole = (inputTokens ?? 0) + (outputTokens ?? 0) + (cacheWriteTokens ?? 0);
  const prices = costSource?.by === 'prices' ? costSource : undefined;
  return {
    usd: costUsd,
    tokens: isTold ? Math.round(whole + (cacheReadTokens ?? 0) * cachedShare) : null,
    by: prices ? 'prices' : 'agent',
    dated: prices?.dated ?? null,
  };
}

/**
 * Totals never shrink but where a price became lower, and what was counted stays. A cost that becomes known only now is
 * counted for the new part of the tokens: when the rest was spent, nobody knows.
 */
export function growthOf(before: SessionTotals, told: Told): Growth {
  const tokens = Math.max(0, (told.tokens ?? before.tokens ?? 0) - (before.tokens ?? 0));
  if (told.usd === null) return { usd: 0, tokens, unpricedTokens: tokens };
  const wasUnknown = before.usd === null && (before.tokens ?? 0) > 0;
  if (wasUnknown) return { usd: told.tokens ? (told.usd * tokens) / told.tokens : 0, tokens, unpricedTokens: 0 };
  return { usd: Math.max(0, told.usd - (before.usd ?? 0)), tokens, unpricedTokens: 0 };
}

export function totalsAfter(before: SessionTotals, told: Told): SessionTotals {
  return { usd: told.usd ?? before.usd, tokens: told.tokens ?? before.tokens };
}
