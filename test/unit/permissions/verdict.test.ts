/** Who answers a question: rule, mode or person. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newId } from '../../../server/base/uuid.ts';
import { type Circumstances, verdictOf } from '../../../server/permissions/verdict.ts';
import type { RuleId } from '../../../server/protocol/ids.ts';
import type { Rule } from '../../../server/protocol/rule.ts';
import type { SandboxState } from '../../../server/protocol/sandbox.ts';

const fence: SandboxState = { files: 'full', network: 'open', mode: 'preferred', layers: [], landlockAbi: null, gaps: [], remedy: null };
const calm: Circumstances = {
  mode: 'ask',
  rule: undefined,
  sandbox: fence,
  hasIncident: false,
  isForm: false,
  decisions: ['allowOnce', 'deny'],
};
const rule = (effect: Rule['effect']) => ({ id: newId<RuleId>(), effect }) as Rule; // Nothing else of it is looked at.

const cases: [name: string, around: Partial<Circumstances>, expected: string][] = [
  ['a person is asked', {}, 'person'],
  [
    'a person fills in what an autonomous agent asks for',
    { mode: 'autonomous', isForm: true },
    'person: The agent is autonomous, but this asks for values.',
  ],
  ['no rule fills in a form', { isForm: true, rule: rule('always') }, 'person'],
  ['never denies a form', { isForm: true, rule: rule('never') }, 'rule deny'],
  ['never denies', { rule: rule('never') }, 'rule deny'],
  ['always allows', { rule: rule('always') }, 'rule allowOnce'],
  ['never denies an autonomous agent', { mode: 'autonomous', rule: rule('never') }, 'rule deny'],
  ['never denies during an incident', { hasIncident: true, rule: rule('never') }, 'rule deny'],
  [
    'always does nothing during an incident',
    { hasIncident: true, rule: rule('always') },
    'person: A rule allows this, but an incident lasts.',
  ],
  ['always needs an answer that allows just this', { rule: rule('always'), decisions: ['allowSession', 'deny'] }, 'person'],
  ['restricted denies', { mode: 'restricted' }, 'mode deny'],
  ['restricted allows what a rule allows', { mode: 'restricted', rule: rule('always') }, 'rule allowOnce'],
  [
    'restricted denies during an incident, whatever a rule allows',
    { mode: 'restricted', rule: rule('always'), hasIncident: true },
    'mode deny',
  ],
  ['autonomous allows', { mode: 'autonomous' }, 'mode allowOnce'],
  ['autonomous allows in a fence with gaps', { mode: 'autonomous', sandbox: { ...fence, files: 'partial' } }, 'mode allowOnce'],
  [
    'autonomous asks without a fence',
    { mode: 'autonomous', sandbox: { ...fence, files: 'off' } },
    'person: The agent is autonomous, but no fence is around its program.',
  ],
  [
    'autonomous asks while no fence is known',
    { mode: 'autonomous', sandbox: null },
    'person: The agent is autonomous, but no fence is around its program.',
  ],
  [
    'autonomous asks during an incident',
    { mode: 'autonomous', hasIncident: true },
    'person: The agent is autonomous, but an incident lasts.',
  ],
  [
    'autonomous never allows for a session',
    { mode: 'autonomous', decisions: ['allowSession', 'deny'] },
    'person: The agent is autonomous, but it offers no answer that allows just this once.',
  ],
];

describe('the verdict', () => {
  for (const [name, around, expected] of cases) {
    it(name, () => {
      const verdict = verdictOf({ ...calm, ...around });
      const said = verdict.by === 'person' ? ['person', verdict.because].filter(Boolean).join(': ') : `${verdict.by} ${verdict.decision}`;
      assert.equal(said, expected);
      if (verdict.by !== 'person') assert.equal(verdict.message === null, verdict.decision !== 'deny', 'who is denied is told why');
    });
  }
});
