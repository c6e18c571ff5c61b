/** Programs that ask for permission, behind the adapters that speak to them: what they say, and what they are told. */
import { newId } from '../../server/base/uuid.ts';
import type { AgentEvent } from '../../server/protocol/agent-event.ts';
import type { PromptId } from '../../server/protocol/ids.ts';
import type { AgentAdapter } from '../../server/sidecar/adapter.ts';
import { ToolFields } from '../../server/sidecar/adapters/acp/acp-update.ts';
import { Conversation as AcpConversation } from '../../server/sidecar/adapters/acp/conversation.ts';
import { shownEvent } from '../../server/sidecar/adapters/acp/shown-event.ts';
import { Conversation as ClaudeConversation } from '../../server/sidecar/adapters/claude/conversation.ts';
import { isCanUseTool, parseLine } from '../../server/sidecar/adapters/claude/lines.ts';
import { Conversation as CodexConversation } from '../../server/sidecar/adapters/codex/conversation.ts';
import { notificationOf } from '../../server/sidecar/adapters/codex/messages.ts';

export type SpokenTo = {
  /** The question, as the program says it. */
  readonly ask: (says: string) => void;
  /** It says something else about the same thing. */
  readonly change: (says: string) => void;
  readonly takeBack: () => void;
  readonly answer: AgentAdapter['answer'];
  /** What it was told, last. */
  readonly told: () => unknown;
  /** What it is told to run, where the protocol says that with the answer. */
  readonly runs: () => unknown;
};

type Emit = (event: AgentEvent) => void;

export function claudeProgram(emit: Emit, projectDir: string): SpokenTo {
  const conversation = new ClaudeConversation({ newId, around: { projectDir, readText: () => null }, knownUsage: null });
  conversation.prompted(newId<PromptId>());
  let told: unknown;
  let count = 0;
  const say = (line: string) => {
    const parsed = parseLine(line);
    if (parsed.kind !== 'line' || parsed.line.type === 'control_response') throw new Error(`The line cannot be read: ${line}`);
    if (parsed.line.type !== 'control_request') return conversation.said(parsed.line).forEach(emit);
    const { request, request_id } = parsed.line;
    if (isCanUseTool(request)) conversation.asked(request_id, request).events.forEach(emit);
  };
  return {
    ask: (says) => say(`{"type":"control_request","request_id":"r${++count}","request":${says}}`),
    change: (says) => say(`{"type":"control_request","request_id":"r${++count}","request":${says}}`),
    takeBack: () => say(`{"type":"control_cancel_request","request_id":"r${count}"}`),
    answer: (approvalId, decision) => {
      const answer = conversation.permissionAnswered(approvalId, decision, null);
      if (answer) told = answer;
      return answer !== null;
    },
    told: () => told,
    runs: () => (told as { response?: { updatedInput?: unknown } } | undefined)?.response?.updatedInput, // As the adapter writes it.
  };
}

export function codexProgram(emit: Emit, projectDir: string): SpokenTo {
  const conversation = new CodexConversation({ newId, projectDir, knownUsage: null });
  conversation.prompted(newId<PromptId>());
  let told: unknown;
  const said = (method: string, params: object) => {
    const notification = notificationOf(method, { threadId: 't1', turnId: 'u1', ...params });
    if (notification) conversation.said(notification).forEach(emit);
  };
  const changes = (text: string) => [{ path: `${projectDir}/new.txt`, kind: { type: 'add' }, diff: text }];
  return {
    ask: (says) => {
      if (says.startsWith('{'))
        return conversation.asked(7, 'item/commandExecution/requestApproval', JSON.parse(says))?.events.forEach(emit);
      said('item/started', { item: { type: 'fileChange', id: 'call_2', changes: changes(says), status: 'inProgress' } });
      conversation
        .asked(7, 'item/fileChange/requestApproval', { threadId: 't1', turnId: 'u1', itemId: 'call_2', reason: null })
        ?.events.forEach(emit);
    },
    change: (says) => said('item/fileChange/patchUpdated', { itemId: 'call_2', changes: changes(says) }),
    takeBack: () => said('serverRequest/resolved', { requestId: 7 }),
    answer: (approvalId, decision) => {
      const answer = conversation.answered(approvalId, decision);
      if (answer) told = answer;
      return answer !== null;
    },
    told: () => told,
    runs: () => undefined,
  };
}

export function acpProgram(emit: Emit, projectDir: string): SpokenTo {
  const conversation = new AcpConversation((event) => emit(shownEvent(event, projectDir)));
  conversation.begin(newId<PromptId>());
  const options = [
    { optionId: 'y', name: 'Yes', kind: 'allow_once' },
    { optionId: 'n', name: 'No', kind: 'reject_once' },
  ] as const;
  const back = new AbortController();
  let told: unknown;
  return {
    ask: (says) => void conversation.ask(JSON.parse(says), options, back.signal).then((answer) => (told = answer)),
    change: (says) => conversation.update({ sessionUpdate: 'tool_call_update', ...ToolFields.parse(JSON.parse(says)) }),
    takeBack: () => back.abort(),
    answer: (approvalId, decision) => conversation.answer(approvalId, decision),
    told: () => told,
    runs: () => undefined,
  };
}
