/** A budget as a row of a quick pick, and the limit that a person types. Pure. */
import {
  type Budget,
  type BudgetUnit,
  budgetWarnAt,
  type Limit,
  type LimitSource,
  TokenLimit,
  UsdLimit,
} from '../../server/protocol/budget.ts';
import { amountText, scopeText, sourceText, spentText } from '../../server/protocol/budget-text.ts';
import type { Translate } from '../text/translate.ts';
import { pickText } from '../text/visible-text.ts';

export type BudgetRow = { readonly label: string; readonly description: string; readonly detail: string };

export function budgetRow({ scope, unit, name, limit, limitFrom, spent }: Budget, t: Translate): BudgetRow {
  const share = limit === null || spent.amount === null ? 0 : spent.amount / limit;
  const icon = share >= 1 ? 'error' : share >= budgetWarnAt ? 'warning' : 'dashboard';
  const of = limit === null ? t('no limit') : t('of {0}', amountText(limit, unit, t));
  const source = sourceText(spent, unit, t);
  return {
    // A name stays as it is.
    label: `$(${icon}) ${pickText(scope === 'agent' ? scopeText(scope, name, t) : capital(scopeText(scope, name, t)))}`,
    description: `${spentText(spent, unit, t)} ${of}`,
    detail: [...(source === '' || spent.amount === null ? [] : [t('Said by: {0}', source)]), limitWord(limitFrom, t)].join(' · '),
  };
}

/** Empty is null: as the settings say. */
export function readLimit(text: string, unit: BudgetUnit): Limit | null {
  const typed = text.trim();
  if (typed === '') return null;
  return (unit === 'usd' ? UsdLimit : TokenLimit).parse(typed === 'none' ? typed : Number(typed));
}

export function limitProblem(text: string, unit: BudgetUnit, t: Translate): string | undefined {
  const typed = text.trim();
  if (typed === '') return undefined;
  const { success } = (unit === 'usd' ? UsdLimit : TokenLimit).safeParse(typed === 'none' ? typed : Number(typed));
  return success ? undefined : t('A number above 0, or none. 0 is no limit that could be meant.');
}

function limitWord(from: LimitSource, t: Translate): string {
  const words: Record<LimitSource, string> = { setting: t('as in the settings'), own: t('its own limit'), today: t('for today only') };
  return words[from];
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
