/** Who answers the questions of agents in place of a person: rules and modes, which another feature keeps. */
import type { AgentMode } from '../protocol/agent.ts';
import type { Approval } from '../protocol/approval.ts';
import type { AgentId, RuleId } from '../protocol/ids.ts';
import type { SandboxState } from '../protocol/sandbox.ts';

export type JudgedQuestion = Pick<Approval, 'agentId' | 'projectId' | 'request'> & { readonly sandbox: SandboxState | null };

/** `because`: why a person is asked although the mode would answer. */
export type AskPerson = { readonly by: 'person'; readonly because: string | null };
export type GivenAnswer = {
  readonly by: 'rule' | 'mode';
  readonly decision: 'allowOnce' | 'deny';
  /** For the audit log. */
  readonly actor: string;
  readonly rule: RuleId | null;
  /** For the agent. */
  readonly message: string | null;
};

export type Judge = {
  readonly mode: (id: AgentId) => AgentMode;
  readonly verdict: (question: JudgedQuestion) => AskPerson | GivenAnswer;
  /** In the transaction of the answer. */
  readonly used: (rule: RuleId) => void;
};

/** Where nothing answers for a person. */
export const onlyPerson: Judge = { mode: () => 'ask', verdict: () => ({ by: 'person', because: null }), used: () => {} };
