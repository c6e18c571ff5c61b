/** Messages between agents and the person: btmsg. */
import * as z from 'zod/mini';
import { AttachmentId, ChannelId, DeadLetterId, MessageId, PartyId, TeamId } from './ids.ts';
import { Finding, Verdict } from './screening.ts';
import { Party } from './team.ts';

/** Of a message to one recipient. It moves forward only, but for `delivered` → `queued` when the program died over it. */
export const DeliveryState = z.enum([
  'held', // Waits for the person: the screening found something.
  'queued', // On disk; the recipient has not been given it.
  'delivered', // Given to the recipient's program, which has not yet shown that it has it.
  'seen', // The recipient has it.
  'answered', // The recipient replied.
  'dead', // Will not be delivered; it is among the dead letters.
]);
export type DeliveryState = z.infer<typeof DeliveryState>;

/** How an agent came to have it. */
export const DeliveredBy = z.enum([
  'turn', // As a turn of its own, when the agent was idle.
  'stop', // At the end of a turn, by the Stop hook.
  'context', // Beside the next prompt.
  'command', // It asked for it itself.
]);
export type DeliveredBy = z.infer<typeof DeliveredBy>;

export const DeliveryReport = z.object({
  to: Party,
  state: DeliveryState,
  by: z.nullable(DeliveredBy),
  queuedAt: z.number(),
  deliveredAt: z.nullable(z.number()),
  seenAt: z.nullable(z.number()),
  answeredAt: z.nullable(z.number()),
  deadAt: z.nullable(z.number()),
  /** When it gives up. */
  expiresAt: z.nullable(z.number()),
  /** Why it is held, dead or still waits; empty otherwise. */
  reason: z.string(),
});
export type DeliveryReport = z.infer<typeof DeliveryReport>;

export const Attachment = z.object({ id: AttachmentId, name: z.string(), bytes: z.number(), sha256: z.string() });
export type Attachment = z.infer<typeof Attachment>;

export const ChannelName = z
  .string()
  .check(z.regex(/^#?[a-z0-9][a-z0-9_-]{0,49}$/, 'lower-case letters, digits, "-" and "_", at most 50, are expected'));

export const ChannelRef = z.object({ id: ChannelId, name: z.string() });

export const Message = z.object({
  id: MessageId,
  from: Party,
  /** Null for a message to a channel. */
  to: z.nullable(Party),
  channel: z.nullable(ChannelRef),
  teamId: z.nullable(TeamId),
  /** The first message of its thread; its own id when it began one. */
  threadId: MessageId,
  replyTo: z.nullable(MessageId),
  text: z.string(),
  expectsReply: z.boolean(),
  /** How often it has gone back and forth without anything else happening. */
  hops: z.number(),
  /** The person's or a manager's own order, with a signature of the backend that fits. */
  isOrder: z.boolean(),
  attachments: z.array(Attachment),
  verdict: Verdict,
  findings: z.array(Finding),
  sentAt: z.number(),
  /** One for each recipient; a channel's message has one for each member but the sender. */
  deliveries: z.array(DeliveryReport),
});
export type Message = z.infer<typeof Message>;

export const Channel = z.object({
  id: ChannelId,
  name: z.string(),
  teamId: TeamId,
  createdBy: Party,
  createdAt: z.number(),
  members: z.array(Party),
});
export type Channel = z.infer<typeof Channel>;

export const DeadLetter = z.object({
  id: DeadLetterId,
  messageId: MessageId,
  from: Party,
  to: Party,
  content: z.string(),
  /** Why it could not be delivered, in a sentence. */
  error: z.string(),
  diedAt: z.number(),
  /** What the person did about it. */
  settlement: z.nullable(z.enum(['redelivered', 'discarded'])),
  settledAt: z.nullable(z.number()),
});
export type DeadLetter = z.infer<typeof DeadLetter>;

/** A line of the agent's own: whom it may write to, and how they are. */
export const Contact = z.object({
  party: Party,
  role: z.string(),
  project: z.string(),
  /** The agent's state in a word; `person` for the person. */
  presence: z.string(),
  mayWrite: z.boolean(),
});
export type Contact = z.infer<typeof Contact>;

/**
 * One message on its way to an agent. `isUncertain`: an earlier attempt ended without a word, so the program may have it
 * all the same; whoever gives it asks the program's own memory first, for `mark`, which stands in its text alone.
 */
export const CarriedMessage = z.object({
  id: MessageId,
  mark: z.string(),
  from: z.string(),
  expectsReply: z.boolean(),
  isUncertain: z.boolean(),
  attachments: z.array(Attachment),
});
export type CarriedMessage = z.infer<typeof CarriedMessage>;

/** What the sidecar keeps of the agent's mail, to answer hooks at once. `text`: in its envelope, as the agent reads it. */
export const MailItem = z.extend(CarriedMessage, { text: z.string() });
export type MailItem = z.infer<typeof MailItem>;

export const OwedReply = z.object({ id: MessageId, from: z.string(), excerpt: z.string(), sentAt: z.number() });
export type OwedReply = z.infer<typeof OwedReply>;

export const MailSnapshot = z.object({
  /** Not yet given to the agent, in the order in which they go. */
  unread: z.array(MailItem),
  owed: z.array(OwedReply),
});
export type MailSnapshot = z.infer<typeof MailSnapshot>;

export const partyIds = {
  person: PartyId.parse('person'),
  assistant: PartyId.parse('assistant'),
  system: PartyId.parse('system'),
} as const;

/** What a prompt that is mail begins with, for whoever has to tell it from a person's. */
export const mailOpening = 'You have mail.';
