/** What was spent against what may be, from the rows of the day. Pure. */
import {
  type AmountSource,
  type Budget,
  type BudgetScope,
  type BudgetUnit,
  budgetWarnAt,
  type Limit,
  type LimitSource,
  type Spent,
} from '../protocol/budget.ts';
import type { AgentId, ProjectId } from '../protocol/ids.ts';
import type { LedgerRow, TurnRow } from './ledger-store.ts';
import type { LimitRow } from './limit-store.ts';

export type BudgetedAgent = { readonly id: AgentId; readonly projectId: ProjectId; readonly name: string; readonly project: string };

/** Amounts by who says so. */
export type Sums = Pick<
  LedgerRow,
  'usdAgent' | 'usdPrices' | 'usdEstimate' | 'tokensAgent' | 'tokensEstimate' | 'unpricedTokens' | 'dated'
>;

export type Place = Pick<Budget, 'scope' | 'agentId' | 'projectId' | 'name'>;

export type Defaults = (scope: BudgetScope, unit: BudgetUnit) => Limit;

const noSums: Sums = { usdAgent: 0, usdPrices: 0, usdEstimate: 0, tokensAgent: 0, tokensEstimate: 0, unpricedTokens: 0, dated: null };

export function sumOf(rows: readonly Sums[]): Sums {
  return rows.reduce((sum, row) => {
    const dated = [sum.dated, row.dated].filter((day) => day !== null).sort()[0] ?? null;
    const add = (name: Exclude<keyof Sums, 'dated'>) => sum[name] + row[name];
    return {
      usdAgent: add('usdAgent'),
      usdPrices: add('usdPrices'),
      usdEstimate: add('usdEstimate'),
      tokensAgent: add('tokensAgent'),
      tokensEstimate: add('tokensEstimate'),
      unpricedTokens: add('unpricedTokens'),
      dated,
    };
  }, noSums);
}

/** A turn as sums, with what its program has not told. */
export function turnSums(
  { usdAgent, usdPrices, tokens, unpricedTokens, dated }: TurnRow,
  untold: { readonly tokens: number; readonly usd: number; readonly unpricedTokens: number },
): Sums {
  const estimates = { usdEstimate: untold.usd, tokensEstimate: untold.tokens };
  return { usdAgent, usdPrices, tokensAgent: tokens, unpricedTokens: unpricedTokens + untold.unpricedTokens, dated, ...estimates };
}

export function untoldSums(untold: { readonly tokens: number; readonly usd: number; readonly unpricedTokens: number }): Sums {
  return { ...noSums, usdEstimate: untold.usd, tokensEstimate: untold.tokens, unpricedTokens: untold.unpricedTokens };
}

/** Unknown is never 0: an amount of which nothing is known is null. */
export function spentOf(sums: Sums, unit: BudgetUnit): Spent {
  const { usdAgent, usdPrices, usdEstimate, tokensAgent, tokensEstimate, unpricedTokens, dated } = sums;
  const told: readonly (readonly [AmountSource, number])[] =
    unit === 'usd'
      ? [
          ['agent', usdAgent],
          ['price table', usdPrices],
          ['estimate', usdEstimate],
        ]
      : [
          ['agent', tokensAgent],
          ['estimate', tokensEstimate],
        ];
  const parts = told.filter(([, amount]) => amount > 0).map(([by, amount]) => ({ by, amount, dated: by === 'price table' ? dated : null }));
  const unknownTokens = unit === 'usd' ? unpricedTokens : 0;
  const isUnknown = parts.length === 0 && unknownTokens > 0;
  return { amount: isUnknown ? null : parts.reduce((sum, { amount }) => sum + amount, 0), parts, unknownTokens };
}

/** What is set for today goes before what is set for good, and that before the settings. */
export function limitOf(
  { scope, unit, ofId, limits, day }: Pick<LimitRow, 'scope' | 'unit' | 'ofId' | 'day'> & { readonly limits: readonly LimitRow[] },
  defaults: Defaults,
): { readonly limit: number | null; readonly limitFrom: LimitSource } {
  const own = (ofDay: string) => limits.find((row) => row.scope === scope && row.ofId === ofId && row.unit === unit && row.day === ofDay);
  const today = own(day);
  if (today) return { limit: today.amount, limitFrom: 'today' };
  const forGood = own('');
  if (forGood) return { limit: forGood.amount, limitFrom: 'own' };
  const limit = defaults(scope, unit);
  return { limit: limit === 'none' ? null : limit, limitFrom: 'setting' };
}

/** An agent, a project, or nothing for all. */
export function ofIdOf({ scope, agentId, projectId }: Pick<Budget, 'scope' | 'agentId' | 'projectId'>): string {
  if (scope === 'total') return '';
  return (scope === 'project' ? projectId : agentId) ?? '';
}

export function shareOf({ limit, spent }: Pick<Budget, 'limit' | 'spent'>): number {
  return limit === null || spent.amount === null ? 0 : spent.amount / limit;
}

export function isUsedUp(budget: Pick<Budget, 'limit' | 'spent'>): boolean {
  return shareOf(budget) >= 1;
}

export function isNearlyUsedUp(budget: Pick<Budget, 'limit' | 'spent'>): boolean {
  return shareOf(budget) >= budgetWarnAt;
}

/** Half as much again, and so much more than was spent that something can be done with it. */
export function raisedLimit({ limit, spent, unit }: Pick<Budget, 'limit' | 'spent' | 'unit'>): number {
  const least = Math.max((limit ?? 0) * 1.5, (spent.amount ?? 0) * 1.25);
  return unit === 'tokens' ? Math.ceil(least) : Math.ceil(least * 100) / 100;
}
