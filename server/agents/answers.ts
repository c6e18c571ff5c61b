/** Brings answers to the agents that wait for them: those of persons, of rules and modes, and the no of a question whose time is over. */
import type { Approval } from '../protocol/approval.ts';
import { answersAtOnce } from '../protocol/approval-requests.ts';
import { AgorError } from '../protocol/errors.ts';
import type { AgentId, ApprovalId, RuleId } from '../protocol/ids.ts';
import type { Params, Result } from '../protocol/requests.ts';
import type { RecordFile } from '../store/record-file.ts';
import type { AgentWorker } from './agent-worker.ts';
import type { Approvals } from './approvals.ts';
import { isCode } from './session-opener.ts';
import type { Sessions } from './sessions.ts';

export type AnswersDeps = {
  readonly file: RecordFile;
  readonly approvals: Approvals;
  readonly sessions: Sessions;
  readonly worker: (id: AgentId) => AgentWorker;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

/** A rule that is made while a question is answered. */
export type MadeRule = { readonly id: RuleId; readonly decision: 'allowOnce' | 'deny'; readonly fits: (other: Approval) => boolean };
type Shown = Pick<Params<'rule/add'>, 'approval' | 'hash'> & { readonly actor: string };

export class Answers {
  readonly #deps: AnswersDeps;

  constructor(deps: AnswersDeps) {
    this.#deps = deps;
  }

  async answer(params: Params<'approval/answer'>, actor: string): Promise<Approval> {
    const { approval: reference, decision, hash, message = null, values } = params;
    const approval = this.#deps.approvals.answer(reference, { decision, hash, message, values, actor });
    if (await this.#bring(approval)) return approval;
    throw new AgorError('conflict', `The agent no longer waits for an answer to "${approval.request.title}".`);
  }

  /** Throws `badRequest`, and answers none, unless they are of one kind and one project. */
  async answerAll({ answers, decision, message }: Params<'approval/answerAll'>, actor: string): Promise<Result<'approval/answerAll'>> {
    this.#requireAlike(answers.map(({ approval }) => approval));
    const done = await Promise.all(
      answers.map(async ({ approval, hash }) => {
        try {
          return await this.answer({ approval, decision, hash, ...(message === undefined ? {} : { message }) }, actor);
        } catch (error) {
          if (error instanceof AgorError && error.code !== 'storage') return { approval, sentence: error.message };
          throw error;
        }
      }),
    );
    return {
      answered: done.flatMap((one) => ('sentence' in one ? [] : [one])),
      refused: done.flatMap((one) => ('sentence' in one ? [one] : [])),
    };
  }

  /** The question that was shown, and those that the new rule fits, with the rule in one transaction. */
  async answerByRule({ approval: reference, hash, actor }: Shown, make: (shown: Approval) => MadeRule): Promise<Approval[]> {
    const { file, approvals } = this.#deps;
    const settled = file.write(() => {
      const shown = approvals.find(reference);
      const { id: rule, decision, fits } = make(shown);
      const first = approvals.answer(shown.id, { decision, hash, actor, rule });
      const alike = approvals.open().filter((other) => other.projectId === shown.projectId && fits(other));
      const answerable = alike.filter(({ request }) => request.decisions.includes(decision));
      return [first, ...answerable.map((other) => approvals.answer(other.id, { decision, hash: other.hash, actor: `rule:${rule}`, rule }))];
    });
    const brought = await Promise.all(settled.map(async (approval) => ((await this.#bring(approval)) ? [approval] : [])));
    return brought.flat();
  }

  /** A question was taken in: if it was answered with that, its agent is told. */
  questionTaken(id: ApprovalId): void {
    const approval = this.#deps.approvals.get(id);
    if (approval && approval.state !== 'open' && approval.state !== 'withdrawn') this.#bringLater(approval);
  }

  expire(id: ApprovalId, message: string): void {
    const expired = this.#deps.approvals.expire(id, message);
    if (expired) this.#bringLater(expired);
  }

  #bringLater(approval: Approval): void {
    const { agentId } = approval;
    this.#bring(approval).catch((err: unknown) => this.#deps.log('answer not delivered', { agentId, approvalId: approval.id, err }));
  }

  /** False when the agent went on without it: then nothing was allowed, and that is what stands. */
  async #bring(approval: Approval): Promise<boolean> {
    const isDelivered = await this.#deliver(approval);
    const { sessions, approvals } = this.#deps;
    sessions.showAnswer(isDelivered || approval.state === 'expired' ? approval : approvals.takeBack(approval));
    return isDelivered;
  }

  /** An agent that is away for a moment gets the answer when it is back. */
  async #deliver(approval: Approval): Promise<boolean> {
    try {
      return await this.#deps.worker(approval.agentId).answer(approval);
    } catch (error) {
      if (isCode(error, 'unavailable')) return true;
      throw error;
    }
  }

  #requireAlike(references: readonly string[]): void {
    const asked = references.map((reference) => this.#deps.approvals.find(reference));
    const [first] = asked;
    const other = asked.find(({ kind, projectId }) => kind !== first?.kind || projectId !== first.projectId);
    if (!other || !first) return;
    throw new AgorError(
      'badRequest',
      `Up to ${answersAtOnce} questions of one kind and one project can be answered together, but "${other.kindLabel}" is not "${first.kindLabel}". Answer them by themselves.`,
    );
  }
}
