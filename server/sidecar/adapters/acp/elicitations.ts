/** The forms that an ACP agent asks a person to fill in, each until it is answered or nobody waits for it any more. */
import type { CreateElicitationResponse } from '@agentclientprotocol/sdk';
import * as z from 'zod/mini';
import { newId } from '../../../base/uuid.ts';
import type { AgentEvent, Decision } from '../../../protocol/agent-event.ts';
import type { FormValues } from '../../../protocol/form.ts';
import type { ApprovalId } from '../../../protocol/ids.ts';
import { formAnswer, formQuestion } from '../form-question.ts';
import { isTooLargeToShow, tooLargeNotice } from '../shown-whole.ts';

type Respond = (response: CreateElicitationResponse) => void;

const AskedForm = z.looseObject({ message: z.catch(z.string(), ''), requestedSchema: z.optional(z.unknown()) });
/** Says which question it is, and nothing that the answer decides on. */
const ofProtocol = ['sessionId', 'toolCallId', 'requestId', 'mode', 'message', 'requestedSchema'];
export const cancelledForm: CreateElicitationResponse = { action: 'cancel' };

export class Elicitations {
  readonly #emit: (event: AgentEvent) => void;
  readonly #open = new Map<ApprovalId, Respond>();

  constructor(emit: (event: AgentEvent) => void) {
    this.#emit = emit;
  }

  /** Resolves when a person has answered, or when nobody waits for it any more. */
  ask(params: unknown, signal: AbortSignal): Promise<CreateElicitationResponse> {
    const asked = AskedForm.safeParse(params).data;
    if (!asked) return Promise.resolve(cancelledForm);
    const { message, requestedSchema: schema } = asked;
    const others = Object.fromEntries(Object.entries(asked).filter(([name]) => !ofProtocol.includes(name)));
    const shown = formQuestion({ ...{ title: 'Fill in a form', asker: 'The agent', toolName: 'form' }, message, schema, others });
    if ('notice' in shown) return this.#declined({ type: 'notice', level: 'warning', text: shown.notice });
    if (isTooLargeToShow(shown)) return this.#declined(tooLargeNotice(shown));
    return new Promise((respond) => {
      const approvalId = newId<ApprovalId>();
      this.#open.set(approvalId, respond);
      signal.addEventListener('abort', () => this.#withdraw(approvalId, 'The agent took its question back.'), { once: true });
      this.#emit({ type: 'permissionAsked', approvalId, toolItemId: null, request: shown });
    });
  }

  /** False when it is none of these, or nobody waits for it. */
  answer(approvalId: ApprovalId, decision: Decision, values: FormValues | undefined): boolean {
    const respond = this.#open.get(approvalId);
    this.#open.delete(approvalId);
    const { action, content } = formAnswer(decision, values);
    respond?.(content === null ? { action } : { action, content });
    return respond !== undefined;
  }

  withdrawAll(reason: string): void {
    for (const approvalId of [...this.#open.keys()]) this.#withdraw(approvalId, reason);
  }

  #withdraw(approvalId: ApprovalId, reason: string): void {
    const respond = this.#open.get(approvalId);
    if (!respond) return;
    this.#open.delete(approvalId);
    this.#emit({ type: 'permissionWithdrawn', approvalId, reason });
    respond(cancelledForm);
  }

  #declined(notice: AgentEvent): Promise<CreateElicitationResponse> {
    this.#emit(notice);
    return Promise.resolve({ action: 'decline' });
  }
}
