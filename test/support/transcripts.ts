/** Events of an agent, short to write, for tests. */
import { newId } from '../../server/base/uuid.ts';
import type { AgentEvent, PermissionRequest, TurnEndReason } from '../../server/protocol/agent-event.ts';
import type { NumberedEvent } from '../../server/protocol/handshake.ts';
import type { ApprovalId, ItemId, PromptId, SessionId, TurnId } from '../../server/protocol/ids.ts';

export const permissionRequest: PermissionRequest = {
  title: 'Run npm test',
  toolName: 'Bash',
  toolKind: 'execute',
  command: 'npm test',
  cwd: '/srv/shop',
  resolved: '/usr/bin/npm',
  content: [],
  reason: null,
  decisions: ['allowOnce', 'deny'],
};

export function turnStarted(turnId: TurnId, ...promptIds: PromptId[]): AgentEvent {
  return { type: 'turnStarted', turnId, promptIds };
}

export function turnEnded(turnId: TurnId, reason: TurnEndReason = 'completed'): AgentEvent {
  return { type: 'turnEnded', turnId, reason, failure: null };
}

export function text(itemId: ItemId, offset: number, part: string): AgentEvent {
  return { type: 'text', itemId, offset, text: part };
}

export function toolStarted(itemId: ItemId, title = 'npm test'): AgentEvent {
  return { type: 'toolStarted', itemId, parentItemId: null, name: 'Bash', title, kind: 'execute', input: { command: title }, content: [] };
}

export function permissionAsked(approvalId: ApprovalId): AgentEvent {
  return { type: 'permissionAsked', approvalId, toolItemId: null, request: permissionRequest };
}

/** Gives events their numbers, as a sidecar does. */
export class Numbered {
  readonly #sessionId: SessionId;
  #seq: number;

  constructor(sessionId: SessionId, afterSeq = 0) {
    this.#sessionId = sessionId;
    this.#seq = afterSeq;
  }

  of(...events: AgentEvent[]): NumberedEvent[] {
    return events.map((event) => {
      this.#seq += 1;
      return { seq: this.#seq, at: 1_000 + this.#seq, sessionId: this.#sessionId, event };
    });
  }
}

export const ids = {
  turn: () => newId<TurnId>(),
  item: () => newId<ItemId>(),
  prompt: () => newId<PromptId>(),
  approval: () => newId<ApprovalId>(),
};
