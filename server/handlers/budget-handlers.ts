/** Which feature answers what a person asks about budgets. */
import type { BudgetBook } from '../budgets/budget-book.ts';
import type { Budgets } from '../budgets/budgets.ts';
import type { Handlers } from '../dispatch.ts';
import type { BudgetScope } from '../protocol/budget.ts';
import { AgorError } from '../protocol/errors.ts';
import type { AgentId, ProjectId } from '../protocol/ids.ts';

export type BudgetFeatures = {
  readonly book: BudgetBook;
  readonly budgets: Budgets;
  readonly projectIdOf: (reference: string) => ProjectId;
  readonly agentIdOf: (reference: string) => AgentId;
};

type BudgetMethods = Extract<keyof Handlers, `budget/${string}`>;

export function budgetHandlers(features: BudgetFeatures): Pick<Handlers, BudgetMethods> {
  const { book, budgets, agentIdOf } = features;
  return {
    'budget/list': ({ agent }) => {
      const id = agent === undefined ? null : agentIdOf(agent);
      const holds = budgets.holds().filter(({ agentId }) => id === null || agentId === id);
      return { day: book.day, budgets: budgets.list(id), holds };
    },
    'budget/set': ({ scope, of, usd, tokens }, { kind: actor }) => {
      if (usd === undefined && tokens === undefined)
        throw new AgorError('badRequest', 'Say what the limit is: in US dollars, in tokens, or both.');
      const ofId = idOf(scope, of, features);
      book.set({ scope, ofId }, { ...(usd !== undefined && { usd }), ...(tokens !== undefined && { tokens }) }, actor);
      budgets.look();
      return { budgets: budgets.list(scope === 'agent' || scope === 'turn' ? agentIdOf(of ?? '') : null) };
    },
    'budget/raise': ({ agent, how }, { kind: actor }) => ({ budgets: budgets.raise(agentIdOf(agent), how, actor) }),
  };
}

function idOf(scope: BudgetScope, of: string | undefined, { agentIdOf, projectIdOf }: BudgetFeatures): string {
  if (scope === 'total') {
    if (of !== undefined) throw new AgorError('badRequest', `The budget of all agents together is nobody's own. Leave "${of}" out.`);
    return '';
  }
  if (of === undefined) {
    const whose = scope === 'project' ? 'project' : 'agent';
    throw new AgorError(
      'badRequest',
      `Say which ${whose} is meant. What all of them may spend is a setting: "agor config list" shows budget.*.`,
    );
  }
  return scope === 'project' ? projectIdOf(of) : agentIdOf(of);
}
