/** What becomes of a question before a person is asked: a rule answers it, the agent's mode does, or the person is asked. Pure. */
import type { AgentMode } from '../protocol/agent.ts';
import type { Decision } from '../protocol/agent-event.ts';
import type { RuleId } from '../protocol/ids.ts';
import type { Rule } from '../protocol/rule.ts';
import type { SandboxState } from '../protocol/sandbox.ts';

export type Circumstances = {
  readonly mode: AgentMode;
  /** The one that fits, if any does. */
  readonly rule: Rule | undefined;
  /** Of the program that runs; null while that is not known. */
  readonly sandbox: SandboxState | null;
  readonly hasIncident: boolean;
  /** What the agent takes for an answer. */
  readonly decisions: readonly Decision[];
  /** It asks for values, which only a person has. */
  readonly isForm: boolean;
};

export type Verdict =
  | { readonly by: 'person' /** Why, where the mode would have answered. */; readonly because: string | null }
  /** `actor`: for the audit log. `message`: what the agent is told. */
  | {
      readonly by: 'rule' | 'mode';
      readonly decision: 'allowOnce' | 'deny';
      readonly actor: string;
      readonly rule: RuleId | null;
      readonly message: string | null;
    };

export const restrictedDenial =
  'Denied without asking: this agent is in restricted mode, in which only what a rule of the person allows is done. Go on without it, or say at the end of your turn what you need.';
const neverDenial = 'Denied by a rule of the person, who never allows exactly this. Go on without it.';

/** `never` in every mode; `always` unless an incident lasts, when nothing is allowed that nobody looked at. */
export function verdictOf({ mode, rule, sandbox, hasIncident, decisions, isForm }: Circumstances): Verdict {
  const mayAllow = decisions.includes('allowOnce') && !isForm;
  if (rule?.effect === 'never') return byRule(rule, 'deny', neverDenial);
  if (rule && mayAllow && !hasIncident) return byRule(rule, 'allowOnce', null);
  const paused = rule && hasIncident ? 'A rule allows this, but an incident lasts.' : null;
  if (mode === 'restricted') return byMode(mode, 'deny', restrictedDenial);
  if (mode === 'ask') return { by: 'person', because: paused };
  const because = isForm ? 'The agent is autonomous, but this asks for values.' : whyNotAlone({ sandbox, hasIncident, mayAllow });
  return because === null ? byMode(mode, 'allowOnce', null) : { by: 'person', because };
}

type Alone = Pick<Circumstances, 'sandbox' | 'hasIncident'> & { readonly mayAllow: boolean };

function whyNotAlone({ sandbox, hasIncident, mayAllow }: Alone): string | null {
  if (hasIncident) return 'The agent is autonomous, but an incident lasts.';
  if (sandbox === null || sandbox.files === 'off') return 'The agent is autonomous, but no fence is around its program.';
  return mayAllow ? null : 'The agent is autonomous, but it offers no answer that allows just this once.';
}

function byRule({ id }: Rule, decision: 'allowOnce' | 'deny', message: string | null): Verdict {
  return { by: 'rule', decision, actor: `rule:${id}`, rule: id, message };
}

function byMode(mode: AgentMode, decision: 'allowOnce' | 'deny', message: string | null): Verdict {
  return { by: 'mode', decision, actor: `mode:${mode}`, rule: null, message };
}
