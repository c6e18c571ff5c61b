/** What each event of an agent does to the transcript. Deterministic: time, ids and hashes come as arguments. */
import type { AgentEvent, ToolContent, TurnEndReason } from '../protocol/agent-event.ts';
import { isWithoutPerson } from '../protocol/approval.ts';
import { limits } from '../protocol/errors.ts';
import type { ApprovalId, ItemId, TurnId } from '../protocol/ids.ts';
import type { Item } from '../protocol/session.ts';
import {
  fenceNotice,
  hookFailedNotice,
  type Notice,
  programEndedNotice,
  protectedNotice,
  protocolErrorNotice,
  retryText,
  withheldNotice,
} from './event-notice.ts';
import type { Transcript } from './transcript.ts';

export type Moment = {
  readonly at: number;
  readonly newItemId: () => ItemId;
  readonly hashOf: (value: unknown) => string;
  /** What a rule or a mode has answered already; undefined where a person is asked. */
  readonly answerOf?: ((id: ApprovalId) => Outcome | undefined) | undefined;
};
export type Outcome = Pick<Kind<'permission'>, 'state' | 'answeredBy' | 'answeredAt' | 'values'>;

type Of<T extends AgentEvent['type']> = Extract<AgentEvent, { type: T }>;
type Kind<K extends Item['kind']> = Extract<Item, { kind: K }>;

/** After one of these a wait for the next attempt is over. */
const goesOn: ReadonlySet<string> = new Set<AgentEvent['type']>([
  'turnStarted',
  'text',
  'thinking',
  'toolStarted',
  'permissionAsked',
  'plan',
  'retry',
  'turnEnded',
]);

export function applyEvent(transcript: Transcript, event: AgentEvent, moment: Moment): void {
  if (goesOn.has(event.type)) endRetries(transcript);
  switch (event.type) {
    case 'sessionOpened':
      return transcript.update({ providerSessionId: event.providerSessionId, model: event.model ?? transcript.record.model });
    case 'turnStarted':
      return startTurn(transcript, event, moment);
    case 'promptJoined':
      return placePrompts(transcript, event, moment);
    case 'text':
    case 'thinking':
      return addText(transcript, event, moment);
    case 'blockEnded':
      return endBlock(transcript, event.itemId, false);
    case 'toolStarted':
      return startTool(transcript, event, moment);
    case 'toolProgressed':
      return changeTool(transcript, event, moment);
    case 'toolEnded':
      return changeTool(transcript, event, moment);
    case 'permissionAsked':
      return askPermission(transcript, event, moment);
    case 'permissionWithdrawn':
      return settlePermission(transcript, event.approvalId, { state: 'withdrawn', answeredBy: 'agent', answeredAt: moment.at });
    case 'plan':
      return showPlan(transcript, event, moment);
    case 'usage':
      return transcript.update({ usage: event.usage });
    case 'retry':
      return showRetry(transcript, event, moment);
    case 'fenced':
      return showFence(transcript, event, moment);
    case 'programEnded':
      return addNotice(transcript, programEndedNotice(event), moment);
    case 'protocolError':
      return addNotice(transcript, protocolErrorNotice(event), moment);
    case 'protectedChanged':
      return addNotice(transcript, protectedNotice(event), moment);
    case 'hookFailed':
      return addNotice(transcript, hookFailedNotice(event), moment);
    case 'secretWithheld':
      return addNotice(transcript, withheldNotice(event), moment);
    case 'notice':
      return addNotice(transcript, event, moment);
    case 'mailGiven':
      return showMail(transcript, event, moment);
    case 'mailSeen':
    case 'messageQueued':
      return;
    case 'turnEnded':
      return endTurn(transcript, event, moment);
  }
}

/** The prompt of a turn that mail began shows it already. */
function showMail(transcript: Transcript, { messageIds, by, text }: Of<'mailGiven'>, { at, newItemId }: Moment): void {
  if (text !== '') transcript.add({ id: newItemId(), at, kind: 'mail', messageIds, by, text });
}

function startTurn(transcript: Transcript, event: Of<'turnStarted'>, moment: Moment): void {
  const { at } = moment;
  const { runningTurnId } = transcript.record;
  if (runningTurnId !== event.turnId) {
    // The end of a turn can be lost with whoever should have told it.
    if (runningTurnId !== null) endTurn(transcript, { type: 'turnEnded', turnId: runningTurnId, reason: 'crashed', failure: null }, moment);
    transcript.update({ runningTurnId: event.turnId, runningSince: at, turnCount: transcript.record.turnCount + 1, lastActiveAt: at });
  }
  placePrompts(transcript, event, moment);
}

/** They stand where the agent was given them. */
function placePrompts(transcript: Transcript, { promptIds }: Of<'turnStarted' | 'promptJoined'>, { at }: Moment): void {
  for (const item of transcript.openItems()) {
    if (item.kind === 'prompt' && promptIds.includes(item.promptId)) transcript.moveToEnd({ ...item, state: 'sent', at });
  }
}

function addText(transcript: Transcript, event: Of<'text' | 'thinking'>, { at }: Moment): void {
  if (!transcript.openItem(event.itemId)) {
    if (event.offset > 0) return;
    transcript.add({ id: event.itemId, at, kind: event.type, text: '', complete: false, interrupted: false });
  }
  transcript.append(event.itemId, event.offset, event.text);
}

function endBlock(transcript: Transcript, id: ItemId, interrupted: boolean): void {
  const item = transcript.openItem(id);
  if (item?.kind !== 'text' && item?.kind !== 'thinking') return;
  transcript.replace({ ...item, complete: true, interrupted });
}

function startTool(transcript: Transcript, event: Of<'toolStarted'>, { at }: Moment): void {
  const { content, omittedChars } = bounded(event.content);
  transcript.add({
    id: event.itemId,
    at,
    kind: 'tool',
    parentItemId: event.parentItemId,
    name: event.name,
    title: event.title,
    toolKind: event.kind,
    input: event.input,
    status: 'running',
    content,
    omittedChars,
    endedAt: null,
  });
}

function changeTool(transcript: Transcript, event: Of<'toolProgressed'> | Of<'toolEnded'>, { at }: Moment): void {
  const item = transcript.openItem(event.itemId);
  if (item?.kind !== 'tool') return;
  const output = event.content ? bounded(event.content) : {};
  const named = event.type === 'toolProgressed' ? { title: event.title ?? item.title, input: event.input ?? item.input } : {};
  const status = event.status ?? item.status;
  const isOver = event.type === 'toolEnded' || (status !== 'pending' && status !== 'running');
  transcript.replace({ ...item, ...named, ...output, status, endedAt: isOver ? at : null });
}

/** Keeps the beginning of what a tool said, and says how much was left out. */
function bounded(content: readonly ToolContent[]): { content: ToolContent[]; omittedChars: number } {
  let left: number = limits.toolOutputChars;
  let omittedChars = 0;
  const kept = content.map((part) => {
    if (part.type !== 'text') return part;
    const text = part.text.slice(0, left);
    omittedChars += part.text.length - text.length;
    left -= text.length;
    return { ...part, text };
  });
  return { content: kept, omittedChars };
}

function askPermission(transcript: Transcript, event: Of<'permissionAsked'>, { at, newItemId, hashOf, answerOf }: Moment): void {
  const { approvalId, toolItemId, request } = event;
  const { state, answeredBy, answeredAt } = answerOf?.(approvalId) ?? { state: 'open', answeredBy: null, answeredAt: null };
  const outcome = { state, answeredBy, answeredAt };
  transcript.add({ id: newItemId(), at, kind: 'permission', approvalId, toolItemId, request, hash: hashOf(request), ...outcome });
}

/** The first time counts. Only what a rule or a mode answered, which is `closed` by then, may turn out not to have been waited for. */
export function settlePermission(transcript: Transcript, approvalId: string, outcome: Outcome, closed?: Item): void {
  const item = transcript.openItems().find((open) => open.kind === 'permission' && open.approvalId === approvalId);
  if (item?.kind === 'permission' && item.state === 'open') return transcript.replace({ ...item, ...outcome });
  if (closed?.kind === 'permission' && isWithoutPerson(closed.answeredBy)) transcript.replace({ ...closed, ...outcome });
}

/** An agent sends its whole plan each time: the turn has one, and it changes in its place. */
function showPlan(transcript: Transcript, event: Of<'plan'>, { at, newItemId }: Moment): void {
  const { runningTurnId } = transcript.record;
  const shown = transcript.openItems().find((item) => item.kind === 'plan' && item.turnId === runningTurnId);
  if (shown?.kind === 'plan' && runningTurnId) transcript.replace({ ...shown, entries: event.entries });
  else transcript.add({ id: newItemId(), at, kind: 'plan', entries: event.entries });
}

export function addNotice(transcript: Transcript, { level, text, restart, hook }: Notice, { at, newItemId }: Moment): void {
  const about = { ...(restart && { restart }), ...(hook !== undefined && { hook }) };
  transcript.add({ id: newItemId(), at, kind: 'notice', level, text, ...about });
}

function showRetry(transcript: Transcript, event: Of<'retry'>, { at, newItemId }: Moment): void {
  const { attempt, maxAttempts, delayMs, failure } = event;
  const retry = { attempt, maxAttempts, until: at + delayMs, failure, isOver: false };
  transcript.add({ id: newItemId(), at, kind: 'notice', level: 'warning', text: retryText(event), retry });
}

function endRetries(transcript: Transcript): void {
  for (const item of transcript.openItems()) {
    if (item.kind === 'notice' && item.retry) transcript.replace({ ...item, retry: { ...item.retry, isOver: true } });
  }
}

function showFence(transcript: Transcript, event: Of<'fenced'>, moment: Moment): void {
  const notice = fenceNotice(event, transcript.toldFence);
  transcript.toldFence = event.sandbox;
  if (notice) addNotice(transcript, notice, moment);
}

function endTurn(transcript: Transcript, event: Of<'turnEnded'>, { at, newItemId }: Moment): void {
  const { runningTurnId, runningSince, usage } = transcript.record;
  if (event.turnId !== runningTurnId) return;
  for (const item of transcript.openItems()) closeWithTurn(transcript, item, { reason: event.reason, turnId: runningTurnId, at });
  const durationMs = at - (runningSince ?? at);
  transcript.add({ id: newItemId(), at, kind: 'turnEnd', reason: event.reason, failure: event.failure, durationMs, usage });
  transcript.update({ runningTurnId: null, runningSince: null, lastActiveAt: at });
}

type TurnEnd = { readonly reason: TurnEndReason; readonly turnId: TurnId; readonly at: number };

/**
 * What is cut says so. A tool that the agent left running goes on in the background, unless the agent itself is gone;
 * what ended with the turn, the adapter has ended. All questions of the session are withdrawn, also in `approvals`.
 */
function closeWithTurn(transcript: Transcript, item: Item, end: TurnEnd): void {
  if (item.kind === 'tool' && end.reason === 'crashed') closeTool(transcript, item, end.at);
  if (item.kind === 'permission') transcript.replace({ ...item, state: 'withdrawn', answeredBy: 'backend', answeredAt: end.at });
  if (item.turnId !== end.turnId) return;
  if (item.kind === 'text' || item.kind === 'thinking') endBlock(transcript, item.id, end.reason !== 'completed');
  else if (item.kind === 'plan') transcript.replace(item);
}

/** The agent's program is gone, and with it what ran in the background. */
export function closeTools(transcript: Transcript, at: number): void {
  for (const item of transcript.openItems()) if (item.kind === 'tool') closeTool(transcript, item, at);
}

function closeTool(transcript: Transcript, item: Kind<'tool'>, at: number): void {
  transcript.replace({ ...item, status: 'interrupted', endedAt: at });
}
