/** Commands about what agents may spend: the list of all budgets, a limit of one, and raising what holds an agent. */
import { l10n, type QuickPickItem, window } from 'vscode';
import type { Budget, BudgetScope, BudgetUnit, Limit } from '../../server/protocol/budget.ts';
import type { Raise } from '../../server/protocol/budget-requests.ts';
import { holdWords } from '../../server/protocol/hold-words.ts';
import type { CommandHost } from '../command-host.ts';
import { chooseAgent } from '../picks/picks.ts';
import { messageText } from '../text/visible-text.ts';
import { budgetRow, limitProblem, readLimit } from './budget-rows.ts';

type BudgetItem = QuickPickItem & { readonly budget: Budget };
type RaiseItem = QuickPickItem & { readonly how: Raise };

export async function raiseBudget(host: CommandHost, argument: unknown): Promise<void> {
  await host.fleet.whenLoaded();
  const isHeld = ({ hold }: { readonly hold: { readonly kind: string } | null }) => hold?.kind === 'budget';
  const agent = await chooseAgent(host, argument, { placeHolder: l10n.t('Whose budget is raised?'), fits: isHeld });
  if (!agent) return;
  if (!agent.hold || !isHeld(agent)) {
    void window.showInformationMessage(l10n.t('No budget holds {0}.', messageText(agent.name)));
    return;
  }
  const title = l10n.t('Raise the Budget of {0}', messageText(agent.name));
  const picked = await window.showQuickPick(raises(), { title, placeHolder: holdWords(agent.hold, l10n.t) });
  if (picked) await host.backend.call('budget/raise', { agent: agent.id, how: picked.how });
}

/** Everything that is bounded, the fullest first; choosing one sets its limit. */
export async function showBudgets(host: CommandHost): Promise<void> {
  const { day, budgets } = await host.backend.call('budget/list', {});
  const items = budgets.map((budget): BudgetItem => ({ ...budgetRow(budget, l10n.t), budget }));
  const picked = await window.showQuickPick(items, {
    title: l10n.t('Budgets of {0}', day),
    placeHolder: l10n.t('Choose one to set its limit'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (picked) await setLimit(host, picked.budget);
}

async function setLimit(host: CommandHost, budget: Budget): Promise<void> {
  const { unit, limit, scope } = budget;
  const text = await window.showInputBox({
    title: budgetRow(budget, l10n.t).label,
    value: limit === null ? 'none' : String(limit),
    prompt:
      unit === 'usd' ? l10n.t('US dollars, or none. Empty: as the settings say.') : l10n.t('Tokens, or none. Empty: as the settings say.'),
    validateInput: (typed) => limitProblem(typed, unit, l10n.t),
  });
  if (text === undefined) return;
  await host.backend.call('budget/set', { scope, ...ofTarget(scope, budget), ...amountOf(unit, readLimit(text, unit)) });
}

function ofTarget(scope: BudgetScope, { agentId, projectId }: Budget): { of?: string } {
  const of = scope === 'project' ? projectId : scope === 'total' ? null : agentId;
  return of === null ? {} : { of };
}

function amountOf(unit: BudgetUnit, amount: Limit | null): { usd?: Limit | null; tokens?: Limit | null } {
  return unit === 'usd' ? { usd: amount } : { tokens: amount };
}

function raises(): RaiseItem[] {
  return [
    { label: `$(arrow-up) ${l10n.t('Raise by half, today only')}`, how: 'halfToday' },
    { label: `$(arrow-up) ${l10n.t('Raise by half, for good')}`, how: 'halfForGood' },
    { label: `$(unlock) ${l10n.t('No limit for the rest of the day')}`, how: 'noneToday' },
  ];
}
