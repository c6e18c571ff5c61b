/**
 * Takes questions of agents in. What answers for a person does so in the transaction of the question, so that nobody is asked
 * what is settled, and a crash leaves either both or neither.
 */
import type { AgentId } from '../protocol/ids.ts';
import type { SandboxState } from '../protocol/sandbox.ts';
import type { Approvals, Asked } from './approvals.ts';
import type { Judge } from './judge.ts';

export type NewQuestionsDeps = {
  readonly approvals: Approvals;
  readonly judge: Judge;
  readonly sandbox: (id: AgentId) => SandboxState | null;
  /** Whether there is a program that waits for the answer. */
  readonly isRunning: (id: AgentId) => boolean;
  /** Null: a question waits for as long as its agent does. */
  readonly limitMs: () => number | null;
  readonly now: () => number;
};

export class NewQuestions {
  readonly #deps: NewQuestionsDeps;

  constructor(deps: NewQuestionsDeps) {
    this.#deps = deps;
  }

  /** Told again, it is the question that there is already. */
  take(asked: Asked): void {
    const { approvals, judge, limitMs, now } = this.#deps;
    const verdict = this.#verdict(asked);
    const limit = limitMs();
    const terms = { expiresAt: limit === null ? null : now() + limit, askedBecause: verdict.by === 'person' ? verdict.because : null };
    const question = approvals.ask({ ...asked, ...terms });
    if (!question || verdict.by === 'person') return;
    const { decision, actor, rule, message } = verdict;
    approvals.answer(question.id, { decision, hash: question.hash, actor, rule, message });
    if (rule !== null) judge.used(rule);
  }

  #verdict({ agentId, projectId, request }: Asked): ReturnType<Judge['verdict']> {
    const { judge, sandbox, isRunning } = this.#deps;
    // What a dead sidecar left behind is withdrawn in a moment, and was never allowed.
    if (!isRunning(agentId)) return { by: 'person', because: null };
    return judge.verdict({ agentId, projectId, request, sandbox: sandbox(agentId) });
  }
}
