/**
 * What happens in one thread of Codex: from what the program says to what everyone else is told. Holds no process and no
 * clock, so that a recorded thread can be replayed.
 */
import type { AgentEvent, Decision, PlanEntry, Usage } from '../../../protocol/agent-event.ts';
import type { FormValues } from '../../../protocol/form.ts';
import type { ApprovalId, PromptId } from '../../../protocol/ids.ts';
import { toolServerName } from '../../adapter.ts';
import { isTooLargeToShow, tooLargeNotice } from '../shown-whole.ts';
import { retryOf, turnEndOf } from './failures.ts';
import { Items } from './items.ts';
import type { Notification, RpcId, ThreadItem, TurnError } from './messages.ts';
import { questionOf } from './questions.ts';
import { type Answer, type Asking, OpenQuestions } from './questions-open.ts';
import { Turns } from './turns.ts';
import { SessionUsage } from './usage.ts';

type ConversationDeps = {
  readonly newId: <Id extends string>() => Id;
  readonly projectDir: string;
  /** The session's totals as they were last told, when it is an earlier one. */
  readonly knownUsage: Usage | null;
};

type Of<Method extends Notification['method']> = Extract<Notification, { method: Method }>['params'];

/** That the project's own settings do not count, and that its own sandbox has no ground here, is as it should be. */
const ofOurDoing = /^(Project-local config|Codex's Linux sandbox)/;
const missingTools = 'The agent’s own tools for mail and tasks did not start; it still has the commands btmsg and bttask.';

export class Conversation {
  readonly #projectDir: string;
  readonly #items: Items;
  readonly #questions: OpenQuestions;
  readonly #turns: Turns;
  readonly #usage: SessionUsage;
  #interrupting = false;
  #lastError: TurnError | null = null;
  #retries = 0;

  constructor({ newId, projectDir, knownUsage }: ConversationDeps) {
    this.#projectDir = projectDir;
    this.#items = new Items({ newId, projectDir });
    this.#questions = new OpenQuestions({ newId });
    this.#turns = new Turns({ newId });
    this.#usage = new SessionUsage(knownUsage);
  }

  get hasOpenTurn(): boolean {
    return this.#turns.isOpen;
  }

  /** As the program calls the turn that runs; null until it has told. */
  get codexTurnId(): string | null {
    return this.#turns.codexTurnId;
  }

  usesModel(model: string | null): void {
    this.#usage.usesModel(model);
  }

  prompted(promptId: PromptId): AgentEvent[] {
    if (!this.#turns.isOpen) this.#begin();
    return this.#turns.prompted(promptId);
  }

  /** The turn that the program was asked for is this one. */
  accepted(codexTurnId: string): void {
    this.#turns.accepted(codexTurnId);
  }

  /** The program did not take it: a prompt that was to begin a turn, which is over with that. */
  refused(error: TurnError): AgentEvent[] {
    return this.#end('failed', error);
  }

  interrupting(): void {
    this.#interrupting = true;
  }

  said(notification: Notification): AgentEvent[] {
    switch (notification.method) {
      case 'turn/started':
        return this.#turnStarted(notification.params.turn.id);
      case 'turn/completed':
        return this.#turnCompleted(notification.params);
      case 'item/started':
        return this.#items.started(notification.params.item);
      case 'item/completed':
        return this.#itemCompleted(notification.params.item);
      case 'item/fileChange/patchUpdated':
        return this.#patched(notification.params);
      case 'turn/plan/updated':
        return [{ type: 'plan', entries: notification.params.plan.map(planEntry) }];
      case 'thread/tokenUsage/updated':
        return [{ type: 'usage', usage: this.#usage.counted(notification.params.tokenUsage) }];
      case 'serverRequest/resolved':
        return this.#questions.withdrawn(notification.params.requestId, 'The agent no longer waits for an answer.');
      case 'error':
        return this.#errorSaid(notification.params);
      case 'item/agentMessage/delta':
      case 'item/plan/delta':
      case 'item/reasoning/summaryTextDelta':
      case 'item/reasoning/textDelta':
      case 'item/commandExecution/outputDelta':
        return this.#grown(notification);
      default:
        return this.#remarked(notification);
    }
  }

  /** With an answer for the program where no person can be asked; null for a question that nobody knows. */
  asked(id: RpcId, method: string, params: unknown): { readonly events: AgentEvent[]; readonly answer: Answer | null } | null {
    const question = this.#questionOf(method, params);
    if (question === undefined) return null;
    if ('notice' in question)
      return { events: [{ type: 'notice', level: 'warning', text: question.notice }], answer: { id, result: question.answer } };
    if (isTooLargeToShow(question.request))
      return { events: [tooLargeNotice(question.request)], answer: { id, result: question.answer('deny') } };
    const again = () => {
      const now = this.#questionOf(method, params);
      return now !== undefined && 'request' in now ? now : null;
    };
    return { events: [this.#shown(id, { ...question, again })], answer: null };
  }

  #shown(id: RpcId, asking: Asking): AgentEvent {
    return this.#questions.asked(id, asking, this.#items.tool(asking.codexItemId ?? '')?.itemId ?? null);
  }

  #questionOf(method: string, params: unknown) {
    return questionOf(method, params, { tool: (item) => this.#items.tool(item)?.item, projectDir: this.#projectDir });
  }

  answered(approvalId: ApprovalId, decision: Decision, values?: FormValues): Answer | null {
    return this.#questions.answered(approvalId, decision, values);
  }

  /** The program is gone: what is open ends now. */
  programEnded(reason: 'crashed' | 'interrupted'): AgentEvent[] {
    const isCut = reason === 'crashed' && this.#turns.isOpen;
    const withdrawn = this.#questions.withdrawAll('The agent’s program ended.');
    return [...withdrawn, ...this.#items.endAll({ isCut }), ...this.#turns.ended({ reason, failure: null })];
  }

  #begin(): void {
    // An interrupt that came too late for the turn before must not colour this one.
    this.#interrupting = false;
    this.#lastError = null;
    this.#retries = 0;
  }

  #turnStarted(codexTurnId: string): AgentEvent[] {
    if (!this.#turns.isOpen) this.#begin();
    return this.#turns.began(codexTurnId);
  }

  #turnCompleted({ turn }: Of<'turn/completed'>): AgentEvent[] {
    if (!this.#turns.isOf(turn.id)) return [];
    return this.#end(turn.status, turn.error ?? (turn.status === 'failed' ? this.#lastError : null));
  }

  #end(status: string, error: TurnError | null): AgentEvent[] {
    const end = turnEndOf(this.#interrupting && status !== 'completed' ? 'interrupted' : status, error);
    const withdrawn = this.#questions.withdrawAll('The turn is over.');
    return [...withdrawn, ...this.#items.endAll({ isCut: false }), ...this.#turns.ended(end)];
  }

  #itemCompleted(item: ThreadItem): AgentEvent[] {
    if (item.type === 'contextCompaction')
      return [{ type: 'notice', level: 'info', text: 'The conversation was summarized to free its context.' }];
    return this.#items.completed(item, this.#interrupting);
  }

  /** A question about it is asked anew: the answer to what was shown would be about something else. */
  #patched({ itemId, changes }: Of<'item/fileChange/patchUpdated'>): AgentEvent[] {
    const patched = this.#items.patched(itemId, changes);
    const asked = this.#questions.about(itemId).flatMap(([id, before]) => {
      const now = before.again();
      if (now === null || JSON.stringify(now.request) === JSON.stringify(before.request)) return [];
      const withdrawn = this.#questions.withdrawn(id, 'What it asks about has changed.');
      return [...withdrawn, this.#shown(id, { ...before, ...now })];
    });
    return [...patched, ...asked];
  }

  #grown(grown: Extract<Notification, { params: { delta: string } }>): AgentEvent[] {
    const { itemId, delta } = grown.params;
    switch (grown.method) {
      case 'item/commandExecution/outputDelta':
        return this.#items.printed(itemId, delta);
      case 'item/reasoning/summaryTextDelta':
        return this.#items.streamed(itemId, delta, { kind: 'thinking', part: grown.params.summaryIndex, source: 'summary' });
      case 'item/reasoning/textDelta':
        return this.#items.streamed(itemId, delta, { kind: 'thinking', part: grown.params.contentIndex, source: 'content' });
      default:
        return this.#items.streamed(itemId, delta, { kind: 'text', part: 0, source: 'text' });
    }
  }

  #errorSaid({ error, willRetry }: Of<'error'>): AgentEvent[] {
    this.#lastError = error;
    // The turn's end says it.
    if (!willRetry) return [];
    const retry = retryOf(error, this.#retries);
    this.#retries = retry.attempt;
    return [retry];
  }

  #remarked(notification: Notification): AgentEvent[] {
    switch (notification.method) {
      case 'warning':
        return [{ type: 'notice', level: 'warning', text: notification.params.message }];
      case 'configWarning': {
        const text = notification.params.summary.trim();
        return ofOurDoing.test(text) ? [] : [{ type: 'notice', level: 'info', text }];
      }
      case 'model/rerouted': {
        const { fromModel, toModel } = notification.params;
        this.#usage.usesModel(toModel);
        return [{ type: 'notice', level: 'warning', text: `The model ${toModel} answers in the place of ${fromModel}.` }];
      }
      case 'mcpServer/startupStatus/updated': {
        const { name, status } = notification.params;
        return name === toolServerName && status === 'failed' ? [{ type: 'notice', level: 'warning', text: missingTools }] : [];
      }
      default:
        return [];
    }
  }
}

function planEntry({ step, status }: { readonly step: string; readonly status: string }): PlanEntry {
  return { text: step, status: status === 'completed' ? 'done' : status === 'inProgress' ? 'running' : 'pending' };
}
