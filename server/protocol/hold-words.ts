/** Why an agent is held, in the words of whoever shows it. */
import type { Hold } from './budget.ts';
import { shareText } from './budget-text.ts';
import type { Wording } from './wording.ts';

export function holdWords({ kind, budget, calls, times }: Hold, t: Wording): string {
  const what = calls.join('; ');
  if (kind === 'loop') return t('It went round in circles: {0} times the same, with the same result: {1}', times, what);
  if (kind === 'wakes') return t('The schedule no longer wakes it: {0} times nothing had changed ({1}).', times, what);
  const share = budget ? shareText(budget, t) : '';
  switch (budget?.scope) {
    case 'turn':
      return t('The budget of its turn is used up: {0}.', share);
    case 'project':
      return t("Today's budget of its project is used up: {0}.", share);
    case 'total':
      return t("Today's budget of all agents is used up: {0}.", share);
    default:
      return t("Today's budget of the agent is used up: {0}.", share);
  }
}
