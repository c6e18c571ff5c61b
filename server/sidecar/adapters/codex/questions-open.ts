/** The questions of Codex that wait for a person. */
import type { AgentEvent, Decision } from '../../../protocol/agent-event.ts';
import type { FormValues } from '../../../protocol/form.ts';
import type { ApprovalId, ItemId } from '../../../protocol/ids.ts';
import type { RpcId } from './messages.ts';
import type { Question } from './questions.ts';

export type Answer = { readonly id: RpcId; readonly result: unknown };
/** `again` is the question as it would be asked now; null when it could not be. */
export type Asking = Question & { readonly again: () => Question | null };
type Open = { readonly approvalId: ApprovalId; readonly question: Asking };

export class OpenQuestions {
  readonly #newId: () => ApprovalId;
  /** By the program's own id of the question. */
  readonly #open = new Map<RpcId, Open>();

  constructor(deps: { readonly newId: () => ApprovalId }) {
    this.#newId = deps.newId;
  }

  asked(id: RpcId, question: Asking, toolItemId: ItemId | null): AgentEvent {
    const approvalId = this.#newId();
    this.#open.set(id, { approvalId, question });
    return { type: 'permissionAsked', approvalId, toolItemId, request: question.request };
  }

  /** Null when nobody waits for it any more. */
  answered(approvalId: ApprovalId, decision: Decision, values?: FormValues): Answer | null {
    for (const [id, open] of this.#open) {
      if (open.approvalId !== approvalId) continue;
      this.#open.delete(id);
      return { id, result: open.question.answer(decision, values) };
    }
    return null;
  }

  withdrawn(id: RpcId, reason: string): AgentEvent[] {
    const open = this.#open.get(id);
    if (!open) return [];
    this.#open.delete(id);
    return [{ type: 'permissionWithdrawn', approvalId: open.approvalId, reason }];
  }

  withdrawAll(reason: string): AgentEvent[] {
    return [...this.#open.keys()].flatMap((id) => this.withdrawn(id, reason));
  }

  /** Those about that thing, which may have changed since they were asked. */
  about(codexItemId: string): readonly [RpcId, Asking][] {
    return [...this.#open].flatMap(([id, { question }]): [RpcId, Asking][] =>
      question.codexItemId === codexItemId ? [[id, question]] : [],
    );
  }
}
