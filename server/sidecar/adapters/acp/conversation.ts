/**
 * One ACP session as agent events: its running turn, what is open in it, the questions that wait for a person, and
 * the session's usage. Knows no process and no stream.
 */
import type { CreateElicitationResponse, PermissionOption, RequestPermissionResponse } from '@agentclientprotocol/sdk';
import { newId } from '../../../base/uuid.ts';
import type { AgentEvent, Decision, Failure, PermissionRequest, TurnEndReason, Usage } from '../../../protocol/agent-event.ts';
import type { FormValues } from '../../../protocol/form.ts';
import type { ApprovalId, PromptId, TurnId } from '../../../protocol/ids.ts';
import { isTooLargeToShow, tooLargeNotice } from '../shown-whole.ts';
import { type AcpUpdate, type PromptUsage, ToolFields } from './acp-update.ts';
import { cancelledForm, Elicitations } from './elicitations.ts';
import { cancelledResponse, permissionRequest, responseFor } from './permission.ts';
import { toldRetry } from './told-retry.ts';
import { applyUpdate, endItems, markDenied, merged, newItems, type TurnItems } from './turn-items.ts';
import { UnaskedTools } from './unasked-tools.ts';
import { noUsage, withContext, withPrompt } from './usage.ts';

type Question = {
  readonly options: readonly PermissionOption[];
  readonly toolCallId: string;
  /** What was asked about, as it was told last. */
  readonly fields: ToolFields;
  readonly request: PermissionRequest;
  readonly signal: AbortSignal;
  readonly respond: (response: RequestPermissionResponse) => void;
};

export class Conversation {
  readonly #emit: (event: AgentEvent) => void;
  readonly #questions = new Map<ApprovalId, Question>();
  readonly #forms: Elicitations;
  #turnId: TurnId | null = null;
  #items: TurnItems = newItems();
  #usage: Usage;
  #saidAfterTurn = false;
  readonly #unasked = new UnaskedTools();
  /** Of this turn, that its program told of. */
  #retries = 0;

  /** `usage` is what is known of a session that goes on. */
  constructor(emit: (event: AgentEvent) => void, usage: Usage = noUsage) {
    this.#emit = emit;
    this.#forms = new Elicitations(emit);
    this.#usage = usage;
  }

  get turnId(): TurnId | null {
    return this.#turnId;
  }

  get usage(): Usage {
    return this.#usage;
  }

  get isStopping(): boolean {
    return this.#items.stopping;
  }

  begin(promptId: PromptId): TurnId {
    const turnId = newId<TurnId>();
    this.#turnId = turnId;
    this.#items = newItems();
    this.#saidAfterTurn = false;
    this.#unasked.turnBegan();
    this.#retries = 0;
    this.#emit({ type: 'turnStarted', turnId, promptIds: [promptId] });
    return turnId;
  }

  update(update: AcpUpdate): void {
    if (update.sessionUpdate === 'usage_update') return this.#setUsage(withContext(this.#usage, update));
    if (update.sessionUpdate === 'notice') return this.#emit(noticeEvent(update));
    if (this.#turnId === null) return this.#noteSpeechAfterTurn(update);
    const unasked = this.#unaskedText(update);
    const step = applyUpdate(this.#items, update, newId);
    this.#items = step.items;
    step.events.forEach(this.#emit);
    if (unasked !== null) this.#emit({ type: 'notice', level: 'info', text: unasked });
    if (update.sessionUpdate === 'tool_call_update') this.#askAnew(update);
  }

  /** An update that is none of the protocol's. */
  toldBeside(params: unknown, sessionId: string | null): void {
    const retry = sessionId === null || this.#turnId === null ? null : toldRetry(params, sessionId, this.#retries);
    if (retry === null) return;
    this.#retries += 1;
    this.#emit(retry);
  }

  addPromptUsage(usage: PromptUsage): void {
    this.#setUsage(withPrompt(this.#usage, usage));
  }

  /** Resolves when a person has answered, or when nobody waits for it any more. */
  ask(toolCall: unknown, options: readonly PermissionOption[], signal: AbortSignal): Promise<RequestPermissionResponse> {
    const asked = ToolFields.safeParse(toolCall);
    // Outside a turn nobody could see what it is about.
    if (!asked.success || this.#turnId === null || this.isStopping || signal.aborted) return Promise.resolve(cancelledResponse);
    const known = this.#items.tools.get(asked.data.toolCallId);
    const fields = known ? merged(known.fields, asked.data) : asked.data;
    return new Promise((respond) => this.#show({ options, toolCallId: fields.toolCallId, fields, signal, respond }));
  }

  /** The same for a form. */
  askForm(params: unknown, signal: AbortSignal): Promise<CreateElicitationResponse> {
    if (this.#turnId === null || this.isStopping || signal.aborted) return Promise.resolve(cancelledForm);
    return this.#forms.ask(params, signal);
  }

  #show(question: Omit<Question, 'request'>): void {
    const { options, toolCallId, signal, fields, respond } = question;
    const request = permissionRequest(fields, options);
    if (isTooLargeToShow(request)) return respond(this.#refuse(request, toolCallId, options));
    const approvalId = newId<ApprovalId>();
    this.#unasked.asked();
    this.#questions.set(approvalId, { ...question, request });
    signal.addEventListener('abort', () => this.#withdraw(approvalId, 'The agent took its question back.'), { once: true });
    this.#emit({ type: 'permissionAsked', approvalId, toolItemId: this.#items.tools.get(toolCallId)?.itemId ?? null, request });
  }

  /** What is asked about has changed while it was shown: an answer to what was shown must not count for it. */
  #askAnew(update: ToolFields): void {
    for (const [approvalId, question] of this.#questions) {
      if (question.toolCallId !== update.toolCallId) continue;
      const fields = merged(question.fields, update);
      if (JSON.stringify(permissionRequest(fields, question.options)) === JSON.stringify(question.request)) continue;
      this.#questions.delete(approvalId);
      this.#emit({ type: 'permissionWithdrawn', approvalId, reason: 'What it asked about has changed.' });
      this.#show({ ...question, fields });
    }
  }

  /** False when the agent no longer waits, or offered no such answer. */
  answer(approvalId: ApprovalId, decision: Decision, values?: FormValues): boolean {
    if (this.#forms.answer(approvalId, decision, values)) return true;
    const question = this.#questions.get(approvalId);
    const response = question && responseFor(decision, question.options);
    if (question === undefined || response === undefined) return false;
    this.#questions.delete(approvalId);
    if (decision === 'deny') markDenied(this.#items, question.toolCallId);
    if (decision === 'allowSession') this.#unasked.allowedForSession();
    question.respond(response);
    return true;
  }

  /** The person wants the turn to end: open questions are answered as cancelled, as the protocol demands. */
  stopAsked(): void {
    this.#items = { ...this.#items, stopping: true };
    this.#withdrawAll('The turn was stopped.');
  }

  end(reason: TurnEndReason, failure: Failure | null): void {
    if (this.#turnId === null) return;
    this.#withdrawAll('The turn is over.');
    // Text that is open when its turn crashes is shown as cut, which one that had ended would not be.
    const ended = endItems(this.#items).filter(({ type }) => reason !== 'crashed' || type !== 'blockEnded');
    ended.forEach(this.#emit);
    const turnId = this.#turnId;
    this.#turnId = null;
    this.#items = newItems();
    this.#emit({ type: 'turnEnded', turnId, reason, failure });
  }

  #refuse(request: PermissionRequest, toolCallId: string, options: readonly PermissionOption[]): RequestPermissionResponse {
    markDenied(this.#items, toolCallId);
    this.#emit(tooLargeNotice(request));
    return responseFor('deny', options) ?? cancelledResponse;
  }

  #unaskedText(update: AcpUpdate): string | null {
    if (update.sessionUpdate !== 'tool_call' && update.sessionUpdate !== 'tool_call_update') return null;
    const known = this.#items.tools.get(update.toolCallId);
    return this.#unasked.ended(known ? merged(known.fields, update) : update);
  }

  #withdrawAll(reason: string): void {
    this.#forms.withdrawAll(reason);
    for (const approvalId of [...this.#questions.keys()]) this.#withdraw(approvalId, reason);
  }

  #withdraw(approvalId: ApprovalId, reason: string): void {
    const question = this.#questions.get(approvalId);
    if (question === undefined) return;
    this.#questions.delete(approvalId);
    this.#emit({ type: 'permissionWithdrawn', approvalId, reason });
    question.respond(cancelledResponse);
  }

  #setUsage(usage: Usage): void {
    this.#usage = usage;
    this.#emit({ type: 'usage', usage });
  }

  /** The protocol knows no turns that an agent begins by itself; the person is told once that something happened. */
  #noteSpeechAfterTurn(update: AcpUpdate): void {
    if (this.#saidAfterTurn || update.sessionUpdate === 'plan') return;
    this.#saidAfterTurn = true;
    this.#emit({ type: 'notice', level: 'warning', text: 'The agent went on after its turn had ended; that part is not shown.' });
  }
}

function noticeEvent(notice: Extract<AcpUpdate, { sessionUpdate: 'notice' }>): AgentEvent {
  const level = notice.severity === 'warning' || notice.severity === 'error' ? notice.severity : 'info';
  const text = notice.description ? `${notice.title}: ${notice.description}` : notice.title;
  return { type: 'notice', level, text };
}
