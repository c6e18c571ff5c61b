/**
 * One ACP session as agent events: its running turn, what is open in it, the questions that wait for a person, and
 * the session's usage. Knows no process and no stream.
 */
import type { PermissionOption, RequestPermissionResponse } from '@agentclientprotocol/sdk';
import { newId } from '../../../base/uuid.ts';
import type { AgentEvent, Decision, Failure, PermissionRequest, TurnEndReason, Usage } from '../../../protocol/agent-event.ts';
import type { ApprovalId, PromptId, TurnId } from '../../../protocol/ids.ts';
import { isTooLargeToShow, tooLargeNotice } from '../shown-whole.ts';
import { type AcpUpdate, type PromptUsage, ToolFields } from './acp-update.ts';
import { cancelledResponse, permissionRequest, responseFor } from './permission.ts';
import { toldRetry } from './told-retry.ts';
import { applyUpdate, endItems, markDenied, merged, newItems, type TurnItems } from './turn-items.ts';
import { noUsage, withContext, withPrompt } from './usage.ts';

type Question = {
  readonly options: readonly PermissionOption[];
  readonly toolCallId: string;
  readonly respond: (response: RequestPermissionResponse) => void;
};

export class Conversation {
  readonly #emit: (event: AgentEvent) => void;
  readonly #questions = new Map<ApprovalId, Question>();
  #turnId: TurnId | null = null;
  #items: TurnItems = newItems();
  #usage: Usage;
  #saidAfterTurn = false;
  /** Of this turn, that its program told of. */
  #retries = 0;

  /** `usage` is what is known of a session that goes on. */
  constructor(emit: (event: AgentEvent) => void, usage: Usage = noUsage) {
    this.#emit = emit;
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
    this.#retries = 0;
    this.#emit({ type: 'turnStarted', turnId, promptIds: [promptId] });
    return turnId;
  }

  update(update: AcpUpdate): void {
    if (update.sessionUpdate === 'usage_update') return this.#setUsage(withContext(this.#usage, update));
    if (update.sessionUpdate === 'notice') return this.#emit(noticeEvent(update));
    if (this.#turnId === null) return this.#noteSpeechAfterTurn(update);
    const step = applyUpdate(this.#items, update, newId);
    this.#items = step.items;
    step.events.forEach(this.#emit);
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
    const request = permissionRequest(known ? merged(known.fields, asked.data) : asked.data, options);
    if (isTooLargeToShow(request)) return Promise.resolve(this.#refuse(request, asked.data.toolCallId, options));
    const approvalId = newId<ApprovalId>();
    return new Promise((respond) => {
      this.#questions.set(approvalId, { options, toolCallId: asked.data.toolCallId, respond });
      signal.addEventListener('abort', () => this.#withdraw(approvalId, 'The agent took its question back.'), { once: true });
      this.#emit({ type: 'permissionAsked', approvalId, toolItemId: known?.itemId ?? null, request });
    });
  }

  /** False when the agent no longer waits, or offered no such answer. */
  answer(approvalId: ApprovalId, decision: Decision): boolean {
    const question = this.#questions.get(approvalId);
    const response = question && responseFor(decision, question.options);
    if (question === undefined || response === undefined) return false;
    this.#questions.delete(approvalId);
    if (decision === 'deny') markDenied(this.#items, question.toolCallId);
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

  #withdrawAll(reason: string): void {
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
