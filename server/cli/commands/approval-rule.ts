/** An answer that is a rule too: `agor approve --always` and `agor deny --never`. */
import type { Approval } from '../../protocol/approval.ts';
import type { RuleEffect, RuleMatch } from '../../protocol/rule.ts';
import { approvalLines, type Names } from '../approval-text.ts';
import type { Invocation } from '../invocation.ts';
import type { Outcome } from '../output.ts';
import { ruleLines } from '../rule-text.ts';
import { answerTexts } from '../transcript.ts';

type Shown = { readonly asked: Approval; readonly names: Names };
type Wish = { readonly effect: RuleEffect; readonly days?: number | null; readonly folder?: string };

export async function answerByRule(invocation: Invocation, { asked, names }: Shown, { effect, days, folder }: Wish): Promise<Outcome> {
  const backend = await invocation.backend();
  const extent = { ...(days === undefined ? {} : { days }), ...(folder === undefined ? {} : { folder }) };
  const made = await backend.call('rule/add', { approval: asked.id, hash: asked.hash, effect, ...extent });
  const [first, ...others] = made.answered;
  return {
    json: made,
    lines: (style) => {
      const view = { names, now: invocation.now, style };
      const also = others.length === 0 ? [] : [`Other open questions that are equal, and are answered by the rule: ${others.length}.`];
      const said = first ? answerTexts[first.state] : 'the agent no longer waits for an answer; the rule stands';
      return [
        ...approvalLines(asked, view),
        style('bold', `→ ${said}`),
        ...also,
        'The rule:',
        ...ruleLines(made.rule, view),
        ...warningOf(made.rule.match),
      ];
    },
  };
}

/** What an exact rule leaves open all the same. */
function warningOf({ on }: RuleMatch): string[] {
  if (on !== 'command') return [];
  return ['It is about this command line, not about what the program makes of files that the agent can change.'];
}
