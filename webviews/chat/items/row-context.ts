/** What the templates of the transcript's rows may know and ask for. */
import type { Decision } from '../../../server/protocol/agent-event.ts';
import type { Approval } from '../../../server/protocol/approval.ts';
import type { ItemId, PromptId } from '../../../server/protocol/ids.ts';
import type { RuleEffect } from '../../../server/protocol/rule.ts';
import type { Item } from '../../../server/protocol/session.ts';
import type { FromWebview } from '../../../server/protocol/webview.ts';
import type { Highlighter } from '../../shared/highlighter.ts';
import type { MarkdownCache } from '../../shared/markdown-cache.ts';
import type { FormDrafts } from './form-drafts.ts';

export type Question = Extract<Item, { kind: 'permission' }>;
export type ToolCall = Extract<Item, { kind: 'tool' }>;

export interface RowContext {
  /** What was typed into questions that ask for values. */
  readonly forms: FormDrafts;
  readonly markdown: MarkdownCache;
  readonly highlighter: Highlighter;
  /** What the person opened or closed; absent: as the row itself thinks best. */
  isOpen(part: string): boolean | undefined;
  setOpen(part: string, isOpen: boolean): void;
  post(message: FromWebview): void;
  copy(text: string): void;
  answer(question: Question, decision: Decision, by: 'keyboard' | 'pointer'): void;
  /** Why the buttons of this question do not take a click now. */
  questionState(question: Question): 'ready' | 'resting' | 'answering';
  /** What the backend knows of it beside the transcript; undefined for what was settled before the page was loaded. */
  approvalOf(question: Question): Approval | undefined;
  /** Always or never from now on; nothing is done before the person has said for how long. */
  addRule(question: Question, effect: RuleEffect, by: 'keyboard' | 'pointer'): void;
  /** Stops the turn that runs. */
  interrupt(): void;
  /** Whether this prompt may be given into the turn that runs. */
  maySendNow(promptId: PromptId): boolean;
  sendNow(promptId: PromptId): void;
  /** Nothing keeps the agent from doing what it asks for without asking. */
  isUnfenced(): boolean;
  turnCostUsd(itemId: ItemId): number | null;
}
