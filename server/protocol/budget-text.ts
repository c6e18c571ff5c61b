/** Budgets in words. A window passes its translations; the command line and the agent's state speak English. */
import type { Budget, BudgetScope, BudgetUnit, Spent } from './budget.ts';
import type { Wording } from './wording.ts';

export function amountText(amount: number, unit: BudgetUnit, t: Wording): string {
  return unit === 'usd' ? t('{0} USD', amount.toFixed(amount < 0.1 ? 4 : 2)) : t('{0} tokens', shortCount(amount));
}

/** As 1234567 → `1.23 M`. */
export function shortCount(count: number): string {
  if (count >= 1_000_000) return `${Number((count / 1_000_000).toFixed(2))} M`;
  return count >= 1_000 ? `${Number((count / 1_000).toFixed(1))} k` : String(Math.round(count));
}

/** Without who says so. Unknown is never 0. */
export function spentText({ amount, unknownTokens }: Spent, unit: BudgetUnit, t: Wording): string {
  if (amount === null) return t('unknown');
  const known = amountText(amount, unit, t);
  return unknownTokens > 0 ? t('{0} and what {1} tokens without a price cost', known, shortCount(unknownTokens)) : known;
}

/** Who says so, each with its part where there are several. */
export function sourceText({ parts, amount, unknownTokens }: Spent, unit: BudgetUnit, t: Wording): string {
  if (amount === null) return t('unknown');
  const names = parts.map((part) => {
    const name = { agent: t('agent'), 'price table': t('price table of {0}', part.dated ?? '?'), estimate: t('estimate') }[part.by];
    return parts.length > 1 ? `${name} ${amountText(part.amount, unit, t)}` : name;
  });
  return [...names, ...(unknownTokens > 0 ? [t('unknown')] : [])].join(' + ');
}

export function scopeText(scope: BudgetScope, name: string, t: Wording): string {
  switch (scope) {
    case 'agent':
      return t('{0} today', name);
    case 'project':
      return t('the project {0} today', name);
    case 'total':
      return t('all agents today');
    case 'turn':
      return t('this turn of {0}', name);
  }
}

export type UsedBudget = Pick<Budget, 'scope' | 'unit' | 'spent'> & { readonly name: string; readonly limit: number };

/** As in "6.20 of 10.00 USD (agent)". */
export function shareText({ spent, unit, limit }: Omit<UsedBudget, 'name' | 'scope'>, t: Wording): string {
  const source = sourceText(spent, unit, t);
  const of = t('{0} of {1}', spentText(spent, unit, t), amountText(limit, unit, t));
  return source === '' || spent.amount === null ? of : `${of} (${source})`;
}
