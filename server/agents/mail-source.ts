/**
 * What agents need of their mail; the messaging feature has it. Those that tell of an agent's doings are called inside the
 * transaction that takes them in, and are idempotent.
 */
import type { AgentEvent, TurnEndReason } from '../protocol/agent-event.ts';
import type { AgentId, MessageId, PromptId, SessionId } from '../protocol/ids.ts';
import type { CarriedMessage, DeliveredBy } from '../protocol/message.ts';

export type MailBatch = { readonly messageIds: readonly MessageId[]; readonly text: string };

export type MailSource = {
  /** Something waits for the agent and may be given to it now. */
  readonly isDue: (agentId: AgentId) => boolean;
  /** What that is, as a prompt; undefined when nothing is due. */
  readonly next: (agentId: AgentId) => MailBatch | undefined;
  /** That prompt carries those messages from now on: no other way gives them. */
  readonly claim: (agentId: AgentId, messageIds: readonly MessageId[], promptId: PromptId) => void;
  /** The prompt is not given after all: its messages wait again. */
  readonly unclaim: (promptId: PromptId) => void;
  /** At the start: prompts that were never kept, or will not be given any more, carry nothing that still waits. */
  readonly recoverClaims: (isWaiting: (promptId: PromptId) => boolean) => void;
  /** The messages of a prompt; empty for one that is about something else. */
  readonly carried: (agentId: AgentId, promptId: PromptId) => CarriedMessage[];
  readonly turnStarted: (agentId: AgentId, promptIds: readonly PromptId[], moment: MailMoment) => void;
  readonly given: (agentId: AgentId, messageIds: readonly MessageId[], moment: MailMoment & { readonly by: DeliveredBy }) => void;
  readonly seen: (agentId: AgentId, messageIds: readonly MessageId[], moment: MailMoment) => void;
  readonly turnEnded: (agentId: AgentId, reason: TurnEndReason, moment: MailMoment) => void;
  /** Nothing of the agent runs any more: what it was given and never showed to have waits again. */
  readonly runGone: (agentId: AgentId, at: number) => void;
  /** The agent wrote while no backend was there. */
  readonly takeQueued: (agentId: AgentId, queued: Extract<AgentEvent, { type: 'messageQueued' }>, at: number) => void;
};

export type MailMoment = { readonly sessionId: SessionId; readonly at: number };
