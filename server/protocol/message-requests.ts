/** What may be asked about messages: the verbs of `btmsg`. An agent asks for itself, a person for all. */
import * as z from 'zod/mini';
import { limits } from './errors.ts';
import { MessageId, Reference } from './ids.ts';
import { Channel, ChannelName, Contact, DeadLetter, Message } from './message.ts';
import { AgentProfile, Party, Tier } from './team.ts';

const nothing = z.object({});
const pageSize = z.number().check(z.int(), z.minimum(1), z.maximum(1000));
/** Checked in bytes by the feature, which names the limit; this bound only keeps out what is absurd. */
const text = z.string();
const attachments = z.optional(
  z
    .array(z.object({ name: z.string().check(z.minLength(1), z.maxLength(255)), base64: z.string() }))
    .check(z.maxLength(limits.attachmentsPerMessage, `at most ${limits.attachmentsPerMessage} attachments are possible`)),
);
const sent = z.object({
  message: Message,
  /** What the sender should know: that the recipient is away and until when the message waits, or that it is held. */
  note: z.nullable(z.string()),
});
/** A team by its name or id; without it, the only one there is. */
const team = z.optional(Reference);

export const messageRequests = {
  /**
   * `to`: an agent, `person`, or `#channel`. The same `messageId` again is the same message. A direct message expects a
   * reply unless told otherwise, one to a channel does not.
   */
  'message/send': {
    params: z.object({ to: Reference, text, team, expectsReply: z.optional(z.boolean()), messageId: z.optional(MessageId), attachments }),
    result: sent,
  },
  /** To whoever wrote it, in its thread; in a channel, to the channel. Expects no reply unless told so. */
  'message/reply': {
    params: z.object({
      message: Reference,
      text,
      expectsReply: z.optional(z.boolean()),
      messageId: z.optional(MessageId),
      attachments,
    }),
    result: sent,
  },
  /** Those that were not read, or the newest of all; oldest first. Listing them changes nothing. */
  'message/inbox': {
    params: z.object({ all: z.optional(z.boolean()), limit: z.optional(pageSize) }),
    result: z.object({ messages: z.array(Message), unread: z.number() }),
  },
  /** Whole; for its recipient it counts as seen from now on. */
  'message/read': { params: z.object({ message: Reference }), result: Message },
  'message/unread': { params: nothing, result: z.object({ unread: z.number(), owed: z.number() }) },
  /** The newest between the caller and `with`, oldest first; a person may name another agent as `of`. */
  'message/history': {
    params: z.object({ with: Reference, of: z.optional(Reference), limit: z.optional(pageSize), before: z.optional(MessageId) }),
    result: z.object({ messages: z.array(Message), hasEarlier: z.boolean() }),
  },
  /** All messages of one agent, or of a team: a person's, or a manager's of its own team. The newest, oldest first. */
  'message/feed': {
    params: z.object({ agent: z.optional(Reference), team, limit: z.optional(pageSize), before: z.optional(MessageId) }),
    result: z.object({ messages: z.array(Message), hasEarlier: z.boolean() }),
  },
  'message/contacts': { params: z.object({ of: z.optional(Reference) }), result: z.object({ contacts: z.array(Contact) }) },
  /** A person's, or a manager's within its team. */
  'message/allow': {
    params: z.object({ from: Reference, to: Reference, both: z.optional(z.boolean()) }),
    result: z.object({ allowed: z.array(z.object({ from: Party, to: Party })) }),
  },
  'message/whoami': {
    params: nothing,
    result: z.object({
      party: Party,
      role: z.string(),
      tier: Tier,
      team: z.nullable(z.string()),
      project: z.nullable(z.string()),
      unread: z.number(),
      owed: z.number(),
    }),
  },
  /** Everyone of the team, and how they are. */
  'message/status': {
    params: z.object({ team }),
    result: z.object({
      agents: z.array(
        z.object({
          party: Party,
          role: z.string(),
          tier: Tier,
          project: z.string(),
          status: z.enum(['active', 'sleeping', 'stopped']),
          activity: z.string(),
          lastHeartbeatAt: z.nullable(z.number()),
          unread: z.number(),
          owed: z.number(),
        }),
      ),
    }),
  },
  /** Who may write to whom, as lines between parties. */
  'message/graph': {
    params: z.object({ team }),
    result: z.object({
      nodes: z.array(z.object({ party: Party, role: z.string(), tier: Tier, status: z.enum(['active', 'sleeping', 'stopped', 'person']) })),
      links: z.array(z.object({ from: z.string(), to: z.string(), both: z.boolean() })),
    }),
  },
  /** Adds an agent under that id, or updates the one that has it. */
  'message/register': {
    params: z.object({
      id: z.string().check(z.minLength(1), z.maxLength(limits.nameChars)),
      name: z.string().check(z.minLength(1), z.maxLength(limits.nameChars)),
      role: z.string(),
      group: z.string(),
      tier: z.optional(z.number()),
      model: z.optional(z.string()),
      /** Absolute; the folder of a project. */
      cwd: z.optional(z.string()),
      provider: z.optional(z.string()),
    }),
    result: z.object({ profile: AgentProfile, isNew: z.boolean() }),
  },
  /** The calling agent is alive. */
  'message/heartbeat': { params: nothing, result: z.object({ at: z.number() }) },

  'channel/create': {
    params: z.object({ name: ChannelName, team, members: z.optional(z.array(Reference)) }),
    result: z.object({ channel: Channel, isNew: z.boolean() }),
  },
  'channel/list': { params: z.object({ team }), result: z.object({ channels: z.array(Channel) }) },
  'channel/history': {
    params: z.object({ channel: Reference, team, limit: z.optional(pageSize), before: z.optional(MessageId) }),
    result: z.object({ channel: Channel, messages: z.array(Message), hasEarlier: z.boolean() }),
  },
  'channel/add': { params: z.object({ channel: Reference, team, member: Reference }), result: Channel },

  /** Bytes of an attachment of a message that the caller sent or was sent. */
  'attachment/read': {
    params: z.object({ attachment: Reference }),
    result: z.object({ name: z.string(), sha256: z.string(), base64: z.string() }),
  },

  /** Those that nobody has settled, newest first; with `all`, the others too. */
  'deadLetter/list': { params: z.object({ all: z.optional(z.boolean()) }), result: z.object({ deadLetters: z.array(DeadLetter) }) },
  /** The message waits for its recipient again. */
  'deadLetter/redeliver': { params: z.object({ deadLetter: Reference }), result: DeadLetter },
  'deadLetter/discard': { params: z.object({ deadLetter: Reference }), result: DeadLetter },
} as const;
