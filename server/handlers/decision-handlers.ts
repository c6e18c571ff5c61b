/** Which feature answers what a person asks about the questions of agents, the rules that answer them, and modes. */
import type { Answers, MadeRule } from '../agents/answers.ts';
import type { Approvals } from '../agents/approvals.ts';
import type { Handlers } from '../dispatch.ts';
import { fits } from '../permissions/rule-match.ts';
import type { Approval } from '../protocol/approval.ts';
import { ruleDays } from '../protocol/approval-requests.ts';
import type { ProjectId } from '../protocol/ids.ts';
import type { Params, Result } from '../protocol/requests.ts';
import type { Rule } from '../protocol/rule.ts';
import type { DecisionParts } from '../wiring/decision-course.ts';

export type DecisionFeatures = {
  readonly answers: Answers;
  readonly approvals: Approvals;
  readonly decisions: DecisionParts;
  readonly projectIdOf: (reference: string) => ProjectId;
};

const pageSize = 200;

type Of<Feature extends string> = Pick<Handlers, Extract<keyof Handlers, `${Feature}/${string}`>>;

export function decisionHandlers(features: DecisionFeatures): Of<'approval'> & Of<'rule'> {
  const { answers, approvals, decisions, projectIdOf } = features;
  return {
    'approval/list': ({ all }) => ({ approvals: all ? approvals.all(pageSize) : approvals.open() }),
    'approval/answer': (params, { kind }) => answers.answer(params, kind),
    'approval/answerAll': (params, { kind }) => answers.answerAll(params, kind),
    'rule/list': ({ project }) => ({ rules: decisions.rules.list(project === undefined ? null : projectIdOf(project)) }),
    'rule/add': (params, { kind }) => addRule(features, params, kind),
    'rule/remove': ({ rule }, { kind }) => decisions.rules.remove(rule, kind),
  };
}

async function addRule(
  { answers, decisions: { rules, isRealPathOf } }: DecisionFeatures,
  { approval, hash, effect, days = ruleDays.usual, folder }: Params<'rule/add'>,
  actor: string,
): Promise<Result<'rule/add'>> {
  const made: Rule[] = [];
  const make = (shown: Approval): MadeRule => {
    const rule = rules.add(shown, { effect, days, folder, actor });
    made.push(rule);
    const fitsOther = (other: Approval) => fits(rule.match, other.request, isRealPathOf(other.agentId, other.projectId));
    return { id: rule.id, decision: effect === 'always' ? 'allowOnce' : 'deny', fits: fitsOther };
  };
  const answered = await answers.answerByRule({ approval, hash, actor }, make);
  const [rule] = made;
  if (!rule) throw new Error('a rule was answered with and not made');
  return { rule: rules.find(rule.id), answered };
}
