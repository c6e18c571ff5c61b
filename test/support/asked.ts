/** How questions are taken in where nothing answers for a person, and what an answered one has besides. */

import type { Approvals } from '../../server/agents/approvals.ts';
import { onlyPerson } from '../../server/agents/judge.ts';
import { NewQuestions } from '../../server/agents/new-questions.ts';

export function questionsOf(approvals: Approvals): NewQuestions {
  return new NewQuestions({
    approvals,
    judge: onlyPerson,
    sandbox: () => null,
    isRunning: () => true,
    limitMs: () => null,
    now: () => 100,
  });
}

export const plainTerms = { kind: 'npm test', kindLabel: 'npm test', expiresAt: null, rule: null, askedBecause: null } as const;
