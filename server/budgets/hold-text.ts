/** Why an agent is held, as a `Hold` that says it in English too. Pure. */
import type { Budget, Hold } from '../protocol/budget.ts';
import { scopeText, shareText } from '../protocol/budget-text.ts';
import { inEnglish } from '../protocol/notice-text.ts';
import type { Loop } from './loop.ts';

type UsedUp = Pick<Budget, 'scope' | 'unit' | 'limit' | 'spent' | 'name'>;

export function budgetHold({ scope, unit, limit, spent, name }: UsedUp, since: number): Hold {
  const budget = { scope, unit, limit: limit ?? 0, spent };
  const what = scope === 'turn' ? 'this turn' : scope === 'agent' ? 'today' : scopeText(scope, name, inEnglish);
  const text = `Paused by budget: ${shareText(budget, inEnglish)} for ${what}.`;
  return { kind: 'budget', text, since, budget, calls: [], times: 0 };
}

export function loopHold({ calls, times }: Loop, since: number): Hold {
  const what = calls.length === 1 ? 'the same call' : `the same ${calls.length} calls`;
  const text = `Stopped in a loop: ${what} ${times} times with the same result, and nothing changed: ${calls.join('; ')}.`;
  return { kind: 'loop', text, since, budget: null, calls: [...calls], times };
}

export function wakesHold(reasons: readonly string[], times: number, since: number): Hold {
  const text = `No longer woken by the schedule: woken ${times} times for the same reason (${reasons.join(', ')}), and nothing changed.`;
  return { kind: 'wakes', text, since, budget: null, calls: [...reasons], times };
}
