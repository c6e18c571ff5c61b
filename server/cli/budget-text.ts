/** Budgets as a table, and why an agent is held in a line. */
import type { Budget, BudgetScope, Hold, LimitSource } from '../protocol/budget.ts';
import { amountText, sourceText, spentText } from '../protocol/budget-text.ts';
import { inEnglish } from '../protocol/notice-text.ts';
import { oneLine } from './printable.ts';
import { table } from './table.ts';

const froms: Record<LimitSource, string> = { setting: 'setting', own: 'own', today: 'today only' };

export function budgetLines(budgets: readonly Budget[]): string[] {
  return table(['WHOSE', 'SPENT', 'WHO SAYS SO', 'OF', 'LIMIT FROM', 'USED'], budgets.map(rowOf));
}

export function holdLine(name: string, { text, kind }: Hold): string {
  const way = kind === 'budget' ? 'agor budget raise' : 'agor agent resume';
  return `${oneLine(name, 40)}: ${oneLine(text, 1_000)} ("${way} ${oneLine(name, 40)}" lets it go on.)`;
}

function rowOf({ scope, name, unit, limit, limitFrom, spent }: Budget): string[] {
  const of = limit === null ? 'no limit' : amountText(limit, unit, inEnglish);
  const used = limit === null || spent.amount === null ? '-' : `${Math.floor((spent.amount / limit) * 100)} %`;
  return [whose(scope, name), spentText(spent, unit, inEnglish), sourceText(spent, unit, inEnglish) || '-', of, froms[limitFrom], used];
}

function whose(scope: BudgetScope, name: string): string {
  const shown = oneLine(name, 40);
  return { total: 'all agents', project: `project ${shown}`, agent: shown, turn: `turn of ${shown}` }[scope];
}
