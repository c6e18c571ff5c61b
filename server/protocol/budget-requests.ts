/** What a person may ask about budgets; no agent and no assistant may. */
import * as z from 'zod/mini';
import { Budget, BudgetScope, Hold, TokenLimit, UsdLimit } from './budget.ts';
import { AgentId, Reference } from './ids.ts';

/** Half as much again, for today or from now on; or none for the rest of the day. */
export const Raise = z.enum(['halfToday', 'halfForGood', 'noneToday']);
export type Raise = z.infer<typeof Raise>;

export const budgetRequests = {
  /** Of the day that it is where the backend runs, as `2026-11-20`. With `agent`: what bounds that agent. */
  'budget/list': {
    params: z.object({ agent: z.optional(Reference) }),
    result: z.object({ day: z.string(), budgets: z.array(Budget), holds: z.array(z.object({ agentId: AgentId, hold: Hold })) }),
  },
  /** `of`: the agent (also of a turn) or the project; nothing for all. Null: as the settings say. What is absent stays. */
  'budget/set': {
    params: z.object({
      scope: BudgetScope,
      of: z.optional(Reference),
      usd: z.optional(z.nullable(UsdLimit)),
      tokens: z.optional(z.nullable(TokenLimit)),
    }),
    result: z.object({ budgets: z.array(Budget) }),
  },
  /** Of the budget that holds the agent, which then goes on with what waited. `refused` when none does. */
  'budget/raise': { params: z.object({ agent: Reference, how: Raise }), result: z.object({ budgets: z.array(Budget) }) },
} as const;
