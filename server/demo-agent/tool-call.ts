/** One tool call of the demo agent, from its start over the person's permission to its end. */
import {
  type AgentContext,
  methods,
  type PermissionOption,
  type RequestPermissionRequest,
  type ToolCallContent,
  type ToolCallStatus,
  type ToolKind,
} from '@agentclientprotocol/sdk';
import { newId } from '../base/uuid.ts';
import { Stopped, type Voice } from './voice.ts';

export type ToolStart = {
  readonly name: string;
  readonly title: string;
  readonly kind: ToolKind;
  readonly input: unknown;
  readonly path?: string;
  readonly content?: ToolCallContent[];
};

export type Permission = 'once' | 'always' | 'no';

const options: PermissionOption[] = [
  { optionId: 'once', name: 'Allow', kind: 'allow_once' },
  { optionId: 'always', name: 'Allow for this session', kind: 'allow_always' },
  { optionId: 'no', name: 'Deny', kind: 'reject_once' },
];

/** Tells the client and returns the call's id. */
export async function startTool(voice: Voice, start: ToolStart, status: ToolCallStatus): Promise<string> {
  const toolCallId: string = newId();
  await voice.update({
    sessionUpdate: 'tool_call',
    toolCallId,
    name: start.name,
    title: start.title,
    kind: start.kind,
    status,
    rawInput: start.input,
    ...(start.path && { locations: [{ path: start.path }] }),
    ...(start.content && { content: start.content }),
  });
  return toolCallId;
}

export async function endTool(voice: Voice, toolCallId: string, status: ToolCallStatus, text?: string): Promise<void> {
  const content = text === undefined ? {} : { content: [textContent(text)] };
  if (text !== undefined) voice.countTokens(text);
  await voice.update({ sessionUpdate: 'tool_call_update', toolCallId, status, ...content });
}

export type Question = { readonly sessionId: string; readonly toolCallId: string; readonly signal: AbortSignal };

/** Throws `Stopped` when the turn is stopped while the question is open. */
export async function askPermission(client: AgentContext, start: ToolStart, question: Question): Promise<Permission> {
  const { sessionId, toolCallId, signal } = question;
  const toolCall = {
    toolCallId,
    title: start.title,
    kind: start.kind,
    rawInput: start.input,
    ...(start.content && { content: start.content }),
  };
  const request: RequestPermissionRequest = { sessionId, toolCall, options };
  const answer = client.request(methods.client.session.requestPermission, request);
  const { outcome } = await Promise.race([answer, stopped(signal)]);
  if (outcome.outcome === 'cancelled') throw new Stopped('The question was cancelled.');
  return outcome.optionId === 'once' || outcome.optionId === 'always' ? outcome.optionId : 'no';
}

export function textContent(text: string): ToolCallContent {
  return { type: 'content', content: { type: 'text', text } };
}

function stopped(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(new Stopped('The person stopped the turn.'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
