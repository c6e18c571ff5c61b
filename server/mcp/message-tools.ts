/** The tools for mail between agents and with the person: btmsg. */
import * as z from 'zod/mini';
import { MessageId, Reference, shortId } from '../protocol/ids.ts';
import { ChannelName } from '../protocol/message.ts';
import { messageRequests } from '../protocol/message-requests.ts';
import { ask, type Call, type Tool, tool } from './tool.ts';
import { channelText, contactText, deliveryText, messageBeginning, messagesText, messageText, name, oneLine } from './written.ts';

/** While no backend is there, the sidecar keeps what is written and nobody has looked at it. */
const Queued = z.object({ queued: z.literal(true), messageId: MessageId });
const Sent = z.union([messageRequests['message/send'].result, Queued]);

/** The newest; what came before is seldom worth a model's time. */
const pageSize = 20;

const message = Reference.check(z.describe('Id of the message, or the last 8 characters of it.'));
const text = z.string().check(z.describe('What you write. Plain text.'));
const channel = Reference.check(z.describe('Name of the channel.'));

export const messageTools: readonly Tool[] = [
  tool({
    name: 'send_message',
    description:
      'Write to a teammate by name, to the person as "person", or to a channel as "#name". A direct message expects a reply unless expects_reply is false.',
    takes: {
      to: Reference.check(z.describe('Name of an agent, "person", or "#channel".')),
      text,
      expects_reply: z.optional(z.boolean().check(z.describe('Whether the recipient owes you an answer.'))),
    },
    run: (call, { to, text, expects_reply: expectsReply }) => send(call, 'message/send', { to, text, expectsReply }),
  }),
  tool({
    name: 'reply_message',
    description: 'Answer a message. This is how you settle a reply that you owe.',
    takes: { id: message, text },
    run: (call, { id, text }) => send(call, 'message/reply', { message: id, text }),
  }),
  tool({
    name: 'inbox',
    description: 'How your messages begin that you have not read yet, oldest first; with all, the newest of all.',
    takes: { all: z.optional(z.boolean()) },
    isReading: true,
    run: async (call, { all }) => {
      const { messages, unread } = await ask(call, 'message/inbox', { all, limit: pageSize });
      return [`${unread} not read.`, ...messages.map(messageBeginning)].join('\n\n');
    },
  }),
  tool({
    name: 'read_message',
    description: 'One message whole; it counts as read from now on.',
    takes: { id: message },
    run: async (call, { id }) => {
      const read = await ask(call, 'message/read', { message: id });
      return `${messageText(read)}\n${deliveryText(read)}`;
    },
  }),
  tool({
    name: 'history',
    description: 'The newest messages between you and someone, oldest first.',
    takes: { with: Reference.check(z.describe('Name of an agent, or "person".')) },
    isReading: true,
    run: async (call, { with: other }) => {
      const { messages } = await ask(call, 'message/history', { with: other, limit: pageSize });
      return messagesText(messages);
    },
  }),
  tool({
    name: 'contacts',
    description: 'Whom you may write to, and how they are.',
    takes: {},
    isReading: true,
    run: async (call) => {
      const { contacts } = await ask(call, 'message/contacts', {});
      return contacts.map(contactText).join('\n') || 'Nobody.';
    },
  }),
  tool({
    name: 'team_status',
    description: 'Everyone of your team: role, what they are doing, and what they have not read or answered.',
    takes: {},
    isReading: true,
    run: teamStatus,
  }),
  tool({
    name: 'whoami',
    description: 'Your own name, role and team, and how much you have not read or answered.',
    takes: {},
    isReading: true,
    run: async (call) => {
      const { party, role, team, project, unread, owed } = await ask(call, 'message/whoami', {});
      const place = [team === null ? '' : `team ${name(team)}`, project === null ? '' : `project ${name(project)}`].filter(
        (part) => part !== '',
      );
      return `You are ${[`${name(party.name)} (${role})`, ...place].join(', ')}. Not read: ${unread}. Replies owed: ${owed}.`;
    },
  }),
  tool({
    name: 'list_channels',
    description: 'The channels of your team and who is in them.',
    takes: {},
    isReading: true,
    run: async (call) => {
      const { channels } = await ask(call, 'channel/list', {});
      return channels.map(channelText).join('\n') || 'No channels.';
    },
  }),
  tool({
    name: 'channel_history',
    description: 'The newest messages of a channel, oldest first.',
    takes: { channel },
    isReading: true,
    run: async (call, given) => {
      const { messages } = await ask(call, 'channel/history', { ...given, limit: pageSize });
      return messagesText(messages);
    },
  }),
  tool({
    name: 'create_channel',
    description: 'Make a channel of your team; if there is one of that name, you get that one.',
    takes: { name: ChannelName, members: z.optional(z.array(Reference).check(z.describe('Names of agents to put into it.'))) },
    run: async (call, given) => {
      const { channel, isNew } = await ask(call, 'channel/create', given);
      return `${isNew ? 'Made' : 'There is already'} ${channelText(channel)}`;
    },
  }),
];

async function send(call: Call, method: 'message/send' | 'message/reply', params: Record<string, unknown>): Promise<string> {
  const sent = Sent.parse(await call(method, params));
  if ('queued' in sent)
    return `Kept as ${shortId(sent.messageId)}: it goes out when the backend is back, and whether it can be delivered is not known yet.`;
  const note = sent.note === null ? '' : ` ${oneLine(sent.note)}`;
  return `Sent as ${shortId(sent.message.id)}. ${deliveryText(sent.message)}.${note}`;
}

async function teamStatus(call: Call): Promise<string> {
  const { agents } = await ask(call, 'message/status', {});
  const lines = agents.map(({ party, role, project, status, activity, unread, owed }) => {
    const open = [...(unread > 0 ? [`${unread} not read`] : []), ...(owed > 0 ? [`owes ${owed}`] : [])];
    return [`${name(party.name)} (${role}, ${name(project)}): ${status}`, oneLine(activity), ...open].join(', ');
  });
  return lines.join('\n') || 'Nobody.';
}
