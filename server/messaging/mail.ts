/** The face of the messages towards whoever runs agents. */
import type { TurnEndReason } from '../protocol/agent-event.ts';
import type { AgentId, MessageId, PromptId, SessionId } from '../protocol/ids.ts';
import type { MailSnapshot, OwedReply } from '../protocol/message.ts';
import type { Given, Seen } from './arrivals.ts';
import type { QueuedMessage } from './queued-sending.ts';

export type Mail = {
  /** What is due now, as the text of a prompt: at most 20 messages and 48 KiB, at least one; undefined when nothing is. */
  readonly next: (agentId: AgentId) => { readonly messageIds: MessageId[]; readonly text: string } | undefined;
  /** From now on that prompt carries them. Throws `conflict` when one of them does not wait any more. */
  readonly claim: (agentId: AgentId, messageIds: readonly MessageId[], promptId: PromptId) => void;
  /** The prompt never ran: what it carried waits again. */
  readonly unclaim: (promptId: PromptId) => void;
  /** At the start: what is carried by prompts that do not exist waits again. */
  readonly recoverClaims: (isKnown: (promptId: PromptId) => boolean) => void;
  /** What is due and what is owed, for the sidecar to keep. */
  readonly snapshot: (agentId: AgentId) => MailSnapshot;
  readonly owed: (agentId: AgentId) => OwedReply[];
  /** Also those that have arrived since. */
  readonly messagesOf: (promptId: PromptId) => MessageId[];
  /** These five are called inside the intake's transaction; `at` is when it happened. Again, they change nothing. */
  readonly turnStarted: (agentId: AgentId, promptIds: readonly PromptId[], sessionId: SessionId, at: number) => void;
  readonly given: (agentId: AgentId, messageIds: readonly MessageId[], given: Given) => void;
  readonly seen: (agentId: AgentId, messageIds: readonly MessageId[], seen: Seen) => void;
  readonly turnEnded: (agentId: AgentId, sessionId: SessionId, reason: TurnEndReason, at: number) => void;
  /** What was given and never shown to be taken waits again. */
  readonly runGone: (agentId: AgentId, at: number) => void;
  readonly takeQueued: (agentId: AgentId, queued: QueuedMessage) => void;
  readonly agentRemoved: (agentId: AgentId) => void;
  readonly attachment: (agentId: AgentId, attachmentId: string) => { readonly base64: string };
};
