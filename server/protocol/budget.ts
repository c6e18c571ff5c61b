/** What agents may spend, what they have spent, and why one of them is held. */
import * as z from 'zod/mini';
import { AgentId, ProjectId } from './ids.ts';

/** An agent's day, a project's day, the day of all agents together, and one turn of an agent. */
export const BudgetScope = z.enum(['agent', 'project', 'total', 'turn']);
export type BudgetScope = z.infer<typeof BudgetScope>;

export const BudgetUnit = z.enum(['usd', 'tokens']);
export type BudgetUnit = z.infer<typeof BudgetUnit>;

/** More than anybody spends by intent, so that a slip of the finger is refused. */
export const budgetMost = { usd: 1_000_000, tokens: 1_000_000_000_000 } as const;

const amountOf = (unit: BudgetUnit) => {
  const expected = `a number above 0 and up to ${budgetMost[unit]} is expected, or "none" for no limit`;
  const amount = z.number(expected).check(z.positive(expected), z.maximum(budgetMost[unit], expected));
  return z.union([unit === 'tokens' ? amount.check(z.int(expected)) : amount, z.literal('none')], expected);
};

/** 0 is no limit that could be meant: who wants none says so. */
export const UsdLimit = amountOf('usd');
export const TokenLimit = amountOf('tokens');
export type Limit = number | 'none';

/** Who says so: its program, a price table of ours or the person's, or we by what could be seen of its work. */
export const AmountSource = z.enum(['agent', 'price table', 'estimate']);
export type AmountSource = z.infer<typeof AmountSource>;

export const Spent = z.object({
  /** The sum of the parts; null where nothing is known, which is never 0. */
  amount: z.nullable(z.number()),
  parts: z.array(z.object({ by: AmountSource, amount: z.number(), /** Of the oldest price. */ dated: z.nullable(z.string()) })),
  /** Tokens whose cost nobody knows: the amount is too small by that. */
  unknownTokens: z.number(),
});
export type Spent = z.infer<typeof Spent>;

export const LimitSource = z.enum(['setting', 'own', 'today']);
export type LimitSource = z.infer<typeof LimitSource>;

export const Budget = z.object({
  scope: BudgetScope,
  unit: BudgetUnit,
  agentId: z.nullable(AgentId),
  projectId: z.nullable(ProjectId),
  /** Of the agent or project; empty for all together. */
  name: z.string(),
  /** Null: none. */
  limit: z.nullable(z.number()),
  limitFrom: LimitSource,
  spent: Spent,
});
export type Budget = z.infer<typeof Budget>;

/** `wakes`: only the schedule no longer wakes it. */
export const HoldKind = z.enum(['budget', 'loop', 'wakes']);
export type HoldKind = z.infer<typeof HoldKind>;

/** Why no turn of an agent begins until a person, or the next day, lets it. */
export const Hold = z.object({
  kind: HoldKind,
  /** One or two sentences, for where nobody translates. */
  text: z.string(),
  since: z.number(),
  /** Which budget is used up. */
  budget: z.nullable(z.object({ scope: BudgetScope, unit: BudgetUnit, limit: z.number(), spent: Spent })),
  /** What it did again and again, in the order of one round. */
  calls: z.array(z.string()),
  /** How many rounds. */
  times: z.number(),
});
export type Hold = z.infer<typeof Hold>;

/** From this share of a budget on the person is warned. */
export const budgetWarnAt = 0.8;
