import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { weights } from '../../../server/moderation/rule.ts';
import { type Evidence, verdictOf } from '../../../server/moderation/verdict.ts';
import type { Verdict } from '../../../server/protocol/screening.ts';

const { strong, medium, weak } = weights;

function evidence(...weights: number[]): Evidence[] {
  return weights.map((weight, index) => ({ family: `family ${index}`, weight }));
}

describe('the verdict', () => {
  const cases: [name: string, findings: Evidence[], verdict: Verdict][] = [
    ['nothing found', [], 'deliver'],
    ['one strong finding', evidence(strong), 'hold'],
    ['one medium finding', evidence(medium), 'flag'],
    ['two medium findings', evidence(medium, medium), 'hold'],
    ['one weak finding', evidence(weak), 'deliver'],
    ['two weak findings', evidence(weak, weak), 'flag'],
    ['a weak one beside a medium one', evidence(medium, weak), 'flag'],
    ['many of one family are not more than its heaviest', Array(9).fill({ family: 'one', weight: weak }), 'deliver'],
  ];
  for (const [name, findings, verdict] of cases) it(`${name}: ${verdict}`, () => assert.equal(verdictOf(findings), verdict));
});
