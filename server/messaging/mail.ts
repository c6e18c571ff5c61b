/** The face of the messages towards whoever runs agents and speaks with their sidecars. */
import type { AgentEvent, TurnEndReason } from '../protocol/agent-event.ts';
import type { AgentId, MessageId, PromptId, SessionId } from '../protocol/ids.ts';
import type { CarriedMessage, DeliveredBy, MailSnapshot, OwedReply } from '../protocol/message.ts';

export type MailMoment = { readonly sessionId: SessionId; readonly at: number };

/**
 * Those that tell of an agent's doings are called inside the transaction that takes them in, with the time at which it
 * happened; told again, they change nothing.
 */
export type Mail = {
  /** Something waits for the agent and may be given to it now. */
  readonly isDue: (agentId: AgentId) => boolean;
  /** What that is, as the text of a prompt: at most 20 messages and 48 KiB, at least one; undefined when nothing is due. */
  readonly next: (agentId: AgentId) => { readonly messageIds: MessageId[]; readonly text: string } | undefined;
  /** From now on that prompt carries them. Throws `conflict` when one of them does not wait any more. */
  readonly claim: (agentId: AgentId, messageIds: readonly MessageId[], promptId: PromptId) => void;
  /** The prompt never ran: what it carried waits again. */
  readonly unclaim: (promptId: PromptId) => void;
  /** At the start: what is carried by prompts that do not wait to be given waits again itself. */
  readonly recoverClaims: (isWaiting: (promptId: PromptId) => boolean) => void;
  /** The messages of a prompt, also those that have arrived since. */
  readonly carried: (agentId: AgentId, promptId: PromptId) => CarriedMessage[];
  readonly turnStarted: (agentId: AgentId, promptIds: readonly PromptId[], moment: MailMoment) => void;
  readonly given: (agentId: AgentId, messageIds: readonly MessageId[], moment: MailMoment & { readonly by: DeliveredBy }) => void;
  readonly seen: (agentId: AgentId, messageIds: readonly MessageId[], moment: MailMoment) => void;
  readonly turnEnded: (agentId: AgentId, reason: TurnEndReason, moment: MailMoment) => void;
  /** What was given and never shown to be taken waits again. */
  readonly runGone: (agentId: AgentId, at: number) => void;
  readonly takeQueued: (agentId: AgentId, queued: Omit<Extract<AgentEvent, { type: 'messageQueued' }>, 'type'>, at: number) => void;
  /** What is due and what is owed, for the sidecar to keep. */
  readonly snapshot: (agentId: AgentId) => MailSnapshot;
  readonly owed: (agentId: AgentId) => OwedReply[];
  readonly attachment: (agentId: AgentId, attachmentId: string) => { readonly base64: string };
  /** Its mail dies with it; the senders are told. */
  readonly agentRemoved: (agentId: AgentId) => void;
};
